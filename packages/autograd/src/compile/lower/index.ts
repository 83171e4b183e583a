/** Which element of an array an iteration of loops is about: one affine form a dimension. */

import { type Shape, stridesOf } from '../../shape.ts'
import { type Address, address, type Buffer, type Loop, type Span, type Term } from '../program/program.ts'

/** base + Σ stride·(iteration of loop) */
export interface Affine {
  readonly base: number
  readonly terms: Address['terms']
}

/** Where an array lies: a buffer, and the place of the first element. */
export interface Region {
  readonly buffer: Buffer
  readonly first: Affine
}

/** A whole buffer. */
export function regionOver(buffer: Buffer): Region {
  return { buffer, first: ORIGIN }
}

/** The address of a place counted from the first element. */
export function placed({ buffer, first }: Region, place: Affine, index: Term | null = null, scale = 1): Address {
  const { base, terms } = first === ORIGIN ? place : combined([first, place], [1, 1])
  return address(buffer, base, terms, index, scale)
}

/** All elements of a region. */
export function spanOf(region: Region, size: number): Span {
  return { address: placed(region, ORIGIN), size }
}

/** One form a dimension. */
export type Index = readonly Affine[]

export const ORIGIN: Affine = { base: 0, terms: [] }

export function along(loop: Loop): Affine {
  return { base: 0, terms: [{ loop, stride: 1 }] }
}

/** start + step·x */
export function scaled(x: Affine, step: number, start: number): Affine {
  if (step === 1 && start === 0) return x
  return { base: start + step * x.base, terms: x.terms.map(({ loop, stride }) => ({ loop, stride: stride * step })) }
}

/** Σ stepᵢ·xᵢ */
export function combined(index: Index, steps: readonly number[]): Affine {
  let base = 0
  const strides = new Map<Loop, number>()
  index.forEach((x, axis) => {
    const step = steps[axis] ?? 0
    base += step * x.base
    for (const { loop, stride } of x.terms) strides.set(loop, (strides.get(loop) ?? 0) + step * stride)
  })
  const terms = [...strides].filter(([, stride]) => stride !== 0).map(([loop, stride]) => ({ loop, stride }))
  return { base, terms }
}

/** The place of the element in memory, row by row. */
export function linear(index: Index, shape: Shape): Affine {
  return combined(index, stridesOf(shape))
}

/** The index into an array that is stretched to the shape: 0 along the dimensions that it has only once. */
export function narrowed(index: Index, from: Shape): Index {
  const lead = index.length - from.length
  return from.map((n, axis) => (n === 1 ? ORIGIN : (index[lead + axis] ?? ORIGIN)))
}
