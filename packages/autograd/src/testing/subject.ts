/** A function under test, reduced to one number, with its gradient in both modes. */
import { numericReader } from '../carriers/numeric.ts'
import { type Data, filled, NdArray } from '../data.ts'
import { GradientError, show } from '../errors.ts'
import { backpropagate } from '../graph.ts'
import type { Node } from '../node.ts'
import { LEAF } from '../op.ts'
import type { Random } from '../random.ts'
import { pushForward } from '../transforms/forward.ts'
import { noGrad } from '../transforms/recording.ts'
import { valuesOf } from '../transforms/structure.ts'
import { type Value, valueReader, values } from '../value.ts'
import type { Direction } from './directions.ts'
import { withNumbers } from './places.ts'

/** A function of the leaves, as everything here sees it. */
export interface Subject {
  readonly leaves: readonly Value[]
  /** Computes the number anew from what the leaves now hold. */
  root(): Value
  /** The number alone. */
  number(): number
}

/** The sum of products of each Value with fixed random weights, in float64. */
function weighted(list: readonly Value[], weights: Value[], random: Random): Value {
  list.forEach((y, i) => {
    weights[i] ??= random.normal(y.shape)
  })
  const terms = list.map((y, i) =>
    values
      .cast(y, 'float64')
      .mul(weights[i] as Value)
      .sum(),
  )
  return terms.reduce((x, y) => x.add(y))
}

/** The function itself. A result that is not a single number is reduced with a fixed random cotangent. */
export function subjectOf(f: () => unknown, leaves: readonly Value[], random: Random): Subject {
  const weights: Value[] = []
  const root = (): Value => {
    const result = f()
    const outputs = valuesOf('checkGradients', result)
    const [first] = outputs
    if (first === undefined) {
      throw new GradientError(`checkGradients: the function returned ${show(result)}. Return a Value, or several.`)
    }
    const single = outputs.length === 1 && first.size === 1
    return single ? values.cast(first.reshape([]), 'float64') : weighted(outputs, weights, random)
  }
  return { leaves, root, number: () => noGrad(root).item() }
}

/** The derivative of the gradient in a fixed random direction: what the next order checks. */
export function gradientOf(subject: Subject, random: Random): Subject {
  const { leaves } = subject
  const weights: Value[] = []
  const root = (): Value => weighted(pull(subject.root(), leaves, true), weights, random)
  return { leaves, root, number: () => root().item() }
}

/** Reverse mode: the gradient of `root` by each leaf, differentiable again when `live`. */
export function pull(root: Value, leaves: readonly Value[], live: boolean): Value[] {
  const found = new Map<Node, Value>()
  if (root.requiresGrad) {
    backpropagate(root, undefined, (_open, run) => {
      if (live) run(valueReader, values.constant(1), (node, g) => node.op === LEAF && found.set(node, g))
      else run<Data>(numericReader, 1, (node, g) => node.op === LEAF && found.set(node, values.constant(g)))
    })
  }
  return leaves.map((leaf) => found.get(leaf) ?? values.constant(filled(leaf.shape, 0, leaf.dtype)))
}

/** Numbers in the shape and dtype of the leaf. */
function shaped(leaf: Value, numbers: Float64Array): Data {
  if (leaf.rank === 0 && leaf.dtype === 'float64') return numbers[0] as number
  return new NdArray(leaf.shape, leaf.dtype === 'float32' ? new Float32Array(numbers) : numbers)
}

/** Forward mode: the derivative of `root` along the direction. */
export function push(root: Value, leaves: readonly Value[], { input, move }: Direction): number {
  const tangents = leaves.map((leaf, i) => {
    return values.constant(i === input ? shaped(leaf, move) : filled(leaf.shape, 0, leaf.dtype))
  })
  // A trace that ends at the leaves, however old: no argument of a transform stands between them and the root.
  const trace = { result: root, inputs: leaves, token: { clock: 0 }, live: false, recording: false }
  return pushForward(trace, root, tangents).item()
}

/** The number as a function of the step along the direction. */
export function along(subject: Subject, { input, move }: Direction): (t: number) => number {
  const leaf = subject.leaves[input] as Value
  const start = Float64Array.from(leaf.data)
  return (t) =>
    withNumbers(
      leaf,
      shaped(
        leaf,
        start.map((x, i) => x + t * (move[i] as number)),
      ),
      subject.number,
    )
}
