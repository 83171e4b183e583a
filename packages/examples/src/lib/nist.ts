/** The nonlinear regression problems of the NIST Statistical Reference Datasets, and how well a fit agrees with them. */
import { readFileSync } from 'node:fs'
import {
  add,
  atan,
  constant,
  cos,
  div,
  exp,
  log,
  mul,
  neg,
  type Operand,
  pow,
  sin,
  sub,
  type Value,
} from '@adjoint/autograd'

/** A formula as nested lists, `["mul", "b1", ["exp", "x"]]`; the leaves are numbers, parameters, columns and pi. */
export type Expression = number | string | readonly [op: string, a: Expression, b?: Expression]

/** The Jacobian of the formula at some parameters, computed with 50 digits; all of it for the smaller problems. */
export interface Reference {
  readonly b: readonly number[]
  readonly rss: number
  readonly jacobian?: readonly (readonly number[])[]
  readonly jacobian_first_row?: readonly number[]
  readonly jacobian_last_row?: readonly number[]
  readonly jacobian_column_norms?: readonly number[]
}

export interface Problem {
  readonly name: string
  readonly difficulty: string
  readonly formula: string
  readonly expr: Expression
  /** What is fitted: `y`, or `log(y)`. */
  readonly response: string
  readonly columns: readonly string[]
  readonly data: readonly (readonly number[])[]
  /** Two starting points: the first far away, the second nearer. */
  readonly start1: readonly number[]
  readonly start2: readonly number[]
  /** The best parameters, right to 11 digits, and the sum of the squared residuals there. */
  readonly certified: readonly number[]
  readonly rss: number
  readonly oracle_at: Readonly<Record<'start1' | 'start2' | 'certified', Reference>>
}

/** All 27 problems, and how many of the 54 fits SciPy's two methods solve (6 digits), read from the data folder. */
export function readNist(): { problems: Problem[]; scipy: { lm: number; trf: number } } {
  const text = readFileSync(new URL('../../data/nist.json', import.meta.url), 'utf8')
  const { problems, anchor_scipy: anchor } = JSON.parse(text) as NistFile
  const { lm, trf } = anchor.solved_of_54
  return { problems, scipy: { lm: lm['LRE>=6'], trf: trf['LRE>=6'] } }
}

interface NistFile {
  readonly problems: Problem[]
  readonly anchor_scipy: { readonly solved_of_54: Readonly<Record<'lm' | 'trf', { readonly 'LRE>=6': number }>> }
}

type Names = Readonly<Record<string, Operand>>

const unary: Readonly<Record<string, (a: Operand) => Value>> = { neg, exp, cos, sin, atan }
const binary: Readonly<Record<string, (a: Operand, b: Operand) => Value>> = { add, sub, mul, div, pow }

/** Computes a formula: a name is looked up, an operation is applied to its parts. */
function evaluate(expr: Expression, names: Names): Operand {
  if (typeof expr === 'number') return expr
  if (typeof expr === 'string') {
    const found = names[expr]
    if (found === undefined) throw new Error(`nist: there is no ${expr}, only ${Object.keys(names).join(', ')}.`)
    return found
  }
  const [op, a, b] = expr
  const [one, two] = [unary[op], binary[op]]
  if (one !== undefined) return one(evaluate(a, names))
  if (two !== undefined && b !== undefined) return two(evaluate(a, names), evaluate(b, names))
  throw new Error(`nist: ${JSON.stringify(expr)} is not an operation of the formula language.`)
}

/** The residuals of a problem, observed minus formula, all at once, as a function of the vector of parameters. */
export function residuals({ expr, columns, data, response }: Problem): (b: Value) => Value {
  const measured: Names = Object.fromEntries(
    columns.map((name, j) => [name, constant(data.map((row) => row[j] as number))]),
  )
  const y = measured.y as Value
  const observed = response === 'log(y)' ? log(y) : y
  return (b) => {
    const parameters = Object.fromEntries(Array.from({ length: b.size }, (_, i) => [`b${i + 1}`, b.at(i)]))
    return sub(observed, evaluate(expr, { pi: Math.PI, ...measured, ...parameters }))
  }
}

/** The number of digits that agree, of the parameter that agrees least: −log10 |b − c|/|c|, at most the 11 certified. */
export function digitsOf(b: readonly number[], certified: readonly number[]): number {
  return Math.min(11, ...certified.map((c, i) => -Math.log10(Math.abs(((b[i] as number) - c) / c))))
}
