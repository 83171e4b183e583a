/** A function of one example, run over many at once. */
import { ShapeError, show, showShape } from '../errors.ts'
import { checkOptions } from '../guard.ts'
import { mode, type Node } from '../node.ts'
import { normalizeAxis } from '../shape.ts'
import { type Value, values } from '../value.ts'
import { fromFront, toFront } from './batch/align.ts'
import { exampleOf, recordExample } from './batch/examples.ts'
import { replay } from './batch/replay.ts'
import { outputsOf } from './reverse.ts'
import { argumentValues, type Loose, mapStructure, rebuildArguments, type Valued } from './structure.ts'

export interface VmapOptions {
  /** The axis along which each argument has its examples; in a list, null for an argument that all examples share. */
  readonly axis?: number | readonly (number | null)[]
  /** The axis of the results along which theirs are. */
  readonly outAxis?: number
}

const known = ['axis', 'outAxis']

/** For each Value of the arguments the axis of its examples, or null. */
function axesOf(args: readonly unknown[], axis: number | readonly (number | null)[]): (number | null)[] {
  if (typeof axis !== 'number' && axis.length !== args.length) {
    throw new ShapeError(
      `vmap: axis names ${axis.length} axes, but the function got ${args.length} arguments. Give one for each, null for an argument that all examples share.`,
    )
  }
  return args.flatMap((arg, i) => {
    const own = typeof axis === 'number' ? axis : (axis[i] as number | null)
    return argumentValues('vmap', [arg]).map((x) => (own === null ? null : normalizeAxis('vmap', own, x.rank)))
  })
}

/** How many examples there are. @throws ShapeError when there are none, or when the arguments differ. */
function countExamples(list: readonly Value[], axes: readonly (number | null)[]): number {
  const mapped = list.flatMap((x, i) => {
    const axis = axes[i]
    return axis === null || axis === undefined ? [] : [{ x, axis, size: x.shape[axis] as number }]
  })
  const [first] = mapped
  if (first === undefined) {
    throw new ShapeError('vmap: none of the arguments is mapped. Give at least one Value or array with an axis.')
  }
  const other = mapped.find(({ size }) => size !== first.size)
  if (other !== undefined) {
    throw new ShapeError(
      `vmap: the arguments hold different numbers of examples, ${first.size} along axis ${first.axis} of ${showShape(first.x.shape)} and ${other.size} along axis ${other.axis} of ${showShape(other.x.shape)}. Give each the same number, or null as the axis of one that all examples share.`,
    )
  }
  if (first.size === 0) {
    throw new ShapeError(
      `vmap: there are no examples along axis ${first.axis} of ${showShape(first.x.shape)}. Give at least one.`,
    )
  }
  return first.size
}

/**
 * The function of one example as a function of many at once: `f` is recorded on the first example, and what it did is
 * run over all of them in one go. Numbers inside stand for every example, so `f` chooses with `where` instead of `if`.
 * Composes with all transforms: `vmap(grad(loss))` gives the gradients example by example. Random numbers that `f` draws,
 * in dropout say, are drawn once and are the same for all examples, as with PyTorch's randomness='same'; for different
 * ones draw for all outside, and map over them.
 * @param options `axis`: where arguments have their examples, one for all or a list (null: not mapped); `outAxis`: where
 * results have theirs.
 * @throws ShapeError without examples, or for different numbers of them; GradientError when `f` returns no Value;
 * UnsupportedError where `f` reads a mapped number (`item`, `data`, `toArray`), where a Value that `f` put elsewhere is
 * used after the call, or for an operation of one's own that has no batch rule; DTypeError for an unknown option.
 * @example
 * vmap((x, y) => x.dot(y))([[1, 2], [3, 4]], [[1, 0], [0, 1]]) // [1, 4]
 */
export function vmap<Args extends readonly Value[], Result>(
  f: (...args: Args) => Result,
  options?: VmapOptions,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function vmap<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  options?: VmapOptions,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function vmap(f: (...args: never[]) => unknown, options?: VmapOptions): (...args: unknown[]) => unknown {
  checkOptions('vmap', options, known)
  const { axis = 0, outAxis = 0 } = options ?? {}
  return (...args) => {
    if (typeof f !== 'function') throw new ShapeError(`vmap: got ${show(f)}. Give a function of one example.`)
    const list = argumentValues('vmap', args)
    const axes = axesOf(args, axis)
    const size = countExamples(list, axes)
    const clock = --mode.clock
    const batch = new Map<Node, Value>()
    const examples = list.map((x, i) => {
      const own = axes[i]
      if (own === null || own === undefined) return x
      const all = own === 0 ? x : toFront(values, x, own)
      const example = exampleOf(all)
      batch.set(example, all)
      return x.label === undefined ? example : example.withLabel(x.label)
    })
    const result = recordExample(() => f(...(rebuildArguments('vmap', args, examples) as never[])))
    outputsOf('vmap', result)
    return mapStructure('vmap', result, (y) => {
      const all = replay(y, clock, batch, size)
      return outAxis === 0 ? all : fromFront(values, all, normalizeAxis('vmap', outAxis, all.rank))
    })
  }
}
