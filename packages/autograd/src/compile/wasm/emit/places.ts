/** Addresses as running pointers: accesses that move alike share one. */
import { bytesOf } from '../../program/plan.ts'
import type { Address, Loop, Term } from '../../program/program.ts'

/**
 * A pointer of a loop: it begins at `parent` (the pointer of the loops around, or 0) plus `bias`, and moves by `stride`
 * bytes an iteration. The bias keeps pointers that run backwards from falling below 0.
 */
export interface Pointer {
  readonly loop: Loop
  readonly stride: number
  readonly parent: Pointer | null
  readonly bias: number
}

/** The byte pointer + delta + scale·index of a buffer, where delta may be negative. */
export interface Place {
  readonly pointer: Pointer | null
  readonly delta: number
  readonly index: Term | null
  readonly scale: number
}

type Children = Map<Loop, Map<number, Pointer>>

export class Places {
  private readonly depthOfLoop: (loop: Loop) => number
  private readonly children: Map<Pointer | null, Children> = new Map()
  private readonly known: Map<Address, Place> = new Map()
  private readonly pointers: Map<Loop, Pointer[]> = new Map()

  constructor(depthOfLoop: (loop: Loop) => number) {
    this.depthOfLoop = depthOfLoop
  }

  /** The pointers that a loop moves. Complete when all addresses have been placed once. */
  of(loop: Loop): readonly Pointer[] {
    return this.pointers.get(loop) ?? []
  }

  /** @param bytes From one element to the next. */
  place(address: Address, bytes: number = bytesOf[address.buffer.type]): Place {
    const known = this.known.get(address)
    if (known !== undefined) return known
    const strides = new Map<Loop, number>()
    for (const { loop, stride } of address.terms) strides.set(loop, (strides.get(loop) ?? 0) + stride * bytes)
    const moving = [...strides].filter(([, stride]) => stride !== 0)
    moving.sort(([a], [b]) => this.depthOfLoop(a) - this.depthOfLoop(b))
    let pointer: Pointer | null = null
    let bias = 0
    for (const [loop, stride] of moving) {
      pointer = this.pointer(pointer, loop, stride)
      bias += pointer.bias
    }
    const place = { pointer, delta: address.base * bytes - bias, index: address.index, scale: address.scale * bytes }
    this.known.set(address, place)
    return place
  }

  private pointer(parent: Pointer | null, loop: Loop, stride: number): Pointer {
    const loops = entry(this.children, parent, (): Children => new Map())
    const strides = entry(loops, loop, () => new Map<number, Pointer>())
    return entry(strides, stride, () => {
      const made = { loop, stride, parent, bias: stride < 0 ? -stride * (loop.count - 1) : 0 }
      entry(this.pointers, loop, () => []).push(made)
      return made
    })
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
