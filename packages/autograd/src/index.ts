/** @adjoint/autograd: Values that remember how they were computed, and their gradients to any order. */

export type { Range as SliceRange } from './compose/indexing.ts'
export type { TriangularOptions } from './compose/linalg.ts'
export type { AttentionOptions } from './compose/neuralAttention.ts'
export type { ConvOptions, ConvTransposeOptions } from './compose/neuralConv.ts'
export type { BatchNormOptions, NormalizeOptions, RmsNormOptions } from './compose/neuralNorm.ts'
export type { AvgPoolOptions, MaxPoolOptions, PoolOptions } from './compose/neuralPool.ts'
export type { Size } from './compose/neuralWindow.ts'
export type { SortOptions } from './compose/order.ts'
export type { PadMode, PadPairs } from './compose/pad.ts'
export type { NormOptions } from './compose/reduce.ts'
export type { SpreadOptions } from './compose/statistics.ts'
export {
  arange,
  type CreateOptions,
  constant,
  eye,
  type FillOptions,
  full,
  linspace,
  ones,
  value,
  zeros,
} from './create.ts'
export { type ArrayLike, type Data, type DType, type FloatArray, NdArray, type NestedArray } from './data.ts'
export { type DefinedOp, defineOp, type OpRecord, type UnaryRecord } from './define.ts'
export {
  AutogradError,
  DomainError,
  DTypeError,
  GradientError,
  ShapeError,
  TraceError,
  UnsupportedError,
} from './errors.ts'
export * from './functions/activation.ts'
export * from './functions/arithmetic.ts'
export * from './functions/comparison.ts'
export * from './functions/control.ts'
export * from './functions/exponential.ts'
export * from './functions/indexing.ts'
export * from './functions/joining.ts'
export * from './functions/linalg.ts'
export * from './functions/neuralAttention.ts'
export * from './functions/neuralConv.ts'
export * from './functions/neuralNorm.ts'
export * from './functions/neuralPool.ts'
export * from './functions/ordering.ts'
export * from './functions/product.ts'
export * from './functions/reduction.ts'
export * from './functions/rounding.ts'
export * from './functions/scan.ts'
export * from './functions/shape.ts'
export * from './functions/softmax.ts'
export * from './functions/special.ts'
export * from './functions/trigonometric.ts'
export type {
  Batched,
  BatchRule,
  Carrier,
  ConvArgs,
  Linearity,
  ListRule,
  ListTangentRule,
  MatmulArgs,
  Op,
  Rule,
  SliceArgs,
  Smooth,
  SolveArgs,
  TangentRule,
  WindowArgs,
} from './op.ts'
export { type BinarySpec, binary, type Derivative, type UnarySpec, unary } from './ops/elementwise.ts'
export { type Random, random } from './random.ts'
export type { Axes, Shape } from './shape.ts'
export { checkpoint } from './transforms/checkpoint.ts'
export { customGradient, type WithPullback } from './transforms/customGradient.ts'
export { follow, isCompiling } from './transforms/follow.ts'
export { jvp } from './transforms/forward.ts'
export { hessian, hvp, type JacobianOf, jacobian } from './transforms/jacobian.ts'
export { detectAnomaly, noGrad } from './transforms/recording.ts'
export { reread } from './transforms/reread.ts'
export { type Gradient, grad, valueAndGrad, vjp } from './transforms/reverse.ts'
export { type Scanned, type ScanOptions, type ScanStep, scan } from './transforms/scan.ts'
export type { Loose, Valued } from './transforms/structure.ts'
export { type VmapOptions, vmap } from './transforms/vmap.ts'
export { type BackwardOptions, type Operand, type ReduceOptions, Value } from './value.ts'
