/** Class Value: numbers that remember how they were made. */
import { checkResult } from './anomaly.ts'
import { carrierOf } from './carriers/carrier.ts'
import { unbroadcast } from './carriers/fit.ts'
import { numericReader } from './carriers/numeric.ts'
import * as diagonal from './compose/diagonal.ts'
import { einsum } from './compose/einsum.ts'
import * as indexing from './compose/indexing.ts'
import { split } from './compose/join.ts'
import * as linalg from './compose/linalg.ts'
import * as attention from './compose/neuralAttention.ts'
import * as convolution from './compose/neuralConv.ts'
import * as normalization from './compose/neuralNorm.ts'
import * as pooling from './compose/neuralPool.ts'
import type { Size } from './compose/neuralWindow.ts'
import * as order from './compose/order.ts'
import { type PadMode, type PadPairs, pad } from './compose/pad.ts'
import * as product from './compose/product.ts'
import * as rearrange from './compose/rearrange.ts'
import * as reduce from './compose/reduce.ts'
import * as scan from './compose/scan.ts'
import * as shaping from './compose/shape.ts'
import * as statistics from './compose/statistics.ts'
import { type ArrayLike, type Data, type DType, dtypeOf, filled, readData, shapeOf, toNdArray } from './data.ts'
import { DomainError, GradientError, ShapeError, show, showShape, TraceError, UnsupportedError } from './errors.ts'
import { type BinaryName, binaryMethods, type Elementwise, type UnaryName, unaryMethods } from './fluent.ts'
import { backpropagate, type Reader } from './graph.ts'
import { guarded, withLabels } from './guard.ts'
import { checkUnmapped, type Input, mode, Node, nameOf, takesShare } from './node.ts'
import { Numbers } from './numbers.ts'
import { type Carrier, CONSTANT, isLive, LEAF, type Op, STOPPED } from './op.ts'
import { table } from './ops/table.ts'
import { commonDType } from './promote.ts'
import { normalizeAxis, type Shape, sameShape } from './shape.ts'

/** What fits wherever a Value does: plain numbers and arrays are constants. */
export type Operand = Value | ArrayLike

export interface BackwardOptions {
  /** The cotangent of this Value, in its shape; needed unless it has one element (then 1). */
  readonly seed?: Operand
  /** Make the gradients themselves differentiable. */
  readonly createGraph?: boolean
  /** Which Values keep their gradient: all of the graph, or its leaves only. */
  readonly keep?: 'all' | 'leaves'
}

export type ReduceOptions = reduce.ReduceOptions

/** Numbers that also have the elementwise methods, which the loops below the class install. */
const Elementary: new () => Numbers & Elementwise<Value, Operand> = Numbers as never

/**
 * A differentiable scalar or array. Make one with `value` (a leaf), or `constant`; operations make the others.
 * @example
 * const x = value(3)
 * const y = x.square().add(1)
 * y.backward()
 * x.grad.item() // 6
 */
export class Value extends Elementary {
  /** Values come from `value`, `constant` and operations. */
  private constructor() {
    super()
  }

  /** The gradient: zeros until a backward pass has reached this Value, then the sum over all passes. */
  get grad(): Value {
    const g = this.gradient
    if (isValue(g)) return g
    if (g === undefined) return values.constant(filled(this.shape, 0, this.dtype))
    // Kept, so that what is done to the gradient (clipping, say) is done to this Value's gradient.
    const kept = values.constant(g as Data)
    this.gradient = kept
    return kept
  }
  get hasGrad(): boolean {
    return this.gradient !== undefined
  }
  zeroGrad(): void {
    this.gradient = undefined
  }

  /**
   * Adds to `.grad` of every Value that this one was computed from: the gradient of this Value (times the seed).
   * @throws GradientError without a seed when there are several elements, when nothing here requires a gradient, or
   * when a leaf was assigned to since the forward pass.
   */
  backward({ seed, createGraph = false, keep = 'all' }: BackwardOptions = {}): void {
    checkUnmapped('backward', this)
    if (keep !== 'all' && keep !== 'leaves') {
      throw new GradientError(`backward: keep is ${show(keep)}. Give 'all' or 'leaves'.`)
    }
    const start = seedOf('backward', this, seed)
    if (mode.anomaly) checkResult('the seed of backward', start.raw, [start])
    backpropagate(this, undefined, (_open, run) => {
      if (createGraph)
        run(
          valueReader,
          start,
          keeper(keep, (before, g) => asValue(before).add(g)),
        )
      else if (mode.compiling !== undefined)
        run(
          valueReader,
          start,
          keeper(keep, (before, g) => addTraced(asValue(before), g)),
        )
      else run<Data>(numericReader, start.raw, keeper(keep, addNumbers))
    })
  }

  /** The same numbers as a constant: no gradient flows through. */
  detach(): Value {
    return mode.tracing > 0
      ? traced(STOPPED, this.raw, this, 0, undefined, false)
      : make(CONSTANT, this.raw, 0, 0, undefined)
  }

  leakyRelu(slope = 0.01): Value {
    return one(table.leakyRelu, this, { slope: readNumber('leakyRelu', 'slope', slope) })
  }
  elu(alpha = 1): Value {
    return one(table.elu, this, { alpha: readNumber('elu', 'alpha', alpha) })
  }
  gelu({ approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}): Value {
    if (approximate !== 'none' && approximate !== 'tanh') {
      throw new DomainError(`gelu: approximate is ${show(approximate)}. Give 'none' or 'tanh'.`)
    }
    return one(approximate === 'tanh' ? table.geluTanh : table.gelu, this)
  }
  hardtanh(min = -1, max = 1): Value {
    const bounds = { min: readNumber('hardtanh', 'min', min), max: readNumber('hardtanh', 'max', max) }
    return one(table.clamp, this, bounds)
  }
  clamp(min: Operand = Number.NEGATIVE_INFINITY, max: Operand = Number.POSITIVE_INFINITY): Value {
    if (typeof min === 'number' && typeof max === 'number') {
      return one(table.clamp, this, { min: readNumber('clamp', 'min', min), max: readNumber('clamp', 'max', max) })
    }
    return this.maximum(min).minimum(max)
  }
  digamma(): Value {
    return one(table.polygamma, this, { order: 0 })
  }
  /** a where this Value is not 0, else b. */
  where(a: Operand, b: Operand): Value {
    const dtype = commonDType([a, b])
    const read = (x: Operand): Value | number => (typeof x === 'number' ? x : readOperand('where', x, dtype))
    return many(table.where, [this, read(a), read(b)])
  }

  sum(options?: ReduceOptions): Value {
    return reduce.sum(values, this, options)
  }
  mean(options?: ReduceOptions): Value {
    return reduce.mean(values, this, options)
  }
  prod(options?: ReduceOptions): Value {
    return reduce.prod(values, this, options)
  }
  max(options?: ReduceOptions): Value {
    return reduce.max(values, this, options)
  }
  min(options?: ReduceOptions): Value {
    return reduce.min(values, this, options)
  }
  logSumExp(options?: ReduceOptions): Value {
    return reduce.logSumExp(values, this, options)
  }
  variance(options?: statistics.SpreadOptions): Value {
    return statistics.variance(values, this, options)
  }
  std(options?: statistics.SpreadOptions): Value {
    return statistics.std(values, this, options)
  }
  norm(options?: reduce.NormOptions): Value {
    return reduce.norm(values, this, options)
  }
  median(options?: ReduceOptions): Value {
    return statistics.median(values, this, options)
  }
  argmax(options?: ReduceOptions): Value {
    return reduce.argmax(values, this, options)
  }
  argmin(options?: ReduceOptions): Value {
    return reduce.argmin(values, this, options)
  }
  cumsum(axis: number): Value {
    return scan.cumsum(values, this, axis)
  }
  cumprod(axis: number): Value {
    return scan.cumprod(values, this, axis)
  }
  cummax(axis: number): { values: Value; indices: Value } {
    return scan.cummax(values, this, axis)
  }
  cummin(axis: number): { values: Value; indices: Value } {
    return scan.cummin(values, this, axis)
  }
  softmax(axis = -1): Value {
    return one(table.softmax, this, { axes: [normalizeAxis('softmax', axis, this.rank)] })
  }
  logSoftmax(axis = -1): Value {
    return one(table.logSoftmax, this, { axes: [normalizeAxis('logSoftmax', axis, this.rank)] })
  }

  conv1d(weight: Operand, options?: convolution.ConvOptions<Operand>): Value {
    return convolved('conv1d', this, weight, options, (w, read) => convolution.conv(values, this, w, 1, read))
  }
  conv2d(weight: Operand, options?: convolution.ConvOptions<Operand>): Value {
    return convolved('conv2d', this, weight, options, (w, read) => convolution.conv(values, this, w, 2, read))
  }
  convTranspose1d(weight: Operand, options?: convolution.ConvTransposeOptions<Operand>): Value {
    return convolved('convTranspose1d', this, weight, options, (w, read) =>
      convolution.convTranspose(values, this, w, 1, read),
    )
  }
  convTranspose2d(weight: Operand, options?: convolution.ConvTransposeOptions<Operand>): Value {
    return convolved('convTranspose2d', this, weight, options, (w, read) =>
      convolution.convTranspose(values, this, w, 2, read),
    )
  }
  maxPool1d(kernel: Size, options?: pooling.MaxPoolOptions): Value {
    return pooling.maxPool(values, this, kernel, 1, options)
  }
  maxPool2d(kernel: Size, options?: pooling.MaxPoolOptions): Value {
    return pooling.maxPool(values, this, kernel, 2, options)
  }
  avgPool1d(kernel: Size, options?: pooling.AvgPoolOptions): Value {
    return pooling.avgPool(values, this, kernel, 1, options)
  }
  avgPool2d(kernel: Size, options?: pooling.AvgPoolOptions): Value {
    return pooling.avgPool(values, this, kernel, 2, options)
  }
  layerNorm(shape: Shape, { weight, bias, eps }: normalization.NormalizeOptions<Operand> = {}): Value {
    const [w, b] = readParameters('layerNorm', this, [weight, bias])
    return normalization.layerNorm(values, this, shape, { weight: w, bias: b, eps })
  }
  rmsNorm(shape: Shape, { weight, eps }: normalization.RmsNormOptions<Operand> = {}): Value {
    const [w] = readParameters('rmsNorm', this, [weight])
    return normalization.rmsNorm(values, this, shape, { weight: w, eps })
  }
  groupNorm(groups: number, { weight, bias, eps }: normalization.NormalizeOptions<Operand> = {}): Value {
    const [w, b] = readParameters('groupNorm', this, [weight, bias])
    return normalization.groupNorm(values, this, groups, { weight: w, bias: b, eps })
  }
  batchNorm({ mean, variance, weight, bias, eps }: normalization.BatchNormOptions<Operand> = {}): Value {
    const [m, v, w, b] = readParameters('batchNorm', this, [mean, variance, weight, bias])
    return normalization.batchNorm(values, this, { mean: m, variance: v, weight: w, bias: b, eps })
  }
  embedding(indices: Operand): Value {
    const places = readOperand('embedding', indices)
    attention.checkRows(this.shape, toNdArray(places.raw))
    return attention.embedding(values, this, places)
  }
  scaledDotProductAttention(
    key: Operand,
    value: Operand,
    { mask, causal }: attention.AttentionOptions<Operand> = {},
  ): Value {
    const [k, v] = readParameters('scaledDotProductAttention', this, [key, value]) as [Value, Value]
    const seen = mask === undefined ? undefined : readOperand('scaledDotProductAttention', mask)
    return attention.scaledDotProductAttention(values, this, k, v, { mask: seen, causal })
  }
  dropout(p: number, options?: { readonly random: attention.Uniform<Value> }): Value {
    return attention.dropout(values, this, p, options?.random)
  }

  reshape(shape: Shape): Value {
    return shaping.reshape(values, this, shape)
  }
  transpose(axes?: readonly number[]): Value {
    return shaping.transpose(values, this, axes)
  }
  squeeze(axis?: number | readonly number[]): Value {
    return shaping.squeeze(values, this, axis)
  }
  unsqueeze(axis: number): Value {
    return shaping.unsqueeze(values, this, axis)
  }
  broadcastTo(shape: Shape): Value {
    return shaping.broadcastTo(values, this, shape)
  }
  flatten(): Value {
    return shaping.flatten(values, this)
  }
  flip(axes?: number | readonly number[]): Value {
    return rearrange.flip(values, this, axes)
  }
  roll(shift: number | readonly number[], axis?: number | readonly number[]): Value {
    return rearrange.roll(values, this, shift, axis)
  }
  tile(reps: number | readonly number[]): Value {
    return rearrange.tile(values, this, reps)
  }
  repeat(n: number, axis?: number): Value {
    return rearrange.repeat(values, this, n, axis)
  }
  pad(pairs: PadPairs, value = 0, mode: PadMode = 'constant'): Value {
    return pad(values, this, pairs, value, mode)
  }
  diag(offset = 0): Value {
    return diagonal.diag(values, this, offset)
  }
  trace(): Value {
    return diagonal.trace(values, this)
  }
  tril(k = 0): Value {
    return diagonal.tril(values, this, k)
  }
  triu(k = 0): Value {
    return diagonal.triu(values, this, k)
  }
  split(parts: number | readonly number[], axis = 0): Value[] {
    return split(values, this, parts, axis)
  }

  slice(ranges: readonly indexing.Range[]): Value {
    return indexing.slice(values, this, ranges)
  }
  at(...indices: number[]): Value {
    return indexing.at(values, this, ...indices)
  }
  gather(axis: number, indices: Operand): Value {
    return indexing.gather(values, this, axis, readOperand('gather', indices))
  }
  scatterAdd(axis: number, indices: Operand, src: Operand): Value {
    const added = readOperand('scatterAdd', src, this.dtype)
    return indexing.scatterAdd(values, this, axis, readOperand('scatterAdd', indices), added)
  }
  take(indices: Operand, axis?: number): Value {
    return indexing.take(values, this, readOperand('take', indices), axis)
  }
  sort(options?: order.SortOptions): Value {
    return order.sort(values, this, options)
  }
  argsort(options?: order.SortOptions): Value {
    return order.argsort(values, this, options)
  }
  topk(count: number, options?: Pick<order.SortOptions, 'axis'>): { values: Value; indices: Value } {
    return order.topk(values, this, count, options)
  }

  matmul(other: Operand): Value {
    return product.matmul(values, this, readOperand('matmul', other, this.dtype))
  }
  dot(other: Operand): Value {
    return product.dot(values, this, readOperand('dot', other, this.dtype))
  }
  outer(other: Operand): Value {
    return product.outer(values, this, readOperand('outer', other, this.dtype))
  }
  cross(other: Operand): Value {
    return product.cross(values, this, readOperand('cross', other, this.dtype))
  }
  kron(other: Operand): Value {
    return product.kron(values, this, readOperand('kron', other, this.dtype))
  }
  inv(): Value {
    return linalg.inv(values, this)
  }
  det(): Value {
    return linalg.det(values, this)
  }
  slogdet(): { sign: Value; logAbsDet: Value } {
    return linalg.slogdet(values, this)
  }
  solve(b: Operand): Value {
    return linalg.solve(values, this, readOperand('solve', b, this.dtype))
  }
  triangularSolve(b: Operand, options?: linalg.TriangularOptions): Value {
    return linalg.triangularSolve(values, this, readOperand('triangularSolve', b, this.dtype), options)
  }
  cholesky(): Value {
    return linalg.cholesky(values, this)
  }
  einsum(spec: string, ...others: Operand[]): Value {
    const dtype = commonDType([this, ...others])
    return einsum(values, spec, [this, ...others.map((x) => readOperand('einsum', x, dtype))])
  }
}

// Each node of a graph is made by Node alone: a chain of constructors would cost more than all else that an operation
// does. What makes a node a Value, its methods, stands behind it as its prototype.
Object.setPrototypeOf(Node.prototype, Value.prototype)
Object.defineProperty(Node.prototype, 'constructor', { value: Value })

/** A Value with these fields. */
export function make(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown): Value {
  return new Node(op, raw, a, b, args) as Value
}

// V8 sees both kinds of data before there is any graph: a field that has only held numbers is a box of its own, which
// every read copies.
make(LEAF, 0.5, 0, 0, undefined).raw = toNdArray(0.5)

const bare = new Set(['constructor', 'backward', 'detach', 'zeroGrad'])
for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(Value.prototype))) {
  if (typeof method !== 'function' || bare.has(name)) continue
  Object.defineProperty(Value.prototype, name, { value: guarded(name, method), writable: true, configurable: true })
}

for (const name of unaryMethods) {
  const op = table[name]
  install(name, function (this: Value) {
    return one(op, this)
  })
}
for (const name of binaryMethods) {
  const op = table[name]
  install(name, function (this: Value, other: Operand) {
    return two(op, this, typeof other === 'number' ? other : readOperand(name, other, this.dtype))
  })
}

// What console.log prints in Node.
Object.defineProperty(Value.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Value.prototype.toString })

function install<Name extends UnaryName | BinaryName>(name: Name, method: Value[Name]): void {
  Object.defineProperty(Value.prototype, name, { value: method, writable: true, configurable: true })
}

/** A Value from anything that fits where a Value does; arrays and numbers become constants. */
export function readOperand(op: string, x: Operand, dtype?: DType): Value {
  if (x instanceof Value) return x
  if (typeof x === 'object' && x !== null && 'requiresGrad' in x) {
    throw new UnsupportedError(
      `${op}: got ${show(x)} of another copy of @adjoint/autograd. Make the bundler or package manager keep one copy.`,
    )
  }
  return make(CONSTANT, readData(op, x, dtype), 0, 0, undefined)
}

/** Operands beside `x`, which may be left out, in the dtype of all that meet. */
function readParameters(op: string, x: Value, list: readonly (Operand | undefined)[]): (Value | undefined)[] {
  const dtype = commonDType([x, ...list])
  return list.map((part) => (part === undefined ? undefined : readOperand(op, part, dtype)))
}

/** Weights and bias of a convolution read as Values, beside the other options. */
function convolved<Options extends { readonly bias?: Operand | undefined }>(
  op: string,
  x: Value,
  weight: Operand,
  options: Options | undefined,
  run: (weight: Value, options: Omit<Options, 'bias'> & { readonly bias: Value | undefined }) => Value,
): Value {
  const [w, bias] = readParameters(op, x, [weight, options?.bias])
  return run(w as Value, { ...(options as Options), bias })
}

/** A parameter that is one number. @throws DomainError when it is not. */
function readNumber(op: string, name: string, x: unknown): number {
  if (typeof x === 'number' && x === x) return x
  throw new DomainError(`${op}: ${name} is ${show(x)}. Give a number.`)
}

/** The Value that an operation made: recorded when a gradient can flow through it, a constant otherwise. */
function made(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown, live: boolean): Value {
  if (mode.tracing > 0) return traced(op, raw, a, b, args, live)
  return live && mode.recording ? make(op, raw, a, b, args) : make(CONSTANT, raw, 0, 0, undefined)
}

/** While vmap records: what depends on one of its examples is remembered, whether or not a gradient flows. */
function traced(op: Op, raw: Data, a: Input | readonly Input[], b: Input, args: unknown, live: boolean): Value {
  const inputs = typeof a === 'object' && !('op' in a) ? a : [a as Input, b]
  const nodes = inputs.filter((x) => typeof x === 'object')
  const recorded = live && mode.recording && nodes.some((x) => isLive(x.op))
  const mapped = nodes.some((x) => mode.mapped?.has(x))
  // While a function is compiled, everything that does not follow from constants is remembered.
  if (!mapped && (mode.compiling === undefined || nodes.every((x) => x.op === CONSTANT))) {
    return recorded ? make(op, raw, a, b, args) : make(CONSTANT, raw, 0, 0, undefined)
  }
  const made = make(op, raw, a, b, args)
  if (mapped) mode.mapped?.add(made)
  if (recorded || op === STOPPED) return made
  // No gradient flows: remembered, but behind a stop.
  const stopped = make(STOPPED, raw, made, 0, undefined)
  if (mapped) mode.mapped?.add(stopped)
  return stopped
}

/** Applies an operation of one input. */
export function one(op: Op, x: Value, args?: unknown): Value {
  const at = x.raw
  const raw = typeof at === 'number' && op.scalar !== null ? op.scalar(at, 0, args) : op.forward(at, 0, args)
  if (mode.anomaly) checkResult(op.name, raw, [x])
  return made(op, raw, x, 0, args, op.da !== null && x.op !== CONSTANT)
}

/** Applies an operation of two inputs; a plain number stays a number. */
export function two(op: Op, a: Value | number, b: Value | number, args?: unknown): Value {
  const x = typeof a === 'number' ? a : a.raw
  const y = typeof b === 'number' ? b : b.raw
  const raw =
    typeof x === 'number' && typeof y === 'number' && op.scalar !== null
      ? op.scalar(x, y, args)
      : twoArrays(op, a, b, args)
  if (mode.anomaly) checkResult(op.name, raw, [a, b])
  return made(op, raw, a, b, args, (op.da !== null && takesShare(a)) || (op.db !== null && takesShare(b)))
}

/** Beside an array, a float64 scalar that is a Value has a say in the dtype of the result; a plain number has none. */
function twoArrays(op: Op, a: Value | number, b: Value | number, args: unknown): Data {
  let x = typeof a === 'number' ? a : a.raw
  let y = typeof b === 'number' ? b : b.raw
  if (typeof x === 'number' && typeof y !== 'number' && typeof a !== 'number') x = toNdArray(x)
  if (typeof y === 'number' && typeof x !== 'number' && typeof b !== 'number') y = toNdArray(y)
  try {
    return op.forward(x, y, args)
  } catch (error) {
    throw withLabels(error, [a, b])
  }
}

/** Applies an operation of a list of inputs. */
export function many(op: Op, inputs: readonly (Value | number)[], args?: unknown): Value {
  // As in `two`: beside an array, a float64 scalar that is a Value has a say in the dtype.
  const arrays = inputs.some((input) => typeof input !== 'number' && typeof input.raw !== 'number')
  const raw = op.forwardList(
    inputs.map((input) => (typeof input === 'number' ? input : arrays ? toNdArray(input.raw) : input.raw)),
    args,
  )
  if (mode.anomaly) checkResult(op.name, raw, inputs)
  const live = inputs.some((input, index) => index !== op.held && takesShare(input))
  return made(op, raw, inputs, 0, args, live)
}

function lift(x: Value | number): Value {
  return typeof x === 'number' ? make(CONSTANT, x, 0, 0, undefined) : x
}

/** The carrier of differentiable gradients: rules that run over it record what they do. */
export const values: Carrier<Value> = carrierOf<Value>({
  apply: (op, a, b, args) => (op.arity === 1 ? one(op, lift(a), args) : two(op, a, b, args)),
  applyList: (op, inputs, args) => many(op, inputs, args),
  shape: (x) => (typeof x === 'number' ? [] : x.shape),
  dtype: (x) => (typeof x === 'number' ? 'float64' : x.dtype),
  constant: (x) => make(CONSTANT, x, 0, 0, undefined),
})

/** Any order: nodes are seen as the Values that they are. */
export const valueReader: Reader<Value> = {
  k: values,
  plain: false,
  fit: (share, { raw }) => unbroadcast(values, lift(share), shapeOf(raw), dtypeOf(raw)),
}

/** The cotangent that a pass starts with. */
export function seedOf(op: string, root: Value, seed: Operand | undefined): Value {
  if (!root.requiresGrad) {
    throw new GradientError(
      `${op}: ${nameOf(root)} of shape ${showShape(root.shape)} has no graph: nothing that it was computed from requires a gradient (or it was made inside noGrad). Make the inputs with value(…).`,
    )
  }
  if (seed === undefined) {
    if (root.size !== 1) {
      throw new GradientError(
        `${op}: ${nameOf(root)} has shape ${showShape(root.shape)}; without a seed a single number is needed. Reduce it with sum() or mean(), or pass { seed }.`,
      )
    }
    return make(CONSTANT, filled(root.shape, 1, root.dtype), 0, 0, undefined)
  }
  const start = readOperand(op, seed, root.dtype)
  if (!sameShape(start.shape, root.shape)) {
    throw new ShapeError(
      `${op}: the seed has shape ${showShape(start.shape)}, the Value ${showShape(root.shape)}. Give a seed of the Value's shape.`,
    )
  }
  return start.dtype === root.dtype ? start : values.cast(start, root.dtype)
}

function isValue(x: unknown): x is Value {
  return x instanceof Value
}

function asValue(x: Data | Node): Value {
  return isValue(x) ? x : values.constant(x as Data)
}

/** Adds numbers to a gradient; one that is differentiable stays so. */
function addNumbers(before: Data | Node, g: Data): Data | Node {
  if (isValue(before)) return before.requiresGrad ? before.add(values.constant(g)) : numericReader.k.add(before.raw, g)
  return numericReader.k.add(before as Data, g)
}

/** Adds to a gradient of the same traced call. */
function addTraced(before: Value, g: Value): Value {
  if (mode.compiling !== undefined && before.stamp > mode.compiling.clock) {
    throw new TraceError(
      'backward: inside a compiled function it would add to a gradient from before the call. Call zeroGrad() first, inside the function.',
    )
  }
  return before.add(g)
}

/** Adds a finished cotangent to `.grad`. */
function keeper<T extends Data | Value>(
  keep: 'all' | 'leaves',
  add: (before: Data | Node, g: T) => Data | Node,
): (node: Node, g: T) => void {
  return (node, g) => {
    if (keep === 'leaves' && node.op !== LEAF) return
    node.gradient = node.gradient === undefined ? g : add(node.gradient, g)
  }
}
