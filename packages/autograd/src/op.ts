/** What an operation is: one record. Derivative rules are written in the words of a Carrier, never of a number type. */
import type { Data, DType } from './data.ts'
import type { Shape } from './shape.ts'

/** The arguments of the operations that need more than their inputs. */
export type AxisArgs = { readonly axis: number }
export type ConcatArgs = AxisArgs & { readonly starts: readonly number[] }
export type AxesArgs = { readonly axes: readonly number[]; readonly keepDims: boolean }
export type ShapeArgs = { readonly shape: Shape }
export type SliceArgs = { readonly start: readonly number[]; readonly step: readonly number[]; readonly shape: Shape }
export type MatmulArgs = { readonly transposeA: boolean; readonly transposeB: boolean }
/** Which part of the matrix is read, and whether it is transposed. */
export type SolveArgs = { readonly part: 'full' | 'lower' | 'upper'; readonly transpose: boolean }
type Pair = readonly [number, number]
/** Windows over the last two axes: all sizes, and how a window moves. `padding` is what lies before the first element. */
export type WindowArgs = {
  readonly input: Pair
  readonly kernel: Pair
  readonly output: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly dilation: Pair
}
export type ConvArgs = WindowArgs & { readonly groups: number }

/** A·B, A·Bᵀ and Aᵀ·B */
export const NN: MatmulArgs = { transposeA: false, transposeB: false }
export const NT: MatmulArgs = { transposeA: false, transposeB: true }
export const TN: MatmulArgs = { transposeA: true, transposeB: false }

/**
 * The algebra that rules compute with. Numbers and typed arrays give first-order gradients; Values give gradients that
 * are differentiable again; text gives formulas. `T` is what the carrier computes with; plain numbers fit everywhere.
 */
export interface Carrier<T> {
  add(a: T | number, b: T | number): T
  sub(a: T | number, b: T | number): T
  mul(a: T | number, b: T | number): T
  div(a: T | number, b: T | number): T
  /** a·b where 0 wins, even over NaN and ±∞: the product of a cotangent and a local derivative. */
  mulNoNan(a: T | number, b: T | number): T
  /** a/b, and 0 where a is 0, whatever b is. */
  divNoNan(a: T | number, b: T | number): T
  pow(a: T | number, b: T | number): T
  neg(a: T | number): T
  abs(a: T | number): T
  sign(a: T | number): T
  square(a: T | number): T
  rsqrt(a: T | number): T
  reciprocal(a: T | number): T
  exp(a: T | number): T
  exp2(a: T | number): T
  log(a: T | number): T
  sin(a: T | number): T
  cos(a: T | number): T
  sinh(a: T | number): T
  cosh(a: T | number): T
  tanh(a: T | number): T
  sigmoid(a: T | number): T
  softplus(a: T | number): T
  step(a: T | number): T
  /** 1 from min to max, 0 outside. */
  inside(a: T | number, min: number, max: number): T
  /** floor(a/b) */
  floorDiv(a: T | number, b: T | number): T
  /** sech²(x) = 1 − tanh²(x) with all its digits in the tails. */
  sechSquared(a: T | number): T
  /** 1/√(1 − x²), 1/√(1 + x²), 1/√(x² − 1), 1/(1 + x²), 1/(1 − x²): slopes of the inverse functions. */
  asinSlope(a: T | number): T
  asinhSlope(a: T | number): T
  acoshSlope(a: T | number): T
  atanSlope(a: T | number): T
  atanhSlope(a: T | number): T
  /** Φ and φ of the standard normal distribution. */
  normalCdf(a: T | number): T
  normalPdf(a: T | number): T
  polygamma(a: T | number, order: number): T
  /** Re or Im of (a + ib)⁻ⁿ, n the order: the derivatives of atan2. */
  inversePower(a: T | number, b: T | number, order: number, imaginary: boolean): T
  /** a/√(a² + b²), 0 at the origin: the cosine of the angle. */
  direction(a: T | number, b: T | number): T
  hypot(a: T | number, b: T | number): T
  /** a − b, and 0 where both are the same infinity. */
  gap(a: T | number, b: T | number): T
  /** 1 where a > b, ½ on a tie, else 0. */
  preference(a: T | number, b: T | number): T
  gt(a: T | number, b: T | number): T
  ge(a: T | number, b: T | number): T
  lt(a: T | number, b: T | number): T
  le(a: T | number, b: T | number): T
  eq(a: T | number, b: T | number): T
  ne(a: T | number, b: T | number): T
  where(condition: T | number, a: T | number, b: T | number): T

  sum(a: T | number, axes: readonly number[], keepDims?: boolean): T
  mean(a: T | number, axes: readonly number[], keepDims?: boolean): T
  max(a: T | number, axes: readonly number[], keepDims?: boolean): T
  norm(a: T | number, axes: readonly number[], keepDims?: boolean): T
  /** x/‖x‖ along the axes, 0 for 0. */
  unit(a: T | number, axes: readonly number[]): T
  logSumExp(a: T | number, axes: readonly number[], keepDims?: boolean): T
  softmax(a: T | number, axes: readonly number[]): T
  /** 1 − softmax, with all its digits next to 0. */
  softmaxComplement(a: T | number, axes: readonly number[]): T
  cumsum(a: T | number, axis: number, reverse?: boolean): T
  /** The index of the first largest element; the axis is kept with size 1. */
  argmax(a: T | number, axis: number): T
  /** The index of the largest element so far. */
  cumargmax(a: T | number, axis: number): T
  argsort(a: T | number, axis: number, descending?: boolean): T

  reshape(a: T | number, shape: Shape): T
  transpose(a: T | number, axes: readonly number[]): T
  broadcastTo(a: T | number, shape: Shape): T
  slice(a: T | number, args: SliceArgs): T
  /** The adjoint of slice: zeros of the given shape with `a` written where the slice was read. */
  unslice(a: T | number, args: SliceArgs): T
  concat(list: readonly (T | number)[], axis: number): T
  gather(a: T | number, indices: T | number, axis: number): T
  /** The adjoint of gather: zeros of the given shape with `src` added at the indices along the axis. */
  scatter(src: T | number, indices: T | number, axis: number, shape: Shape): T
  take(a: T | number, indices: T | number, axis: number): T
  /** The adjoint of take: zeros of the given shape with slices of `src` added at the indices. */
  untake(src: T | number, indices: T | number, axis: number, shape: Shape): T
  matmul(a: T | number, b: T | number, args: MatmulArgs): T
  /** The convolution y of images x and weights w, and its adjoints in x and in w: each gradient is one of the others. */
  conv(x: T | number, w: T | number, args: ConvArgs): T
  convInput(y: T | number, w: T | number, args: ConvArgs): T
  convWeight(x: T | number, y: T | number, args: ConvArgs): T
  /** The place of the first largest element of each window, counted in its plane. */
  argmaxWindow(x: T | number, args: WindowArgs): T
  inv(a: T | number): T
  /** A⁻¹·B, or A⁻ᵀ·B, of matrices [n, n] and [n, m]. */
  solve(a: T | number, b: T | number, args: SolveArgs): T
  det(a: T | number): T
  /** The sign and log|det|, in a new last axis. */
  slogdet(a: T | number): T
  /** The lower factor of (A + Aᵀ)/2. */
  cholesky(a: T | number): T
  /** [2, n, n], F and H: constants that make A + Fᵀ·H regular. */
  lift(a: T | number): T
  cast(a: T | number, dtype: DType): T

  shape(a: T | number): Shape
  dtype(a: T | number): DType
  /** Applies any record, a user's own included. */
  apply(op: Op, a: T | number, b: T | number, args: unknown): T
  applyList(op: Op, inputs: readonly (T | number)[], args: unknown): T
  /** An array of constants that lives in this carrier. */
  constant(x: Data): T
}

/** A derivative rule: the cotangent `g` of the output `y` pulled back to one input. `T` may be any carrier's. */
export type Rule<A> = {
  // A method, so that a record with narrow arguments still is an Op.
  pull<T>(k: Carrier<T>, g: T, y: T, a: T | number, b: T | number, args: A): T | number
}['pull']

/** The same for an operation with a list of inputs: the cotangent of the input at `index`. */
export type ListRule<A> = {
  pull<T>(k: Carrier<T>, g: T, y: T, inputs: readonly (T | number)[], index: number, args: A): T | number
}['pull']

/** The tangent of the output from the tangent of the (only) differentiable input `a`. */
export type TangentRule<A> = {
  push<T>(k: Carrier<T>, t: T | number, y: T, a: T | number, b: T | number, args: A): T | number
}['push']

/** The same for an operation with a list of inputs, some of which have a tangent. */
export type ListTangentRule<A> = {
  push<T>(
    k: Carrier<T>,
    tangents: readonly (T | undefined)[],
    y: T,
    inputs: readonly (T | number)[],
    args: A,
  ): T | number
}['push']

/** An input of an operation that runs over many examples at once: `mapped`, it has them along axis 0. */
export type Batched<T> = { readonly x: T | number; readonly mapped: boolean }

/** The operation over `size` examples at once, where at least one input is mapped; so is the result. */
export type BatchRule<A> = {
  batch<T>(k: Carrier<T>, inputs: readonly Batched<T>[], args: A, size: number): T
}['batch']

type Forward<A> = { run(a: Data, b: Data, args: A): Data }['run']
type ScalarForward<A> = { run(a: number, b: number, args: A): number }['run']
type ListForward<A> = { run(inputs: readonly Data[], args: A): Data }['run']

/**
 * How forward mode is read off the record: `elementwise`, the pullback is diagonal, so it is the pushforward too;
 * `linear` in each input, the operation itself on the tangent; `custom`, by the record's own `push`.
 */
export type Linearity = 'elementwise' | 'linear' | 'custom'

/** Where to test an operation, and what it must give there: adding an op adds its tests. */
export interface Smooth {
  /** For operations with arguments: those to test it with. */
  readonly args?: unknown
  /** Inputs are drawn from these intervals, one an input; the operation is smooth inside. */
  readonly domain: readonly (readonly [number, number])[]
  /** Points to keep a distance from: kinks and jumps of a unary operation. */
  readonly kinks?: readonly number[]
  /** `[inputs…, value]` from an independent source. */
  readonly reference: readonly (readonly number[])[]
}

/** An operation. Everything else (gradients of any order, forward mode, pictures, tests) is read off this record. */
export interface Op<A = unknown> {
  readonly name: string
  readonly linearity: Linearity
  /** How many inputs it takes; infinitely many for a list. */
  readonly arity: number
  readonly forward: Forward<A>
  /** `forward` of an elementwise operation for numbers alone, which spares scalar graphs a look at what the data are. */
  readonly scalar: ScalarForward<A> | null
  /** For operations with a list of inputs (concat, where), instead of `forward`. */
  readonly forwardList: ListForward<A>
  /** The input that has no gradient (indices, a condition); −1 where every input has one. */
  readonly held: number
  /** Pulls the cotangent back to the first input; null where that input has no gradient. */
  readonly da: Rule<A> | null
  readonly db: Rule<A> | null
  readonly dlist: ListRule<A> | null
  readonly push: TangentRule<A> | null
  /** For operations of a list that are not linear in it. */
  readonly pushList: ListTangentRule<A> | null
  /** For `vmap`, where a rule of one's own is not elementwise. */
  readonly batch: BatchRule<A> | null
  readonly smooth: Smooth | null
}

type OpFields<A> = Partial<Op<A>> & { readonly name: string }

/** Completes a record, always with the same fields in the same order (one hidden class for all). */
export function op<A = unknown>(fields: OpFields<A>): Op<A> {
  return {
    name: fields.name,
    linearity: fields.linearity ?? 'linear',
    arity: fields.arity ?? arityOf(fields),
    forward: fields.forward ?? unreachable,
    scalar: fields.scalar ?? null,
    forwardList: fields.forwardList ?? unreachable,
    held: fields.held ?? -1,
    da: fields.da ?? null,
    db: fields.db ?? null,
    dlist: fields.dlist ?? null,
    push: fields.push ?? null,
    pushList: fields.pushList ?? null,
    batch: fields.batch ?? null,
    smooth: fields.smooth ?? null,
  }
}

function arityOf<A>({ forwardList, db, held }: OpFields<A>): number {
  if (forwardList) return Number.POSITIVE_INFINITY
  return db || held === 1 ? 2 : 1
}

function unreachable(): never {
  throw new Error('an operation without a forward function was run')
}

/** A differentiable leaf, a constant: the two kinds of Value that no operation made. */
export const LEAF: Op = op({ name: 'leaf' })
export const CONSTANT: Op = op({ name: 'constant' })

/** An argument of a function that is being differentiated: the same data as its input, as a node of its own. */
export const ARGUMENT: Op = op({ name: 'argument', forward: (x) => x, da: (_k, g) => g })

/** One example of a mapped argument while `vmap` records, of a constant one, and what no gradient flows through. */
export const EXAMPLE: Op = op({ name: 'example' })
export const FIXED: Op = op({ name: 'example' })
export const STOPPED: Op = op({ name: 'stopGradient', forward: (x) => x })

/** Whether a gradient can flow to what the operation made. */
export function isLive(op: Op): boolean {
  return op !== CONSTANT && op !== STOPPED && op !== FIXED
}
