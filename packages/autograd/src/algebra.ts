/** The algebra of derivative rules: its words, and the arguments that operations need besides their inputs. */
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
 * The words that derivative rules are written in. `T` is what a carrier computes with; plain numbers fit everywhere.
 */
export interface Algebra<T> {
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
  /** An array of constants that lives in this carrier. */
  constant(x: Data): T
}
