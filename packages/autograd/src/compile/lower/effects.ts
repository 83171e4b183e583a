/** What happens after everything is computed: numbers that stay in a slot, for the next run. */
import { table } from '../../ops/table.ts'
import { type Shape, sameShape, sizeOf } from '../../shape.ts'
import { type Expression, isElementwise } from '../graph/expression.ts'
import type { HostCall, Span, Statement } from '../program/program.ts'
import { isInline } from './arrays.ts'
import { type Memory, memoryOf } from './elements.ts'
import { linear, spanOf } from './index.ts'
import { mapLoops } from './map.ts'

export type Effect = Assignment | Edit

/** New numbers for an input. */
export interface Assignment {
  readonly kind: 'assign'
  readonly target: Expression
  readonly value: Expression
}

/** A function that writes new numbers for an input, from what it reads and from the old ones. */
export interface Edit {
  readonly kind: 'edit'
  readonly name: string
  readonly target: Expression
  readonly reads: readonly Expression[]
  readonly run: HostCall['run']
}

/** One part of the work: what it computes, what of it must be stored before, and its statements. */
export interface Step {
  readonly values: readonly Expression[]
  readonly reads: readonly Expression[]
  statements(memory: Memory): Statement[]
}

/** Effects in their order; neighbours that assign to inputs of one shape are written by one loop where they can be. */
export function planEffects(effects: readonly Effect[]): Step[] {
  const written = new Set(effects.map(({ target }) => target))
  const steps: Step[] = []
  let group: Assignment[] = []
  const changed = new Set<Expression>()
  const close = (): void => {
    steps.push(...planAssignments(group, written, changed))
    for (const { target } of group) changed.add(target)
    group = []
  }
  for (const effect of effects) {
    if (effect.kind === 'assign') {
      // Of several assignments the last one counts: all values are those of before.
      group = [...group.filter(({ target }) => target !== effect.target), effect]
    } else {
      close()
      steps.push(editStep(effect))
      changed.add(effect.target)
    }
  }
  close()
  return steps
}

function editStep({ target, name, reads, run }: Edit): Step {
  const statements = (memory: Memory): Statement[] => {
    const span = (x: Expression): Span => spanOf(memoryOf(memory, x), sizeOf(x.shape))
    return [{ kind: 'host', name, run, inputs: reads.map(span), output: span(target) }]
  }
  return { values: [], reads, statements }
}

/** @param changed What an earlier step has written: its old numbers are gone. */
function planAssignments(
  all: readonly Assignment[],
  written: ReadonlySet<Expression>,
  changed: ReadonlySet<Expression>,
): Step[] {
  const shapes: Shape[] = []
  for (const { target } of all) {
    if (!shapes.some((shape) => sameShape(shape, target.shape))) shapes.push(target.shape)
  }
  return shapes.map((shape) => {
    const group = all.filter(({ target }) => sameShape(target.shape, shape))
    const inStep = together(group, written, changed)
    return {
      values: group.map(({ value }) => value),
      reads: group.filter((each) => !inStep.includes(each)).map(({ value }) => value),
      statements: (memory) =>
        mapLoops(
          memory,
          shape,
          group.map(({ target, value }) => {
            const region = memoryOf(memory, target)
            return { value, region, place: (index) => linear(index, shape) }
          }),
        ),
    }
  })
}

/**
 * Those that can be written over the old numbers element by element: of what is assigned to, only their own targets are
 * read, and those in step.
 */
function together(
  group: readonly Assignment[],
  written: ReadonlySet<Expression>,
  changed: ReadonlySet<Expression>,
): readonly Assignment[] {
  const targets = new Set(group.map(({ target }) => target).filter((target) => !changed.has(target)))
  const kept = group.filter((each) => staysInStep(each, targets, written))
  return kept.length === group.length ? kept : together(kept, written, changed)
}

function staysInStep(
  { target: { shape }, value }: Assignment,
  targets: ReadonlySet<Expression>,
  written: ReadonlySet<Expression>,
): boolean {
  const seen = { inStep: new Set<Expression>(), elsewhere: new Set<Expression>() }
  const visit = (x: Expression, inStep: boolean): boolean => {
    if (written.has(x)) return targets.has(x) && inStep
    const before = inStep ? seen.inStep : seen.elsewhere
    if (x.op === null || !isInline(x) || before.has(x)) return true
    before.add(x)
    const keeps = inStep && (isElementwise(x.op) || x.op === table.cast)
    return x.inputs.every((input) => visit(input, keeps && sameShape(input.shape, shape)))
  }
  return value.op !== null && isInline(value) && visit(value, true)
}
