/** Blocks of axes: every set of axes becomes (outer, reduced, inner), and a block is walked with one stride. */
import { allocate, compact, type Data, dtypeOf, type FloatArray, NdArray, toNdArray } from '../data.ts'
import { reducedShape, sizeOf } from '../shape.ts'
import { transpose } from './move.ts'

/** An array in which the reduced axes are one block in the middle. */
interface Blocks {
  readonly data: FloatArray
  readonly outer: number
  readonly reduced: number
  readonly inner: number
}

/** The order of axes that makes the reduced ones neighbours: theirs if they are, else all others before them. */
function neighbouring(rank: number, axes: readonly number[]): readonly number[] | undefined {
  const span = (axes[axes.length - 1] ?? 0) - (axes[0] ?? 0) + 1
  if (span === axes.length || axes.length === 0) return undefined
  const all = Array.from({ length: rank }, (_, axis) => axis)
  return [...all.filter((axis) => !axes.includes(axis)), ...axes]
}

/** The blocks of an array whose reduced axes are neighbours. */
function blocksOf({ shape, data }: NdArray, axes: readonly number[]): Blocks {
  const first = axes[0] ?? shape.length
  const end = first + axes.length
  return {
    data,
    outer: sizeOf(shape.slice(0, first)),
    reduced: sizeOf(shape.slice(first, end)),
    inner: sizeOf(shape.slice(end)),
  }
}

/** Folds each block of `reduced` elements to one number, by `fold(data, at, stride, n)`. */
export function foldBlocks(
  x: Data,
  axes: readonly number[],
  keepDims: boolean,
  fold: (data: FloatArray, at: number, stride: number, n: number) => number,
): Data {
  if (typeof x === 'number') return fold(Float64Array.of(x), 0, 1, 1)
  const order = neighbouring(x.shape.length, axes)
  const { data, outer, reduced, inner } =
    order === undefined ? blocksOf(x, axes) : blocksOf(transpose(x, order), lastAxes(x, axes))
  const out = allocate(dtypeOf(x), outer * inner)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) out[o * inner + i] = fold(data, o * reduced * inner + i, inner, reduced)
  }
  return compact(new NdArray(reducedShape(x.shape, axes, keepDims), out))
}

/** As many axes, counted from the end. */
function lastAxes({ shape }: NdArray, axes: readonly number[]): number[] {
  return axes.map((_, i) => shape.length - axes.length + i)
}

/** Fills the places of one block of the result from the same places of x. */
export type Block = (out: FloatArray, x: FloatArray, at: number, stride: number, n: number) => void

/** Runs `block` over each block; the result has the shape of x. */
export function eachBlock(x: Data, axes: readonly number[], block: Block): Data {
  if (typeof x === 'number') {
    const out = new Float64Array(1)
    block(out, Float64Array.of(x), 0, 1, 1)
    return out[0] as number
  }
  const order = neighbouring(x.shape.length, axes)
  if (order !== undefined) {
    const moved = eachBlock(transpose(x, order), lastAxes(x, axes), block)
    return transpose(
      toNdArray(moved),
      order.map((_, axis) => order.indexOf(axis)),
    )
  }
  const { data, outer, reduced, inner } = blocksOf(x, axes)
  const out = allocate(dtypeOf(x), data.length)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) block(out, data, o * reduced * inner + i, inner, reduced)
  }
  return compact(new NdArray(x.shape, out))
}
