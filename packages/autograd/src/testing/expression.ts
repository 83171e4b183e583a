/** Random differentiable expressions for property tests. */
import fc from 'fast-check'
import { DomainError, show } from '../errors.ts'
import { binaryMethods, unaryMethods } from '../fluent.ts'
import type { Op, Smooth } from '../op.ts'
import { table } from '../ops/table.ts'
import { type Operand, readOperand, type Value, values } from '../value.ts'

/** A random expression, which prints as what it computes: `tanh(x0) * (x1 + 0.5)`. */
export interface Expression {
  /** The Value of the expression for one Value (or number, or array) an input. */
  evaluate(inputs: readonly Operand[]): Value
  toString(): string
}

export interface ExpressionOptions {
  /** The number of inputs: x0, x1, … The numbers in them should lie between −2 and 2. */
  readonly inputs: number
  /** The most operations on a path from the result to an input. */
  readonly depth: number
  /** The operations to use, by name. Default: every smooth one of the table that has a method. */
  readonly ops?: readonly string[]
}

/** A tree of operations over the inputs; `low` and `high` bound what it computes. */
type Tree =
  | { readonly kind: 'input'; readonly index: number; readonly low: number; readonly high: number }
  | { readonly kind: 'number'; readonly value: number; readonly low: number; readonly high: number }
  | {
      readonly kind: 'op'
      readonly op: Op
      readonly parts: readonly Tree[]
      readonly low: number
      readonly high: number
    }
  | { readonly kind: 'fit'; readonly part: Tree; readonly low: number; readonly high: number }

const infix: Readonly<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/' }

function evaluate(tree: Tree, inputs: readonly Value[]): Value {
  switch (tree.kind) {
    case 'input':
      return inputs[tree.index] as Value
    case 'number':
      return values.constant(tree.value)
    case 'fit': {
      const middle = (tree.low + tree.high) / 2
      const half = (tree.high - tree.low) / 2
      return evaluate(tree.part, inputs).sub(middle).div(half).tanh().mul(half).add(middle)
    }
    case 'op': {
      const [a, b] = tree.parts.map((part) => evaluate(part, inputs))
      return values.apply(tree.op, a as Value, b ?? 0, tree.op.smooth?.args)
    }
  }
}

function print(tree: Tree): string {
  switch (tree.kind) {
    case 'input':
      return `x${tree.index}`
    case 'number':
      return String(tree.value)
    case 'fit':
      return `fit(${print(tree.part)}, ${tree.low}, ${tree.high})`
    case 'op': {
      const sign = infix[tree.op.name]
      const parts = tree.parts.map(print)
      return sign === undefined ? `${tree.op.name}(${parts.join(', ')})` : `(${parts.join(` ${sign} `)})`
    }
  }
}

/** Keeps an operand inside the domain of the operation: fit(u, a, b) bends u smoothly into a … b. */
function fitted(part: Tree, [low, high]: readonly [number, number]): Tree {
  return part.low >= low && part.high <= high ? part : { kind: 'fit', part, low, high }
}

/** What the operation gives on a grid over its operands bounds it well enough. */
function applied(op: Op, smooth: Smooth, operands: readonly Tree[]): Tree {
  const parts = smooth.domain.map((domain, i) => fitted(operands[i] as Tree, domain))
  const grids = parts.map(({ low, high }) => [0, 0.25, 0.5, 0.75, 1].map((t) => low + t * (high - low)))
  const [first = [], second = [0]] = grids
  const results = first.flatMap((a) => second.map((b) => op.forward(a, b, smooth.args) as number))
  return { kind: 'op', op, parts, low: Math.min(...results), high: Math.max(...results) }
}

/** Operations that are smooth in their whole domain, and not constant there. */
function usable(op: Op): boolean {
  if (op.smooth === null || op.smooth.kinks !== undefined || op.smooth.args !== undefined) return false
  const [[low, high] = [0, 0], [other] = [0]] = op.smooth.domain
  return op.forward(low, other, undefined) !== op.forward(high, other, undefined)
}

function operations(names: readonly string[]): Op[] {
  const all: Readonly<Record<string, Op>> = table as never
  return names.map((name) => {
    const op = all[name]
    if (op?.smooth === null || op === undefined) {
      throw new DomainError(
        `arbitraryExpression: there is no smooth operation ${show(name)}. Use the name of an elementwise one, 'tanh' say.`,
      )
    }
    return op
  })
}

const defaults = (): string[] => [...unaryMethods, ...binaryMethods].filter((name) => usable(table[name]))

/**
 * A fast-check arbitrary of differentiable expressions over smooth operations, printed as formulas. Operands are bent
 * into the domain of their operation (`fit(u, 0.2, 4)` under a logarithm), so that all derivatives are moderate.
 * @throws DomainError for an operation that is not in the table or nowhere smooth.
 * @example
 * fc.assert(fc.property(arbitraryExpression({ inputs: 2, depth: 3 }), (e) =>
 *   checkGradients((x, y) => e.evaluate([x, y]), [0.5, -1]).ok))
 */
export function arbitraryExpression({ inputs, depth, ops = defaults() }: ExpressionOptions): fc.Arbitrary<Expression> {
  const chosen = operations(ops)
  const leaf: fc.Arbitrary<Tree> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.nat({ max: inputs - 1 }).map((index): Tree => ({ kind: 'input', index, low: -2, high: 2 })),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: -8, max: 8 })
        .map((n): Tree => ({ kind: 'number', value: n / 4, low: n / 4, high: n / 4 })),
    },
  )
  const tree = fc.memo((n): fc.Arbitrary<Tree> => {
    if (n <= 1) return leaf
    const inner = fc
      .tuple(fc.constantFrom(...chosen), tree(), tree())
      .map(([op, a, b]) => applied(op, op.smooth as Smooth, [a, b]))
    return fc.oneof({ withCrossShrink: true }, { weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: inner })
  })
  return tree(depth + 1).map((root) => ({
    evaluate: (operands) =>
      evaluate(
        root,
        operands.map((x) => readOperand('evaluate', x)),
      ),
    toString: () => print(root),
  }))
}
