/** Records with a vector function, and how far it may lie from the record, in units of the last place. */
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'

/** By name: units in f64 and in f32. Both sides err in f64; in f32 the record's value is rounded once. */
const units: Readonly<Record<string, readonly [number, number]>> = {
  exp: [2, 1.5],
  log: [2, 1.5],
  tanh: [4, 2],
  sigmoid: [2, 2.5],
  sechSquared: [5, 3],
  softplus: [3, 2],
  expm1: [3, 2],
  log1p: [2, 1.5],
  exp2: [2, 1.5],
  log2: [2, 2],
  log10: [3, 2],
  logSigmoid: [3, 2],
  logaddexp: [3, 2],
  pow: [2, 1],
  sin: [2, 1.5],
  cos: [2, 1.5],
  tan: [3, 1.5],
  asin: [2, 1.5],
  acos: [2, 1.5],
  atan: [3, 1],
  atan2: [3, 1],
  sinh: [3, 1.5],
  cosh: [3, 1.5],
  asinh: [3, 1],
  acosh: [3, 1],
  atanh: [3, 1],
  erf: [3, 1.5],
  erfc: [8, 1.5],
  normalCdf: [8, 1.5],
  normalPdf: [5, 1.5],
  gelu: [8, 1.5],
  geluTanh: [4, 1.5],
  silu: [3, 3],
  mish: [6, 4],
  elu: [3, 2],
  selu: [3, 2.5],
  softsign: [1, 2],
  cbrt: [2, 1],
  hypot: [1, 3],
  direction: [2, 3],
  asinSlope: [1, 2.5],
  asinhSlope: [3, 3.5],
  acoshSlope: [1, 3.5],
  atanSlope: [1, 2.5],
  atanhSlope: [1, 3],
}

export interface Case {
  readonly name: string
  readonly op: Op
  readonly args: unknown
  readonly units: { readonly f64: number; readonly f32: number }
}

export const cases: readonly Case[] = Object.entries(units).map(([name, [f64, f32]]) => {
  const op = Object.entries(table).find(([key]) => key === name)?.[1] as Op
  return { name, op, args: name === 'elu' ? { alpha: 1.5 } : undefined, units: { f64, f32 } }
})

const large = [
  710.5,
  745.2,
  746,
  1000,
  1023,
  1074,
  1076,
  88.5,
  89,
  103.5,
  104,
  127,
  149,
  1e5,
  2 ** 20,
  1e22,
  1e30,
  1e300,
]
const small = [2 ** -1022, 2 ** -1074, 1e-310, 1e-300, 2 ** -126, 2 ** -149, 1e-20, 1e-10]
const middle = [0, 1, 0.5, 2, 3, 4, 10, 38, 41, 1 / 3, Math.PI, Math.PI / 2, 1 - 2 ** -53, 1 + 2 ** -52, 2 ** 53 + 2]
// Where tables end, and half way between two of their places
const tables = [1 / 256, 511 / 256, 6 - 1 / 256, 6, 8.5 - 1 / 256, 8.5, 8.5 + 2 ** -49, 8.6, 9.3]
const ends = [Number.MAX_VALUE, Math.fround(3.4e38), Number.POSITIVE_INFINITY, Number.NaN]

/** Where functions begin, end, overflow and round, with both signs. */
export const extremes: readonly number[] = [...middle, ...tables, ...small, ...large, ...ends].flatMap((x) => [x, -x])
