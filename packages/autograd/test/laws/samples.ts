/**
 * What every operation is tested on. Elementwise records say it themselves (their `smooth` field); the others need
 * shapes and arguments, which stand here. The table is total: an operation without an entry is a type error.
 */
import type { NestedArray } from '../../src/data.ts'
import { NN, NT, TN } from '../../src/op.ts'
import type { table } from '../../src/ops/table.ts'
import type { Shape } from '../../src/shape.ts'

export interface Input {
  readonly shape: Shape
  /** Default: from −2 to 2. */
  readonly domain?: readonly [number, number]
  /** No two elements closer than 0.05, so that an order has no ties. */
  readonly distinct?: true
  /** 4 is added on the diagonal of the last two axes: far from singular, positive definite if symmetric. */
  readonly dominant?: true
}

/** Indices and conditions: inputs without gradient. */
export interface Held {
  readonly held: NestedArray
}

export interface Sample {
  readonly inputs: readonly (Input | Held)[]
  readonly args?: unknown
}

const at = (...shape: number[]): Input => ({ shape })
const ranked = (...shape: number[]): Input => ({ shape, distinct: true })

/** A reduction over everything, over one axis, over two, with the axes kept, of a scalar. */
function reductions(input: (...shape: number[]) => Input): Sample[] {
  return [
    { inputs: [input(2, 3)], args: { axes: [0, 1], keepDims: false } },
    { inputs: [input(2, 3)], args: { axes: [1], keepDims: false } },
    { inputs: [input(2, 3, 2)], args: { axes: [0, 2], keepDims: true } },
    { inputs: [input()], args: { axes: [], keepDims: false } },
  ]
}

const dominant = (...shape: number[]): Input => ({ shape, domain: [-1, 1], dominant: true })
const matrices: readonly Sample[] = [{ inputs: [dominant(3, 3)] }, { inputs: [dominant(2, 2, 2)] }]

const blocks: readonly Sample[] = [
  { inputs: [at(4)], args: { axes: [0] } },
  { inputs: [at(2, 3)], args: { axes: [0] } },
  { inputs: [at(2, 2, 2)], args: { axes: [1, 2] } },
]

const pairs: readonly Sample[] = [{ inputs: [at(2, 3), { shape: [3], domain: [2.5, 4] }] }]

/** Windows of 3 × 2 over 5 × 4, the rows 2 apart, the columns spread by 2; all sizes differ from their neighbours. */
const windows = {
  input: [5, 4],
  kernel: [3, 2],
  output: [2, 4],
  stride: [2, 1],
  padding: [0, 1],
  dilation: [1, 2],
}

/** In two groups. */
function convolutions(a: Input, b: Input): Sample[] {
  return [{ inputs: [a, b], args: { ...windows, groups: 2 } }]
}

const rows: Held = {
  held: [
    [0, 2, 0],
    [1, 1, 0],
  ],
}
const places: Held = { held: [2, 0, 2, 1] }

export const samples: { readonly [Name in keyof typeof table]: 'smooth' | readonly Sample[] } = {
  abs: 'smooth',
  add: 'smooth',
  cbrt: 'smooth',
  div: 'smooth',
  divNoNan: 'smooth',
  floorDiv: 'smooth',
  hypot: 'smooth',
  mod: 'smooth',
  mul: 'smooth',
  mulNoNan: 'smooth',
  neg: 'smooth',
  pow: 'smooth',
  reciprocal: 'smooth',
  rsqrt: 'smooth',
  sqrt: 'smooth',
  square: 'smooth',
  sub: 'smooth',
  exp: 'smooth',
  exp2: 'smooth',
  expm1: 'smooth',
  gap: 'smooth',
  log: 'smooth',
  log10: 'smooth',
  log1p: 'smooth',
  log2: 'smooth',
  logaddexp: 'smooth',
  acos: 'smooth',
  acosh: 'smooth',
  acoshSlope: 'smooth',
  asin: 'smooth',
  asinSlope: 'smooth',
  asinh: 'smooth',
  asinhSlope: 'smooth',
  atan: 'smooth',
  atan2: 'smooth',
  atanSlope: 'smooth',
  atanh: 'smooth',
  atanhSlope: 'smooth',
  cos: 'smooth',
  cosh: 'smooth',
  direction: 'smooth',
  inversePower: 'smooth',
  sechSquared: 'smooth',
  sin: 'smooth',
  sinh: 'smooth',
  tan: 'smooth',
  tanh: 'smooth',
  erf: 'smooth',
  erfc: 'smooth',
  lgamma: 'smooth',
  normalCdf: 'smooth',
  normalPdf: 'smooth',
  polygamma: 'smooth',
  clamp: 'smooth',
  elu: 'smooth',
  gelu: 'smooth',
  geluTanh: 'smooth',
  hardSigmoid: 'smooth',
  hardSwish: 'smooth',
  inside: 'smooth',
  leakyRelu: 'smooth',
  logSigmoid: 'smooth',
  mish: 'smooth',
  relu: 'smooth',
  relu6: 'smooth',
  selu: 'smooth',
  sigmoid: 'smooth',
  silu: 'smooth',
  softplus: 'smooth',
  softsign: 'smooth',
  step: 'smooth',
  ceil: 'smooth',
  floor: 'smooth',
  round: 'smooth',
  sign: 'smooth',
  trunc: 'smooth',
  maximum: 'smooth',
  minimum: 'smooth',
  eq: pairs,
  ne: pairs,
  gt: pairs,
  ge: pairs,
  lt: pairs,
  le: pairs,
  preference: pairs,
  where: [
    {
      inputs: [
        {
          held: [
            [1, 0, 1],
            [0, 0, 1],
          ],
        },
        at(2, 3),
        at(2, 3),
      ],
    },
    { inputs: [{ held: [1, 0, 1] }, at(2, 1), at(3)] },
  ],
  sum: reductions(at),
  mean: reductions(at),
  max: reductions(ranked),
  norm: reductions((...shape) => ({ shape, domain: [0.3, 2] })),
  unit: [
    { inputs: [{ shape: [4], domain: [0.3, 2] }], args: { axes: [0] } },
    { inputs: [{ shape: [2, 3], domain: [0.3, 2] }], args: { axes: [0, 1] } },
  ],
  logSumExp: reductions(at),
  softmax: blocks,
  softmaxComplement: blocks,
  logSoftmax: blocks,
  reshape: [
    { inputs: [at(2, 3)], args: { shape: [3, 1, 2] } },
    { inputs: [at(1)], args: { shape: [] } },
  ],
  broadcastTo: [
    { inputs: [at(2, 1)], args: { shape: [2, 2, 3] } },
    { inputs: [at()], args: { shape: [3] } },
  ],
  transpose: [{ inputs: [at(2, 3, 2)], args: { axes: [2, 0, 1] } }],
  slice: [
    { inputs: [at(4, 3)], args: { start: [3, 0], step: [-2, 1], shape: [2, 2] } },
    { inputs: [at(5)], args: { start: [1], step: [2], shape: [2] } },
  ],
  unslice: [{ inputs: [at(2, 2)], args: { start: [3, 0], step: [-2, 1], shape: [4, 3] } }],
  concat: [
    { inputs: [at(2, 1), at(2, 3), at(2, 0)], args: { axis: 1, starts: [0, 1, 4] } },
    { inputs: [at(2), at(3)], args: { axis: 0, starts: [0, 2] } },
  ],
  cast: [{ inputs: [at(3)], args: { dtype: 'float64' } }],
  gather: [
    { inputs: [at(3, 3), rows], args: { axis: 0 } },
    { inputs: [at(2, 3), rows], args: { axis: 1 } },
  ],
  scatter: [{ inputs: [at(2, 3), rows], args: { axis: 1, shape: [2, 4] } }],
  take: [{ inputs: [at(2, 3), places], args: { axis: 1 } }],
  untake: [{ inputs: [at(2, 4), places], args: { axis: 1, shape: [2, 3] } }],
  cumsum: [
    { inputs: [at(2, 3)], args: { axis: 1, reverse: false } },
    { inputs: [at(2, 3)], args: { axis: 0, reverse: true } },
  ],
  argsort: [{ inputs: [ranked(2, 3)], args: { axis: 1, descending: false } }],
  argmax: [{ inputs: [ranked(2, 3)], args: { axis: 1 } }],
  cumargmax: [{ inputs: [ranked(2, 3)], args: { axis: 1 } }],
  conv: convolutions(at(2, 4, 5, 4), at(4, 2, 3, 2)),
  convInput: convolutions(at(2, 4, 2, 4), at(4, 2, 3, 2)),
  convWeight: convolutions(at(2, 4, 5, 4), at(2, 4, 2, 4)),
  argmaxWindow: [{ inputs: [ranked(1, 5, 4)], args: windows }],
  inv: matrices,
  det: matrices,
  slogdet: matrices,
  cholesky: matrices,
  lift: matrices,
  solve: [
    { inputs: [dominant(2, 2), at(2, 3)], args: { part: 'full', transpose: false } },
    { inputs: [dominant(2, 1, 2, 2), at(3, 2, 1)], args: { part: 'full', transpose: true } },
    { inputs: [dominant(3, 3), at(2, 3, 1)], args: { part: 'lower', transpose: false } },
    { inputs: [dominant(2, 2), at(2, 2)], args: { part: 'lower', transpose: true } },
    { inputs: [dominant(2, 2), at(2, 2)], args: { part: 'upper', transpose: false } },
  ],
  matmul: [
    { inputs: [at(2, 3), at(3, 2)], args: NN },
    { inputs: [at(2, 3), at(2, 3)], args: NT },
    { inputs: [at(3, 2), at(3, 2)], args: TN },
    { inputs: [at(2, 1, 2, 3), at(2, 3, 2)], args: NN },
    { inputs: [at(2, 3), at(2, 2, 3)], args: NT },
    { inputs: [at(2, 3, 2), at(3, 1)], args: TN },
  ],
}
