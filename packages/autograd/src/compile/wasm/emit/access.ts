/** Loads, stores and accumulations, by how the address moves along the lanes. */
import { bytesOf } from '../../program/plan.ts'
import type { Accumulate, Address, Load, Store, Term } from '../../program/program.ts'
import type { Frame } from './frame.ts'
import { strideAlong } from './nest.ts'
import type { FloatType } from './numbers.ts'

/** How an address moves from lane to lane. */
interface Motion {
  /** Bytes from one lane to the next, the index left aside. */
  readonly bytes: number
  readonly indexed: boolean
  /** One lane after the other in memory. */
  readonly dense: boolean
  /** All lanes meet in one place. */
  readonly still: boolean
}

function motionOf(f: Frame, address: Address): Motion {
  const { loop, lanes } = f.mode
  const size = bytesOf[address.buffer.type]
  const bytes = lanes === 1 || loop === null ? 0 : isPrivate(address) ? size : strideAlong(address, loop) * size
  const indexed = address.index !== null && f.varies(address.index)
  return { bytes, indexed, dense: bytes === size && !indexed, still: bytes === 0 && !indexed }
}

function isPrivate(address: Address): boolean {
  return address.buffer.kind === 'private'
}

/** Pushes the moving part of an address in bytes, and returns what is left for the instruction's own offset. */
export function pushAddress(f: Frame, address: Address, copy: number, lane: number, bytes?: number): number {
  const { code, context } = f
  const size = bytes ?? (isPrivate(address) ? context.layout.privateStride : bytesOf[address.buffer.type])
  const { pointer, delta, index, scale } = context.places.place(address, size)
  const start = bytes === undefined ? offsetOf(f, address) : 0
  const ahead = (copy * f.mode.lanes + lane) * motionOf(f, address).bytes
  const local = pointer === null ? undefined : f.pointers.get(pointer)
  if (pointer !== null && local === undefined) throw new Error('an address runs along a loop that is not around it')
  if (local !== undefined) code.get(local)
  if (index === null) {
    if (local === undefined) code.i32(0)
    if (start + delta + ahead >= 0) return start + delta + ahead
    code.i32(delta + ahead).op('i32.add')
    return start
  }
  if (f.varies(index)) f.pushLane(index, copy, lane)
  else f.pushOne(index)
  const power = Math.log2(scale)
  if (scale > 1 && Number.isInteger(power)) code.i32(power).op('i32.shl')
  else if (scale !== 1) code.i32(scale).op('i32.mul')
  if (local !== undefined) code.op('i32.add')
  // An index may be negative where the rest is positive: only their sum is a place for sure.
  if (delta + ahead !== 0) code.i32(delta + ahead).op('i32.add')
  return start
}

function offsetOf(f: Frame, { buffer }: Address): number {
  const offset = f.context.layout.offsets.get(buffer)
  if (offset === undefined) throw new Error(`the buffer ${buffer.name} is not part of the program`)
  return offset
}

export function emitLoad(f: Frame, step: Load): void {
  const { address, type } = step
  const { code } = f
  const motion = motionOf(f, address)
  const { dense, still } = motion
  if (type === 'i32') {
    f.defineWhole(step, !still, (copy, lane) => {
      const offset = pushAddress(f, address, copy, lane)
      code.mem('i32.load', offset)
    })
    return
  }
  const wide = type === 'f64'
  f.define(step, !still, (copy) => {
    const offset = pushAddress(f, address, copy, 0)
    if (!f.vector) code.mem(`${type}.load`, offset)
    else if (still) code.mem(wide ? 'v128.load64_splat' : 'v128.load32_splat', offset)
    else if (dense) code.mem(isHalf(f, type) ? 'v128.load64_zero' : 'v128.load', offset)
    else {
      code.mem(wide ? 'v128.load64_zero' : 'v128.load32_zero', offset)
      gather(f, address, type, copy)
    }
  })
}

/** Loads the lanes behind the first into the vector on the stack. */
function gather(f: Frame, address: Address, type: FloatType, copy: number): void {
  const { code } = f
  const vector = f.take('v128')
  for (let lane = 1; lane < f.mode.lanes; lane++) {
    code.set(vector)
    const offset = pushAddress(f, address, copy, lane)
    code.get(vector).laneMem(type === 'f64' ? 'v128.load64_lane' : 'v128.load32_lane', lane, offset)
  }
  f.give(vector)
}

/** Two lanes of float32 beside two of float64: the low half of a vector. */
function isHalf(f: Frame, type: FloatType): boolean {
  return type === 'f32' && f.mode.lanes === 2
}

export function emitStore(f: Frame, { address, value }: Store): void {
  const { code } = f
  const { type } = value
  const motion = motionOf(f, address)
  const { lanes, unroll } = f.mode
  if (!f.vector || motion.still) {
    // The last iteration wins.
    const offset = pushAddress(f, address, 0, 0)
    f.pushLane(value, unroll - 1, lanes - 1)
    code.mem(`${type}.store`, offset)
    return
  }
  for (let copy = 0; copy < unroll; copy++) {
    if (motion.dense && type !== 'i32') {
      const offset = pushAddress(f, address, copy, 0)
      f.push(value, copy)
      if (isHalf(f, type)) code.laneMem('v128.store64_lane', 0, offset)
      else code.mem('v128.store', offset)
      continue
    }
    for (let lane = 0; lane < lanes; lane++) storeLane(f, address, value, copy, lane)
  }
}

function storeLane(f: Frame, address: Address, value: Term, copy: number, lane: number): void {
  const { type } = value
  const offset = pushAddress(f, address, copy, lane)
  if (type === 'i32') {
    f.pushLane(value, copy, lane)
    f.code.mem('i32.store', offset)
    return
  }
  f.push(value, copy)
  f.code.laneMem(type === 'f64' ? 'v128.store64_lane' : 'v128.store32_lane', lane, offset)
}

export function emitAccumulate(f: Frame, { address, value }: Accumulate): void {
  const { code } = f
  const type = value.type
  if (type === 'i32') throw new Error('accumulate adds floats: convert the value')
  const motion = motionOf(f, address)
  const { lanes, unroll } = f.mode
  if (!f.vector) addOne(f, address, type, 0, 0, () => f.pushOne(value))
  else if (motion.still) {
    addOne(f, address, type, 0, 0, () => {
      pushSum(f, value)
      joinLanes(f, type, 'add')
    })
  } else if (motion.dense) {
    for (let copy = 0; copy < unroll; copy++) {
      const at = f.take('i32')
      const offset = pushAddress(f, address, copy, 0)
      code.tee(at).get(at)
      const half = isHalf(f, type)
      f.numbers(type).apply(
        'add',
        () => code.mem(half ? 'v128.load64_zero' : 'v128.load', offset),
        () => f.push(value, copy),
      )
      if (half) code.laneMem('v128.store64_lane', 0, offset)
      else code.mem('v128.store', offset)
      f.give(at)
    }
  } else {
    // One lane after the other, so that lanes that meet in one place all count.
    for (let copy = 0; copy < unroll; copy++) {
      for (let lane = 0; lane < lanes; lane++) {
        addOne(f, address, type, copy, lane, () => f.pushLane(value, copy, lane))
      }
    }
  }
}

function addOne(f: Frame, address: Address, type: FloatType, copy: number, lane: number, push: () => void): void {
  const { code } = f
  const at = f.take('i32')
  const offset = pushAddress(f, address, copy, lane)
  code.tee(at).get(at).mem(`${type}.load`, offset)
  push()
  code.op(`${type}.add`).mem(`${type}.store`, offset)
  f.give(at)
}

/** The vectors of all copies as one. */
export function pushSum(f: Frame, value: Term): void {
  f.push(value, 0)
  for (let copy = 1; copy < f.mode.unroll; copy++) {
    f.push(value, copy)
    f.numbers(value.type as FloatType).join('add')
  }
}

/** Joins the lanes of the vector on the stack, the first with the second, both with the third, … */
export function joinLanes(f: Frame, type: FloatType, join: 'add' | 'max' | 'min'): void {
  const vector = f.take('v128')
  f.code.tee(vector)
  f.extract(type, 0)
  for (let lane = 1; lane < f.mode.lanes; lane++) {
    f.code.get(vector)
    f.extract(type, lane)
    f.code.op(`${type}.${join}`)
  }
  f.give(vector)
}
