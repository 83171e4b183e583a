/** Einstein summation: the operands are contracted two at a time, each time by one (batched) matrix product. */
import { ShapeError, showShape } from '../errors.ts'
import type { Carrier } from '../op.ts'
import { sizeOf } from '../shape.ts'
import { diagonal } from './diagonal.ts'
import { type EinsumSpec, readSpec } from './einsumSpec.ts'
import { arrange } from './parts.ts'

type Labels = readonly string[]

/** An array, and the index that each of its axes carries. */
interface Operand<T> {
  readonly value: T
  readonly labels: Labels
}

function ordered<T>(k: Carrier<T>, { value, labels }: Operand<T>, wanted: Labels): T {
  return arrange(
    k,
    value,
    wanted.map((label) => labels.indexOf(label)),
  )
}

/** Axes with one index become their diagonal. Axes of size 1 that others stretch are dropped: absent means the same. */
function simplify<T>(k: Carrier<T>, operand: Operand<T>, { sizes }: EinsumSpec): Operand<T> {
  let { value, labels } = operand
  for (let d = labels.length - 1; d > 0; d--) {
    const label = labels[d] as string
    const twin = labels.indexOf(label)
    if (twin === d) continue
    const shape = k.shape(value)
    if (shape[twin] !== shape[d]) {
      throw new ShapeError(
        `einsum: index '${label}' is repeated in one operand, with the sizes ${shape[twin]} and ${shape[d]} of ${showShape(shape)}. A diagonal needs equal sizes.`,
      )
    }
    const others = labels.map((_, i) => i).filter((i) => i !== twin && i !== d)
    value = diagonal(k, arrange(k, value, [...others, twin, d]))
    labels = [...others.map((i) => labels[i] as string), label]
    d = labels.length
  }
  const shape = k.shape(value)
  const kept = labels.filter((label, d) => shape[d] !== 1 || sizes.get(label) === 1)
  if (kept.length === labels.length) return { value, labels }
  return {
    value: k.reshape(
      value,
      kept.map((label) => sizes.get(label) as number),
    ),
    labels: kept,
  }
}

/** Sums over every index that is not needed any more. */
function reduce<T>(k: Carrier<T>, { value, labels }: Operand<T>, needed: Labels): Operand<T> {
  const kept = labels.filter((label) => needed.includes(label))
  if (kept.length === labels.length) return { value, labels }
  const axes = labels.map((_, d) => d).filter((d) => !needed.includes(labels[d] as string))
  return { value: k.sum(value, axes), labels: kept }
}

/** The product of two operands, summed over the indices that both have and nothing else needs. */
function contract<T>(k: Carrier<T>, a: Operand<T>, b: Operand<T>, needed: Labels, spec: EinsumSpec): Operand<T> {
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const batch = shared.filter((label) => needed.includes(label))
  const inner = shared.filter((label) => !needed.includes(label))
  const rows = a.labels.filter((label) => !shared.includes(label))
  const columns = b.labels.filter((label) => !shared.includes(label))
  const labels = [...batch, ...rows, ...columns]
  const sizes = (list: Labels): number[] => list.map((label) => spec.sizes.get(label) as number)
  const group = (list: Labels): number => sizeOf(sizes(list))
  const ones = (list: Labels): number[] => list.map(() => 1)
  if (inner.length === 0) {
    const left = k.reshape(ordered(k, a, [...batch, ...rows]), [...sizes([...batch, ...rows]), ...ones(columns)])
    const right = k.reshape(ordered(k, b, [...batch, ...columns]), [...sizes(batch), ...ones(rows), ...sizes(columns)])
    return { value: k.mul(left, right), labels }
  }
  // Whichever of the forms A·B, A·Bᵀ, Aᵀ·B needs no copy.
  const plainA = [...batch, ...rows, ...inner]
  const turnedA = [...batch, ...inner, ...rows]
  const turnedB = [...batch, ...columns, ...inner]
  const transposeB = same(b.labels, turnedB)
  const transposeA = !transposeB && !same(a.labels, plainA) && same(a.labels, turnedA)
  const [m, n, size] = [group(rows), group(columns), group(inner)]
  const left = k.reshape(
    ordered(k, a, transposeA ? turnedA : plainA),
    transposeA ? [group(batch), size, m] : [group(batch), m, size],
  )
  const right = k.reshape(
    ordered(k, b, transposeB ? turnedB : [...batch, ...inner, ...columns]),
    transposeB ? [group(batch), n, size] : [group(batch), size, n],
  )
  return { value: k.reshape(k.matmul(left, right, { transposeA, transposeB }), sizes(labels)), labels }
}

function same(a: Labels, b: Labels): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i])
}

/** What must stay when operands i and j are contracted: the output, and all indices of the others. */
function neededBeside<T>(list: readonly Operand<T>[], output: Labels, ...taken: readonly number[]): Labels {
  return [...output, ...list.filter((_, i) => !taken.includes(i)).flatMap((operand) => operand.labels)]
}

/** The pair whose contraction frees the most (or adds the fewest) elements, the first of equals. */
function cheapest<T>(list: readonly Operand<T>[], { output, sizes }: EinsumSpec): readonly [number, number] {
  const size = (labels: Labels): number => sizeOf(labels.map((label) => sizes.get(label) as number))
  let best: readonly [number, number] = [0, 1]
  let least = Number.POSITIVE_INFINITY
  list.forEach((a, i) => {
    list.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset
      const needed = neededBeside(list, output, i, j)
      const all = new Set([...a.labels, ...b.labels])
      const growth = size([...all].filter((label) => needed.includes(label))) - size(a.labels) - size(b.labels)
      if (growth < least) {
        least = growth
        best = [i, j]
      }
    })
  })
  return best
}

/**
 * Sums of products over named axes: `einsum('ij,jk->ik', [a, b])` is a matrix product. Without '->' the output has the
 * indices that occur once, in alphabetical order. An index repeated in one operand is its diagonal; '...' stands for any
 * axes, which broadcast, and are summed where the output does not have them.
 * @throws ShapeError where the specification is malformed or does not fit the shapes.
 */
export function einsum<T>(k: Carrier<T>, spec: string, values: readonly T[]): T {
  const read = readSpec(
    spec,
    values.map((value) => k.shape(value)),
  )
  let list = values.map((value, i) => simplify(k, { value, labels: read.inputs[i] ?? [] }, read))
  list = list.map((operand, i) => reduce(k, operand, neededBeside(list, read.output, i)))
  while (list.length > 1) {
    const [i, j] = cheapest(list, read)
    const pair = contract(k, list[i] as Operand<T>, list[j] as Operand<T>, neededBeside(list, read.output, i, j), read)
    list = [...list.filter((_, other) => other !== i && other !== j), pair]
  }
  const [last] = list as [Operand<T>]
  return ordered(k, last, read.output)
}
