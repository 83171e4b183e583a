/** One scalar problem with one way to its gradient, beside C by hand in the same run. */
import { type Value, value, valueAndGrad } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { adjoint } from '../engine.ts'
import { inC, withAdolC } from '../native/program.ts'
import { type ProblemName, problems } from '../problems/index.ts'
import { scans } from '../problems/scans.ts'
import { type Evaluation, evaluate, type Problem } from '../scalars.ts'
import { type Block, blockOf, blocksInTurns } from '../timing.ts'

/**
 * 'resident': compiled, of one Value [n] that is read by x.at(i), on numbers in the program's memory, as C works in its
 * arrays. 'at': the same, called with a Value for new Values. 'list': called with a list of scalar Values.
 * 'scan': with arrays and `scan` in place of loops over scalars, on numbers in the program's memory.
 * 'eager': the engine, of a list of scalar Values. 'adolc': ADOL-C, which records a tape each time.
 */
export type Way = 'resident' | 'at' | 'list' | 'scan' | 'eager' | 'adolc'

export interface ScalarRow {
  readonly us: number
  /** C by hand in the same run; undefined where there is no gcc. */
  readonly c?: number
  /** ADOL-C on a tape recorded before. */
  readonly replay?: number
}

interface Candidate {
  readonly evaluate: () => Evaluation
  readonly block: Block
  readonly replay?: () => number
}

const TOLERANCE = 1e-12

/** A function of one Value, with plain loops over its elements. */
export function ofOneValue({ program }: Problem): (x: Value) => Value {
  return (x) =>
    program(
      adjoint,
      Array.from({ length: x.size }, (_, i) => x.at(i)),
    )
}

function compiledOf(problem: Problem, primal: (x: Value) => Value): Candidate {
  const f = compile(valueAndGrad(primal))
  const x = value(problem.inputs)
  return {
    evaluate: () => {
      const { value: y, grad } = f(x)
      return { value: y.item(), gradient: Float64Array.from(grad.data) }
    },
    block: blockOf(() => f(x)),
  }
}

/** The same program without copies: it reads and writes arrays that stay where they are. */
function residentOf(problem: Problem, primal: (x: Value) => Value): Candidate {
  const { inputs, outputs, run } = compile(valueAndGrad(primal)).prepare(value(problem.inputs))
  const [x, y, slope] = [inputs[0], outputs[0], outputs[1]]
  if (x === undefined || y === undefined || slope === undefined) throw new Error('the program lacks an array')
  return {
    evaluate: () => {
      x.set(problem.inputs)
      run()
      return { value: y[0] ?? Number.NaN, gradient: Float64Array.from(slope) }
    },
    block: blockOf(run),
  }
}

function compiledScan(problem: Problem): Candidate {
  const primal = scans[problem.c.file]?.(problem)
  if (primal === undefined) throw new Error('has no form with scan')
  return residentOf(problem, primal)
}

function compiledList(problem: Problem): Candidate {
  const f = compile(valueAndGrad((x: readonly Value[]) => problem.program(adjoint, x)))
  const x = Array.from(problem.inputs, (number) => value(number))
  return {
    evaluate: () => {
      const { value: y, grad } = f(x)
      return { value: y.item(), gradient: Float64Array.from(grad, (g) => g.item()) }
    },
    block: blockOf(() => f(x)),
  }
}

function eager(problem: Problem): Candidate {
  const run = (): Evaluation => evaluate(adjoint, problem)
  return { evaluate: run, block: blockOf(run) }
}

const ways: Record<Way, (problem: Problem) => Candidate> = {
  resident: (problem) => residentOf(problem, ofOneValue(problem)),
  at: (problem) => compiledOf(problem, ofOneValue(problem)),
  scan: compiledScan,
  list: compiledList,
  eager,
  adolc: withAdolC,
}

/** @throws Error unless value and gradient agree to 1e-12 of the largest derivative. */
export function expectSame(what: string, got: Evaluation, expected: Evaluation): void {
  const near = (x: number, y: number, size: number): boolean => Math.abs(x - y) <= TOLERANCE * size
  if (!near(got.value, expected.value, Math.abs(expected.value))) {
    throw new Error(`${what}: the value is ${got.value}, it should be ${expected.value}`)
  }
  const size = expected.gradient.reduce((max, g) => Math.max(max, Math.abs(g)), 0)
  const wrong = expected.gradient.findIndex((g, i) => !near(got.gradient[i] ?? Number.NaN, g, size))
  if (wrong >= 0 || got.gradient.length !== expected.gradient.length) {
    throw new Error(`${what}: derivative ${wrong} is ${got.gradient[wrong]}, it should be ${expected.gradient[wrong]}`)
  }
}

/** @throws Error when a result is wrong, or the way is not to be had here. */
export async function measureScalar({ name, way }: { name: ProblemName; way: Way }): Promise<ScalarRow> {
  const problem = problems[name]()
  const candidate = ways[way](problem)
  const reference = byHandOrNone(problem)
  expectSame(`${name}, ${way}`, candidate.evaluate(), reference?.evaluate() ?? evaluate(adjoint, problem))
  const blocks = [candidate.block, ...(reference === undefined ? [] : [reference.block])]
  const [us = Number.NaN, c] = await blocksInTurns(blocks)
  const replay = candidate.replay?.()
  return { us, ...(c === undefined ? {} : { c }), ...(replay === undefined ? {} : { replay }) }
}

function byHandOrNone(problem: Problem): Candidate | undefined {
  try {
    return inC(problem)
  } catch {
    return undefined
  }
}
