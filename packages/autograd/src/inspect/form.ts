/** What a form is, and the forms that many operations share: a call with what the record says of axes and windows. */
import type { Shape } from '../shape.ts'
import type { Notation, Piece, Relation } from './notation.ts'
import { formatArgs } from './numbers.ts'

/** The arguments that built-in operations have; each has some of them. */
export interface Details {
  readonly axis: number
  readonly axes: readonly number[]
  readonly shape: Shape
  readonly start: readonly number[]
  readonly step: readonly number[]
  readonly reverse: boolean
  readonly descending: boolean
  readonly dtype: string
  readonly min: number
  readonly max: number
  readonly order: number
  readonly imaginary: boolean
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly part: string
  readonly transpose: boolean
}

/** One use of an operation, to be written in a notation. */
export interface Use {
  readonly n: Notation
  readonly a: Piece
  readonly b: Piece
  readonly inputs: readonly Piece[]
  /** The shapes of the inputs. */
  readonly shapes: readonly Shape[]
  readonly args: Details
}

export type Form = (use: Use) => Piece

export const called =
  (name: string): Form =>
  ({ n, a }) =>
    n.call(name, [a])
export const calledWithTwo =
  (name: string): Form =>
  ({ n, a, b }) =>
    n.call(name, [a, b])
/** With the arguments of the record in words. */
export const calledWithArgs =
  (name: string): Form =>
  ({ n, a, args }) =>
    n.call(name, [a], formatArgs(args))
export const alongAxis =
  (name: string): Form =>
  ({ n, inputs, args }) =>
    n.call(name, inputs, [`axis = ${args.axis}`])
export const compared =
  (symbol: Relation): Form =>
  ({ n, a, b }) =>
    n.relation(symbol, a, b)

export const listed = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`

/** `axis = 1`; empty where every axis of the input is meant. */
export function axesOf({ args: { axes }, shapes: [shape = []] }: Use): string {
  if (axes.length === shape.length) return ''
  return axes.length === 1 ? `axis = ${axes[0]}` : `axes = ${listed(axes)}`
}
export const overAxes =
  (name: string): Form =>
  (use) => {
    const axes = axesOf(use)
    return use.n.call(name, [use.a], axes === '' ? [] : [axes])
  }

/** `1:3` for each axis, `0:6:2` with a step; whole axes at the end are left out. */
export function rangesOf({ start, step, shape }: Details, whole: Shape): string {
  const ranges = start.map((from, axis) => {
    const [by, count, size] = [step[axis] ?? 1, shape[axis] ?? 0, whole[axis]]
    if (from === 0 && by === 1 && count === size) return ':'
    const to = from + by * count
    return `${from}:${to < 0 ? '' : to}${by === 1 ? '' : `:${by}`}`
  })
  while (ranges.length > 1 && ranges.at(-1) === ':') ranges.pop()
  return ranges.join(', ')
}

/** What of a window differs from one that moves by 1 inside of the image. */
export function windowOf({ stride, padding, dilation, groups }: Details): string[] {
  const differs = (list: readonly number[], usual: number): boolean => list.some((n) => n !== usual)
  return [
    ...(differs(stride, 1) ? [`stride = ${listed(stride)}`] : []),
    ...(differs(padding, 0) ? [`padding = ${listed(padding)}`] : []),
    ...(differs(dilation, 1) ? [`dilation = ${listed(dilation)}`] : []),
    ...(groups > 1 ? [`groups = ${groups}`] : []),
  ]
}
export const convolved =
  (name: string): Form =>
  ({ n, a, b, args }) =>
    n.call(name, [a, b], windowOf(args))

export const withoutOnes = (shape: Shape): string => listed(shape.filter((size) => size !== 1))
