/** Nests of loops over a shape, with as few loops as the addresses inside allow. */
import type { Shape } from '../../shape.ts'
import { type Address, type Loop, loop } from '../program/program.ts'
import { along, type Index, ORIGIN } from './index.ts'

/** Neighbouring dimensions that are walked as one. */
export interface Group {
  readonly axes: readonly number[]
  readonly count: number
}

/** One loop a dimension (none where there is only one element), for a look at the addresses. */
export function trialLoops(shape: Shape): { readonly loops: (Loop | null)[]; readonly index: Index } {
  const loops = shape.map((n) => (n === 1 ? null : loop(n)))
  return { loops, index: loops.map((x) => (x === null ? ORIGIN : along(x))) }
}

/**
 * Dimensions that every address walks in one line become one group: stepping along the outer one is the same as going
 * over the end of the inner one. `apart` tells which dimensions may not be joined with the one before.
 */
export function groupAxes(
  shape: Shape,
  loops: readonly (Loop | null)[],
  addresses: readonly Address[],
  apart: (outer: number, inner: number) => boolean = () => false,
): Group[] {
  const walked = shape.map((_, axis) => axis).filter((axis) => loops[axis] !== null)
  const strides = addresses.map(({ terms }) => new Map(terms.map(({ loop: x, stride }) => [x, stride])))
  const strideOf = (steps: ReadonlyMap<Loop, number>, axis: number): number => steps.get(loops[axis] as Loop) ?? 0
  const groups: { axes: number[]; count: number }[] = []
  for (const axis of walked) {
    const last = groups.at(-1)
    const outer = last?.axes.at(-1)
    const n = shape[axis] as number
    const joins =
      last !== undefined &&
      outer !== undefined &&
      !apart(outer, axis) &&
      strides.every((steps) => strideOf(steps, outer) === strideOf(steps, axis) * n)
    if (joins) {
      last.axes.push(axis)
      last.count *= n
    } else groups.push({ axes: [axis], count: n })
  }
  return groups
}

/** The index when each group is walked by its loop: the whole way along the last dimension of the group. */
export function indexOver(rank: number, groups: readonly Group[], loops: readonly Loop[]): Index {
  const index = new Array(rank).fill(ORIGIN) as Index[number][]
  groups.forEach(({ axes }, i) => {
    index[axes.at(-1) as number] = along(loops[i] as Loop)
  })
  return index
}

/** Loops put into one another, outermost first; returns the innermost. */
export function nestLoops(loops: readonly Loop[]): Loop | undefined {
  loops.forEach((inner, i) => {
    if (i > 0) (loops[i - 1] as Loop).body.push(inner)
  })
  return loops.at(-1)
}

/** Which of the loops has lanes: the innermost that is long enough, else the longest. */
export function chooseVector(counts: readonly number[], lanes: number): number {
  for (let i = counts.length - 1; i >= 0; i--) if ((counts[i] as number) >= lanes) return i
  return counts.indexOf(Math.max(...counts))
}
