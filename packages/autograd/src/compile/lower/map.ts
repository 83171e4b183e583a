/** Kernels that compute every element by itself. */

import type { Shape } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { type Address, address, type Buffer, loop, type Statement } from '../program/program.ts'
import { elementOf, type Memory, memoryOf, Site } from './elements.ts'
import { type Affine, type Index, linear } from './index.ts'
import { chooseVector, groupAxes, indexOver, nestLoops, trialLoops } from './nest.ts'

/** Where the element of an index is written. */
export interface Target {
  readonly value: Expression
  readonly buffer: Buffer
  place(index: Index): Affine
}

/** What is written in the row order of its own buffer. */
export function targetOf(memory: Memory, value: Operation): Target {
  return { value, buffer: memoryOf(memory, value), place: (index) => linear(index, value.shape) }
}

/** The loops that write all targets, which have one shape. */
export function mapLoops(memory: Memory, shape: Shape, targets: readonly Target[], accumulate = false): Statement[] {
  // What is written here is computed here; everything else that is stored is read.
  const here = new Set(targets.filter(({ value, buffer }) => memory(value) === buffer).map(({ value }) => value))
  const outside: Memory = (x) => (here.has(x) ? undefined : memory(x))
  const trial = trialLoops(shape)
  const look = new Site([])
  const written: Address[] = targets.map(({ value, buffer, place }) => {
    elementOf(outside, look, value, trial.index)
    const { base, terms } = place(trial.index)
    return address(buffer, base, terms)
  })
  const groups = groupAxes(shape, trial.loops, [...look.reads, ...written])
  const lanes = targets.some(({ buffer }) => buffer.type === 'f64') ? 2 : 4
  const vector = chooseVector(
    groups.map(({ count }) => count),
    lanes,
  )
  const loops = groups.map(({ count }, i) => loop(count, { parallel: true, vector: i === vector }))
  const index = indexOver(shape.length, groups, loops)
  const inner = nestLoops(loops)
  const site = new Site(inner?.body ?? [])
  for (const { value, buffer, place } of targets) {
    const term = elementOf(outside, site, value, index)
    const { base, terms } = place(index)
    site.statements.push({
      kind: accumulate ? 'accumulate' : 'store',
      address: address(buffer, base, terms),
      value: term,
    })
  }
  return loops[0] === undefined ? site.statements : [loops[0]]
}
