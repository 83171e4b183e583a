/** What the kernels need to know of a float type: its size, its lanes in a vector, its instructions. */
import type { LaneMemoryName, MemoryName, PlainName } from '../opcodes.ts'
import type { Routine, Variable } from './routine.ts'

export type FloatType = 'f64' | 'f32'

export interface Lanes {
  readonly type: FloatType
  /** Bytes of an element, and their log2. */
  readonly bytes: 4 | 8
  readonly shift: 2 | 3
  /** Elements of a vector of 16 bytes. */
  readonly count: 4 | 2
  readonly splat: MemoryName
  readonly add: PlainName
  readonly mul: PlainName
  /** One element as a number, and as bits. */
  readonly read: MemoryName
  readonly write: MemoryName
  readonly plus: PlainName
  readonly load: MemoryName
  readonly store: MemoryName
  readonly loadLane: LaneMemoryName
}

const f32: Lanes = {
  type: 'f32',
  bytes: 4,
  shift: 2,
  count: 4,
  splat: 'v128.load32_splat',
  add: 'f32x4.add',
  mul: 'f32x4.mul',
  read: 'f32.load',
  write: 'f32.store',
  plus: 'f32.add',
  load: 'i32.load',
  store: 'i32.store',
  loadLane: 'v128.load32_lane',
}

const f64: Lanes = {
  type: 'f64',
  bytes: 8,
  shift: 3,
  count: 2,
  splat: 'v128.load64_splat',
  add: 'f64x2.add',
  mul: 'f64x2.mul',
  read: 'f64.load',
  write: 'f64.store',
  plus: 'f64.add',
  load: 'i64.load',
  store: 'i64.store',
  loadLane: 'v128.load64_lane',
}

export function lanesOf(type: FloatType): Lanes {
  return type === 'f32' ? f32 : f64
}

/**
 * sum += a·b. Every kernel adds by this one rule: which of them computes an element does not show in its bits. Relaxed
 * fused multiply-add was no faster where it was measured, and gives other bits than hosts without it.
 */
export function multiplyAdd(r: Routine<string>, lanes: Lanes, sum: Variable, a: Variable, b: Variable): void {
  r.push(sum, a, b)
  r.code.op(lanes.mul, lanes.add)
  r.code.set(sum.local)
}
