/** Reading and rewriting the body of a loop, whose own expressions have numbers from `first` on. */
import type { Builder } from '../graph/builder.ts'
import type { Expression, Leaf, Operation } from '../graph/expression.ts'
import { bodyOf } from '../graph/scan.ts'

/** The rows that a body reads, what they are rows of, and what the body computes from them. */
export interface Walk {
  readonly rows: Leaf[]
  readonly walked: Expression[]
  readonly made: readonly Expression[]
}

/** Whether a carry or row of the body is in it: what was made before has a lower number. */
export function dependsOn(root: Expression, first: number, known: Map<Expression, boolean>): boolean {
  const stack = [root]
  for (let x = stack.at(-1); x !== undefined; x = stack.at(-1)) {
    if (known.has(x) || x.id < first || x.op === null) {
      if (!known.has(x)) known.set(x, x.id >= first && x.op === null && x.source.kind === 'bound')
      stack.pop()
      continue
    }
    const open = x.inputs.filter((input) => !known.has(input))
    if (open.length > 0) stack.push(...open)
    else {
      known.set(
        x,
        x.inputs.some((input) => known.get(input)),
      )
      stack.pop()
    }
  }
  return known.get(root) ?? false
}

/** The roots with everything replaced that `replace` has something for, from the largest expressions on. */
export function rewritten(
  build: Builder,
  roots: readonly Expression[],
  first: number,
  replace: (x: Operation) => Expression | undefined,
): Expression[] {
  const known = new Map<Expression, Expression>()
  const opened = new Set<Expression>()
  const stack = [...roots].reverse()
  const finish = (x: Expression, made: Expression): void => {
    known.set(x, made)
    stack.pop()
  }
  for (let x = stack.at(-1); x !== undefined; x = stack.at(-1)) {
    if (known.has(x) || x.op === null || x.id < first) {
      finish(x, known.get(x) ?? x)
      continue
    }
    const replaced = opened.has(x) ? undefined : replace(x)
    opened.add(x)
    // The body of a loop inside reads what it closes over as it is.
    const open = replaced === undefined && bodyOf(x) === undefined ? x.inputs.filter((input) => !known.has(input)) : []
    if (open.length > 0) stack.push(...open.reverse())
    else finish(x, replaced ?? withInputs(build, x, known))
  }
  return roots.map((root) => known.get(root) as Expression)
}

function withInputs(build: Builder, x: Operation, known: ReadonlyMap<Expression, Expression>): Expression {
  const inputs = x.inputs.map((input) => known.get(input) ?? input)
  if (inputs.every((input, i) => input === x.inputs[i])) return x
  return build.apply(x.op, inputs, x.args, x.shape, x.dtype)
}
