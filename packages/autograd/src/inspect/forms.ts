/** How each operation is written. Total over the table: a new record without a form is a type error here. */
import type { table } from '../ops/table.ts'
import {
  alongAxis,
  axesOf,
  called,
  calledWithArgs,
  calledWithTwo,
  compared,
  convolved,
  type Form,
  listed,
  overAxes,
  rangesOf,
  type Use,
  windowOf,
  withoutOnes,
} from './form.ts'
import { LEVEL, type Notation, type Piece } from './notation.ts'
import { formatNumber } from './numbers.ts'

/** 1/x of what is written. */
const inverse = (n: Notation, x: Piece): Piece => n.ratio(n.number(1), x)
const squared = (n: Notation, x: Piece): Piece => n.power(x, n.number(2))
const plusOne = (n: Notation, x: Piece): Piece => n.sum(n.number(1), squared(n, x))
const oneMinus = (n: Notation, x: Piece): Piece => n.difference(n.number(1), squared(n, x))

/** Re or Im of (a + ib)⁻ⁿ; for n = 1 without complex numbers. */
function inversePower({ n, a, b, args: { order, imaginary } }: Use): Piece {
  if (order === 1) return n.ratio(imaginary ? n.negative(b) : a, n.sum(squared(n, a), squared(n, b)))
  return n.call(imaginary ? 'Im' : 'Re', [n.power(n.sum(a, n.product(n.name('i'), b)), n.number(-order))])
}

function norm(use: Use): Piece {
  return axesOf(use) === '' ? use.n.between('norm', use.a) : overAxes('norm')(use)
}

/** min ≤ x ≤ max, or one side of it. */
function within({ n, a, args: { min, max } }: Use): Piece {
  if (min === Number.NEGATIVE_INFINITY) return n.relation('≤', a, n.number(max))
  if (max === Number.POSITIVE_INFINITY) return n.relation('≥', a, n.number(min))
  return n.relation('≤', n.relation('≤', n.number(min), a), n.number(max))
}

/** The table of forms: one line an operation. */
export const forms: Record<keyof typeof table, Form> = {
  add: ({ n, a, b }) => n.sum(a, b),
  sub: ({ n, a, b }) => n.difference(a, b),
  mul: ({ n, a, b }) => n.product(a, b),
  div: ({ n, a, b }) => n.ratio(a, b),
  mulNoNan: ({ n, a, b }) => n.product(a, b),
  divNoNan: ({ n, a, b }) => n.ratio(a, b),
  pow: ({ n, a, b }) => n.power(a, b),
  neg: ({ n, a }) => n.negative(a),
  abs: ({ n, a }) => n.between('absolute', a),
  square: ({ n, a }) => squared(n, a),
  sqrt: ({ n, a }) => n.squareRoot(a),
  rsqrt: ({ n, a }) => inverse(n, n.squareRoot(a)),
  cbrt: ({ n, a }) => n.cubeRoot(a),
  reciprocal: ({ n, a }) => inverse(n, a),
  hypot: calledWithTwo('hypot'),
  mod: ({ n, a, b }) => n.modulo(a, b),
  floorDiv: ({ n, a, b }) => n.call('floor', [n.ratio(a, b)]),

  exp: called('exp'),
  exp2: ({ n, a }) => n.power(n.number(2), a),
  expm1: called('expm1'),
  log: called('log'),
  log2: called('log2'),
  log10: called('log10'),
  log1p: called('log1p'),
  logaddexp: calledWithTwo('logaddexp'),
  gap: ({ n, a, b }) => n.difference(a, b),

  sin: called('sin'),
  cos: called('cos'),
  tan: called('tan'),
  asin: called('asin'),
  acos: called('acos'),
  atan: called('atan'),
  sinh: called('sinh'),
  cosh: called('cosh'),
  tanh: called('tanh'),
  asinh: called('asinh'),
  acosh: called('acosh'),
  atanh: called('atanh'),
  atan2: calledWithTwo('atan2'),
  direction: ({ n, a, b }) => n.ratio(a, n.call('hypot', [a, b])),
  inversePower,
  sechSquared: called('sech²'),
  asinSlope: ({ n, a }) => inverse(n, n.squareRoot(oneMinus(n, a))),
  asinhSlope: ({ n, a }) => inverse(n, n.squareRoot(plusOne(n, a))),
  acoshSlope: ({ n, a }) => inverse(n, n.squareRoot(n.difference(squared(n, a), n.number(1)))),
  atanSlope: ({ n, a }) => inverse(n, plusOne(n, a)),
  atanhSlope: ({ n, a }) => inverse(n, oneMinus(n, a)),

  erf: called('erf'),
  erfc: called('erfc'),
  normalCdf: called('Φ'),
  normalPdf: called('φ'),
  lgamma: called('lgamma'),
  polygamma: ({ n, a, args }) =>
    args.order === 0 ? n.call('digamma', [a]) : n.call('polygamma', [a], [`order = ${args.order}`]),

  sigmoid: called('sigmoid'),
  logSigmoid: called('logSigmoid'),
  softplus: called('softplus'),
  step: called('step'),
  relu: called('relu'),
  leakyRelu: calledWithArgs('leakyRelu'),
  elu: calledWithArgs('elu'),
  selu: called('selu'),
  gelu: called('gelu'),
  geluTanh: called('geluTanh'),
  silu: called('silu'),
  mish: called('mish'),
  softsign: called('softsign'),
  inside: (use) => use.n.choice([[use.n.number(1), within(use)]], use.n.number(0)),
  clamp: ({ n, a, args: { min, max } }) => n.call('clamp', [a], [`${formatNumber(min)} to ${formatNumber(max)}`]),
  relu6: called('relu6'),
  hardSigmoid: called('hardSigmoid'),
  hardSwish: called('hardSwish'),

  sign: called('sign'),
  floor: called('floor'),
  ceil: called('ceil'),
  trunc: called('trunc'),
  round: called('round'),

  gt: compared('>'),
  ge: compared('≥'),
  lt: compared('<'),
  le: compared('≤'),
  eq: compared('='),
  ne: compared('≠'),
  preference: ({ n, a, b }) =>
    n.choice(
      [
        [n.number(1), n.relation('>', a, b)],
        [n.number(0.5), n.relation('=', a, b)],
      ],
      n.number(0),
    ),
  maximum: calledWithTwo('max'),
  minimum: calledWithTwo('min'),
  where: ({ n, inputs: [condition = n.number(0), a = condition, b = a] }) =>
    condition.level === LEVEL.relation ? n.choice([[a, condition]], b) : n.call('where', [condition, a, b]),

  sum: (use) => use.n.sumOver(use.a, axesOf(use)),
  mean: overAxes('mean'),
  max: overAxes('max'),
  norm,
  unit: (use) => use.n.ratio(use.a, norm(use)),
  logSumExp: overAxes('logSumExp'),
  softmax: overAxes('softmax'),
  softmaxComplement: (use) => use.n.difference(use.n.number(1), overAxes('softmax')(use)),
  logSoftmax: overAxes('logSoftmax'),

  reshape: ({ n, a, args: { shape }, shapes: [from = []] }) =>
    n.hidesUnitAxes && withoutOnes(from) === withoutOnes(shape) ? a : n.call('reshape', [a], [listed(shape)]),
  broadcastTo: ({ n, a, args: { shape } }) => n.call('broadcast', [a], [listed(shape)]),
  transpose: ({ n, a, args: { axes } }) =>
    axes.length === 2 && axes[0] === 1 ? n.transpose(a) : n.call('transpose', [a], [listed(axes)]),
  slice: ({ n, a, args, shapes: [whole = []] }) => n.partOf(a, rangesOf(args, whole)),
  unslice: ({ n, a, args, shapes: [part = []] }) =>
    n.call('unslice', [a], [`at ${rangesOf({ ...args, shape: part }, args.shape)}`, `shape ${listed(args.shape)}`]),
  concat: alongAxis('concat'),
  cast: ({ n, a, args }) => n.call(args.dtype, [a]),

  gather: alongAxis('gather'),
  scatter: alongAxis('scatter'),
  take: alongAxis('take'),
  untake: alongAxis('untake'),
  cumsum: ({ n, a, args }) => n.call('cumsum', [a], [`axis = ${args.axis}`, ...(args.reverse ? ['reverse'] : [])]),
  argsort: ({ n, a, args }) =>
    n.call('argsort', [a], [`axis = ${args.axis}`, ...(args.descending ? ['descending'] : [])]),
  argmax: alongAxis('argmax'),
  cumargmax: alongAxis('cumargmax'),

  conv: convolved('conv'),
  convInput: convolved('convInput'),
  convWeight: convolved('convWeight'),
  argmaxWindow: ({ n, a, args }) => n.call('argmaxWindow', [a], windowOf(args)),

  inv: ({ n, a }) => n.power(a, n.number(-1)),
  solve: ({ n, inputs: [a = n.number(0), b = a], args: { part, transpose } }) => {
    const read = part === 'full' ? a : n.call(part === 'lower' ? 'tril' : 'triu', [a])
    return n.matrixProduct(n.power(transpose ? n.transpose(read) : read, n.number(-1)), b)
  },
  det: called('det'),
  slogdet: called('slogdet'),
  cholesky: called('cholesky'),
  lift: called('lift'),

  matmul: ({ n, a, b, args }) =>
    n.matrixProduct(args.transposeA ? n.transpose(a) : a, args.transposeB ? n.transpose(b) : b),
}
