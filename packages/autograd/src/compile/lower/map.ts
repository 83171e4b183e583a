/** Kernels that compute every element by itself. */

import type { Shape } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Address, loop, type Statement, type Term } from '../program/program.ts'
import { elementOf, type Memory, memoryOf, Site } from './elements.ts'
import { type Affine, type Index, linear, placed, type Region } from './index.ts'
import { chooseVector, groupAxes, indexOver, nestLoops, trialLoops } from './nest.ts'

/** Where the element of an index is written. */
export interface Target {
  readonly value: Expression
  readonly region: Region
  place(index: Index): Affine
}

/** What is written in the row order of its own buffer. */
export function targetOf(memory: Memory, value: Operation): Target {
  return { value, region: memoryOf(memory, value), place: (index) => linear(index, value.shape) }
}

/** The loops that write all targets, which have one shape. */
export function mapLoops(memory: Memory, shape: Shape, targets: readonly Target[]): Statement[] {
  // What is written here is computed here; everything else that is stored is read.
  const here = new Set(targets.filter(({ value, region }) => memory(value) === region).map(({ value }) => value))
  const outside: Memory = (x) => (here.has(x) ? undefined : memory(x))
  const trial = trialLoops(shape)
  const look = new Site([])
  const written: Address[] = targets.map(({ value, region, place }) => {
    elementOf(outside, look, value, trial.index)
    return placed(region, place(trial.index))
  })
  const groups = groupAxes(shape, trial.loops, [...look.reads, ...written])
  const lanes = targets.some(({ region }) => region.buffer.type === 'f64') ? 2 : 4
  const vector = chooseVector(
    groups.map(({ count }) => count),
    lanes,
  )
  const loops = groups.map(({ count }, i) => loop(count, { parallel: true, vector: i === vector }))
  const index = indexOver(shape.length, groups, loops)
  const inner = nestLoops(loops)
  const site = new Site(inner?.body ?? [])
  // All is read before anything is written: what is assigned to may be read for several targets.
  const terms = targets.map(({ value }) => elementOf(outside, site, value, index))
  for (const [i, { region, place }] of targets.entries()) {
    site.statements.push({ kind: 'store', address: placed(region, place(index)), value: terms[i] as Term })
  }
  return loops[0] === undefined ? site.statements : [loops[0]]
}
