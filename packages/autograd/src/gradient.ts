/** The two ends of a backward pass: the cotangent that it starts with, and how gradients are kept. */
import { constantNode, nodes } from './apply.ts'
import { numericReader } from './carriers/numeric.ts'
import { type Data, dtypeOf, filled, shapeOf } from './data.ts'
import { GradientError, ShapeError, show, showShape, TraceError } from './errors.ts'
import { type Graded, mode, Node, nameOf } from './node.ts'
import { EXAMPLE, isLive, LEAF } from './op.ts'
import { type Operand, readOperand } from './operand.ts'
import { sameShape } from './shape.ts'

/** The cotangent that a pass starts with. */
export function seedOf<V extends Node>(op: string, root: V, seed: Operand<V> | undefined): V {
  const [shape, dtype] = [shapeOf(root.raw), dtypeOf(root.raw)]
  if (!isLive(root.op)) {
    throw new GradientError(
      `${op}: ${nameOf(root)} of shape ${showShape(shape)} has no graph: nothing that it was computed from requires a gradient (or it was made inside noGrad). Make the inputs with value(…).`,
    )
  }
  if (seed === undefined) {
    const size = typeof root.raw === 'number' ? 1 : root.raw.data.length
    if (size !== 1) {
      throw new GradientError(
        `${op}: ${nameOf(root)} has shape ${showShape(shape)}; without a seed a single number is needed. Reduce it with sum() or mean(), or pass { seed }.`,
      )
    }
    return constantNode(filled(shape, 1, dtype))
  }
  const start = readOperand(op, seed, dtype)
  const given = shapeOf(start.raw)
  if (!sameShape(given, shape)) {
    throw new ShapeError(
      `${op}: the seed has shape ${showShape(given)}, the Value ${showShape(shape)}. Give a seed of the Value's shape.`,
    )
  }
  return dtypeOf(start.raw) === dtype ? start : (nodes.cast(start, dtype) as V)
}

/** Adds a finished cotangent to the gradient of its node. */
export function keeper<T extends Data | Node>(
  keep: 'all' | 'leaves',
  add: (before: Data | Node, g: T) => Data | Node,
): (node: Node, g: T) => void {
  return (node, g) => {
    // What stands for an argument of a compiled function may stand for a leaf.
    if (keep === 'leaves' && node.op !== LEAF && (node.op !== EXAMPLE || mode.compiling === undefined)) return
    noteGradient(node)
    node.gradient = node.gradient === undefined ? g : add(node.gradient, g)
  }
}

/** While a function is compiled, the gradients that it leaves are those of its program: at each call, not now. */
export function noteGradient(node: Node): Graded | undefined {
  const { compiling } = mode
  if (compiling === undefined || (node.op !== LEAF && node.op !== EXAMPLE)) return undefined
  const known = compiling.graded.get(node)
  if (known !== undefined) return known
  const graded: Graded = { before: node.gradient, fresh: false, read: false }
  compiling.graded.set(node, graded)
  node.gradient = undefined
  return graded
}

/** Notes that a gradient is cleared, or replaced. */
export function noteFresh(node: Node): void {
  const graded = noteGradient(node)
  if (graded !== undefined) graded.fresh = true
}

/** Notes that a gradient is read. @throws TraceError while a function is compiled, for one from before the call. */
export function noteReading(node: Node): void {
  const graded = noteGradient(node)
  if (graded !== undefined && !graded.fresh) {
    graded.read = true
    // What runs again for its gradient had none the first time.
    if (graded.before !== undefined && mode.again === undefined) throw oldGradient()
  } else if (node.gradient !== undefined) checkFresh(READS, node.gradient)
}

/** For `keeper`: adds numbers to a gradient; one that is differentiable stays so. */
export function addNumbers(before: Data | Node, g: Data): Data | Node {
  if (!(before instanceof Node)) return numericReader.k.add(before, g)
  return isLive(before.op) ? nodes.add(before, constantNode(g)) : numericReader.k.add(before.raw, g)
}

/** For `keeper`: adds a node to a gradient, which becomes differentiable. */
export function addNode(before: Data | Node, g: Node): Node {
  return nodes.add(before instanceof Node ? before : constantNode(before), g)
}

/** @throws TraceError while a function is compiled for a gradient from before the call: it would stay what it is now. */
function checkFresh(what: string, gradient: Data | Node): void {
  if (mode.compiling === undefined || (gradient instanceof Node && gradient.stamp <= mode.compiling.clock)) return
  throw oldGradient(what)
}

const READS = 'grad: a compiled function reads'

export function oldGradient(what: string = READS): TraceError {
  return new TraceError(
    `${what} a gradient from before the call. Call zeroGrad() first, inside the function, and then backward().`,
  )
}

/** For `keeper`, while a function is compiled: adds a node to a gradient of the same traced call. */
export function addTraced(before: Data | Node, g: Node): Node {
  checkFresh('backward: inside a compiled function it would add to', before)
  return addNode(before, g)
}

/** A gradient that is set by hand, in the dtype of the node. @throws GradientError, ShapeError for what does not fit. */
export function readGradient(of: Node, g: unknown): Node {
  if (!(g instanceof Node)) {
    throw new GradientError(`grad: got ${show(g)} for the gradient of ${nameOf(of)}. Give a Value.`)
  }
  const [shape, own] = [shapeOf(g.raw), shapeOf(of.raw)]
  if (!sameShape(shape, own)) {
    throw new ShapeError(
      `grad: got the shape ${showShape(shape)} for the gradient of ${nameOf(of)} of shape ${showShape(own)}. Give one of the same shape.`,
    )
  }
  const dtype = dtypeOf(of.raw)
  return dtypeOf(g.raw) === dtype ? g : nodes.cast(g, dtype)
}
