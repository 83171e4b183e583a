/** Counted loops: running pointers, the test at the end, what is carried. */

import type { WasmType } from '../../../wasm/code.ts'
import type { Carry, Loop } from '../../program/program.ts'
import type { Frame, Share } from './frame.ts'
import { type Nest, nextOf } from './nest.ts'
import type { Pointer } from './places.ts'

/** A loop whose iterations run one after the other (in all lanes, where a loop around it runs in lanes). */
export function emitLoop(f: Frame, nest: Nest, emitBody: () => void): void {
  const share = shareOf(f, nest)
  startCarries(f, nest.carries)
  startPointers(f, nest.loop, share?.first)
  pass(f, nest, { from: 0, times: nest.loop.count, advance: 1, end: share?.end }, () => {
    emitBody()
    nextCarries(f, nest.carries)
    f.releaseBody(nest.body)
  })
  endPointers(f, nest.loop)
}

/** A part of the iterations: `times` steps of `advance` iterations, from the iteration `from`. */
export interface Part {
  readonly from: number
  readonly times: number
  readonly advance: number
  /** The local of the iteration after the last one, where only that is known when the program runs. */
  readonly end?: number | undefined
}

/** The part of the loop that the function is to run; null where it runs all of it. */
export function shareOf(f: Frame, nest: Nest): Share | null {
  return f.share?.step === nest ? f.share : null
}

/** @param first The local of the iteration to begin with. */
export function startPointers(f: Frame, loop: Loop, first?: number): void {
  const { code } = f
  for (const pointer of f.context.places.of(loop)) {
    const local = f.take('i32')
    if (pointer.parent === null) code.i32(pointer.bias)
    else {
      code.get(pointerOf(f, pointer.parent))
      if (pointer.bias !== 0) code.i32(pointer.bias).op('i32.add')
    }
    if (first !== undefined) code.get(first).i32(pointer.stride).op('i32.mul', 'i32.add')
    code.set(local)
    f.pointers.set(pointer, local)
  }
  const counter = f.take('i32')
  if (first === undefined) code.i32(0)
  else code.get(first)
  code.set(counter)
  f.counters.set(loop, counter)
}

export function endPointers(f: Frame, loop: Loop): void {
  for (const pointer of f.context.places.of(loop)) {
    f.give(pointerOf(f, pointer))
    f.pointers.delete(pointer)
  }
  const counter = f.counters.get(loop)
  if (counter !== undefined) f.give(counter)
  f.counters.delete(loop)
}

function pointerOf(f: Frame, pointer: Pointer): number {
  const local = f.pointers.get(pointer)
  if (local === undefined) throw new Error('an address runs along a loop that is not around it')
  return local
}

/** Runs a part of the iterations; pointers and counter go on from where the part before left them. */
export function pass(f: Frame, nest: Nest, { from, times, advance, end }: Part, body: () => void): void {
  const { code } = f
  const { loop } = nest
  const step = (local: number, by: number): void => {
    code.get(local).i32(by).op('i32.add').set(local)
  }
  const pointers = f.context.places.of(loop)
  const counter = f.counters.get(loop) as number
  // A pointer that begins at a known place can end the loop; then the counter is left to the programs that read it.
  const known = f.context.uses.counts(loop) ? undefined : pointers.find(({ parent }) => parent === null)
  const turn = (): void => {
    body()
    for (const pointer of pointers) step(pointerOf(f, pointer), pointer.stride * advance)
    if (known === undefined) step(counter, advance)
  }
  const last = from + times * advance
  let stop: number | undefined
  if (end !== undefined && known !== undefined) {
    stop = f.take('i32')
    code.get(end).i32(known.stride).op('i32.mul').i32(known.bias).op('i32.add').set(stop)
  }
  if (times === 1) {
    turn()
    return
  }
  code.loop(() => {
    turn()
    if (known === undefined) {
      code.get(counter)
      if (end === undefined) code.i32(last)
      else code.get(end)
    } else {
      code.get(pointerOf(f, known))
      if (stop === undefined) code.i32(known.bias + known.stride * last)
      else code.get(stop)
    }
    code.op('i32.ne').brIf(0)
  })
  if (stop !== undefined) f.give(stop)
}

/** Fills the locals of the carries with the initial values. */
function startCarries(f: Frame, carries: readonly Carry[]): void {
  const copies = f.vector ? f.mode.unroll : 1
  for (const carry of carries) {
    const type: WasmType = f.vector ? 'v128' : carry.type
    const locals: number[] = []
    for (let copy = 0; copy < copies; copy++) {
      f.push(carry.init, copy)
      const local = f.take(type)
      f.code.set(local)
      locals.push(local)
    }
    f.hold(carry, { shape: f.vector ? 'lanes' : 'one', type, locals, mask: false })
  }
}

/** All next values are read before the first is written: one carry may hand on another. */
export function nextCarries(f: Frame, carries: readonly Carry[]): void {
  const moving = carries.filter((carry) => f.context.order.resolve(nextOf(carry)) !== carry)
  const locals = moving.map((carry) => f.held(carry).locals)
  moving.forEach((carry, i) => {
    locals[i]?.forEach((_, copy) => {
      f.push(nextOf(carry), copy)
    })
  })
  for (const local of locals.flat().reverse()) f.code.set(local)
}
