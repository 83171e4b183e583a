/** Class Value: numbers that remember how they were made. Its methods are in families, a file each in methods/. */
import { checkResult } from './anomaly.ts'
import * as apply from './apply.ts'
import { unbroadcast } from './carriers/fit.ts'
import { numericReader } from './carriers/numeric.ts'
import type { ReduceOptions } from './compose/reduce.ts'
import { type Data, type DType, dtypeOf, filled, shapeOf, toNdArray } from './data.ts'
import { GradientError, show } from './errors.ts'
import { binaryMethods, type Elementwise, unaryMethods } from './fluent.ts'
import * as gradient from './gradient.ts'
import { backpropagate, type Reader } from './graph.ts'
import { checkOptions, guarded } from './guard.ts'
import { ElementwiseMethods } from './methods/elementwise.ts'
import { IndexingMethods } from './methods/indexing.ts'
import { LinalgMethods } from './methods/linalg.ts'
import { Methods } from './methods/methods.ts'
import { NeuralMethods } from './methods/neural.ts'
import { ReductionMethods } from './methods/reduction.ts'
import { ShapeMethods } from './methods/shape.ts'
import { checkUnmapped, type Input, mode, Node } from './node.ts'
import { type Carrier, LEAF, type Op } from './op.ts'
import * as operands from './operand.ts'
import { table } from './ops/table.ts'

/** What fits wherever a Value does: plain numbers and arrays are constants. */
export type Operand = operands.Operand<Value>

export interface BackwardOptions {
  /** The cotangent of this Value, in its shape; needed unless it has one element (then 1). */
  readonly seed?: Operand
  /** Make the gradients themselves differentiable. */
  readonly createGraph?: boolean
  /** Which Values keep their gradient: all of the graph, or its leaves only. */
  readonly keep?: 'all' | 'leaves'
}

const seeding = ['seed', 'createGraph', 'keep']

export type { ReduceOptions }

/** All that a Value can do but differentiate: the loops below the class put the methods there. */
type Fluent = Elementwise<Value, Operand> &
  ElementwiseMethods<Value> &
  ReductionMethods<Value> &
  ShapeMethods<Value> &
  IndexingMethods<Value> &
  LinalgMethods<Value> &
  NeuralMethods<Value>
const families = [ElementwiseMethods, ReductionMethods, ShapeMethods, IndexingMethods, LinalgMethods, NeuralMethods]
const Fluent: new () => Fluent = Methods as never

/**
 * A differentiable scalar or array. Make one with `value` (a leaf), or `constant`; operations make the others.
 * @example
 * const x = value(3)
 * const y = x.square().add(1)
 * y.backward()
 * x.grad.item() // 6
 */
export class Value extends Fluent {
  /** Values come from `value`, `constant` and operations. */
  private constructor() {
    super()
  }

  /** The gradient: zeros until a backward pass has reached this Value, then the sum over all passes. */
  get grad(): Value {
    if (mode.compiling !== undefined) gradient.noteReading(this)
    const g = this.gradient
    if (g instanceof Value) return g
    if (g === undefined) return values.constant(filled(this.shape, 0, this.dtype))
    // Kept, so that what is done to the gradient (clipping, say) is done to this Value's gradient.
    const kept = values.constant(g as Data)
    this.gradient = kept
    return kept
  }
  /**
   * Replaces the gradient, by one that was scaled or cut, say; it takes the dtype of this Value. In a compiled function
   * too.
   * @throws ShapeError unless it has the shape of this Value; GradientError for what is no Value.
   * @example w.grad = w.grad.clamp(-1, 1)
   */
  set grad(g: Value) {
    gradient.noteFresh(this)
    this.gradient = gradient.readGradient(this, g)
  }
  get hasGrad(): boolean {
    if (mode.compiling !== undefined) gradient.noteReading(this)
    return this.gradient !== undefined
  }
  zeroGrad(): void {
    gradient.noteFresh(this)
    this.gradient = undefined
  }

  /**
   * Adds to `.grad` of every Value that this one was computed from: the gradient of this Value (times the seed).
   * @throws GradientError without a seed when there are several elements, when nothing here requires a gradient, or
   * when a leaf was assigned to since the forward pass.
   */
  backward(options: BackwardOptions = {}): void {
    checkOptions('backward', options, seeding)
    const { seed, createGraph = false, keep = 'all' } = options
    checkUnmapped('backward', this)
    if (keep !== 'all' && keep !== 'leaves') {
      throw new GradientError(`backward: keep is ${show(keep)}. Give 'all' or 'leaves'.`)
    }
    const start = seedOf('backward', this, seed)
    if (mode.anomaly) checkResult('the seed of backward', start.raw, [start])
    backpropagate(this, undefined, (_open, run) => {
      if (createGraph) run(valueReader, start, gradient.keeper(keep, gradient.addNode))
      else if (mode.compiling !== undefined) {
        const kept = gradient.keeper(keep, gradient.addTraced)
        run(valueReader, start, (node, g) => kept(node, g.detach()))
      } else run<Data>(numericReader, start.raw, gradient.keeper(keep, gradient.addNumbers))
    })
  }

  /** The same numbers as a constant: no gradient flows through. */
  detach(): Value {
    return apply.stopped<Value>(this)
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

for (const { prototype } of families) {
  for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name !== 'constructor') install(name, guarded(name, method))
  }
}
for (const name of unaryMethods) {
  const op = table[name]
  install(name, function (this: Value) {
    return apply.one(op, this)
  })
}
for (const name of binaryMethods) {
  const op = table[name]
  install(name, function (this: Value, other: Operand) {
    return apply.two(op, this, operands.readOther(name, this, other))
  })
}

// What console.log prints in Node.
Object.defineProperty(Value.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Value.prototype.toString })

function install(name: string, method: (this: Value, ...args: never[]) => unknown): void {
  Object.defineProperty(Value.prototype, name, { value: method, writable: true, configurable: true })
}

// The rest of the package takes these from here, typed for Values, and so the methods come with them: a bundler leaves
// out a module of which nothing is used.
/** Applies an operation of one input. */
export const one: (op: Op, x: Value, args?: unknown) => Value = apply.one
/** Applies an operation of two inputs; a plain number stays a number. */
export const two: (op: Op, a: Value | number, b: Value | number, args?: unknown) => Value = apply.two
/** Applies an operation of a list of inputs. */
export const many: (op: Op, inputs: readonly (Value | number)[], args?: unknown) => Value = apply.many
/** A Value from anything that fits where a Value does; arrays and numbers become constants. */
export const readOperand: (op: string, x: Operand, dtype?: DType) => Value = operands.readOperand
/** The cotangent that a pass starts with. */
export const seedOf: (op: string, root: Value, seed: Operand | undefined) => Value = gradient.seedOf

/** For a compiled function that would take a gradient from before the call for its own. */
export const oldGradient: () => Error = gradient.oldGradient

/** The carrier of differentiable gradients: rules that run over it record what they do. */
export const values: Carrier<Value> = apply.nodes as Carrier<Value>

/** Any order: nodes are seen as the Values that they are. */
export const valueReader: Reader<Value> = {
  k: values,
  plain: false,
  fit: (share, { raw }) => unbroadcast(values, apply.lift(share), shapeOf(raw), dtypeOf(raw)),
}
