/** The limits of the engine without compiling: how fast it is to learn with. Nothing is timed before it is right. */
import { grad, type Value, value } from '@adjoint/autograd'
import { adjoint } from '../engine.ts'
import { costOfChain } from '../memory.ts'
import { micrograd } from '../peers/micrograd.ts'
import { blackScholes } from '../problems/blackScholes.ts'
import { rosenbrock } from '../problems/rosenbrock.ts'
import { scalarMLP } from '../problems/scalarMLP.ts'
import { countOperations, evaluate, type ReferenceProblem } from '../scalars.ts'
import type { Section, Table, Verdict } from '../tables/section.ts'
import { expectEqual, inTurns } from '../timing.ts'
import { byHand, losses, taskOf, withEngine, withModules } from '../train.ts'

interface Part {
  readonly table: Table
  readonly verdicts: readonly Verdict[]
}

function check(problem: ReferenceProblem): void {
  const expected = problem.reference(problem.inputs)
  for (const { value: y, gradient } of [evaluate(adjoint, problem), evaluate(micrograd, problem)]) {
    expectEqual(`${problem.name}, value`, [y], [expected.value], 1e-9)
    expectEqual(`${problem.name}, gradient`, gradient, expected.gradient, 1e-9)
  }
}

/** What a process has done that went on to other things: arrays in both dtypes, second derivatives. */
function useEverything(): void {
  const w = value(
    Float32Array.from({ length: 256 }, (_, i) => Math.sin(i)),
    { shape: [16, 16] },
  )
  for (let i = 0; i < 2000; i++) w.matmul(w).tanh().square().sum().backward()
  const f = (x: Value): Value => x.tanh().mul(x).add(x.exp().div(3))
  for (let i = 0; i < 500; i++) grad(grad(f))(i / 500)
  const slope = grad((x: Value) => x.square().sum().sqrt())
  for (let i = 0; i < 500; i++) grad((x: Value) => slope(x).sum())([i, 1, 2])
}

async function scalarGradients(): Promise<Part> {
  const header = ['gradient of scalar Values', 'operations', 'µs', 'ns an operation', 'micrograd port, µs']
  const rows: (string | number)[][] = [[...header, 'times as fast', 'after other use, times']]
  const verdicts: Verdict[] = []
  const cold: { key: string; problem: ReferenceProblem; engine: number; port: number }[] = []
  for (const problem of [rosenbrock(1000), blackScholes(1000), scalarMLP(100)]) {
    check(problem)
    const [engine = Number.NaN, port = Number.NaN] = await inTurns([
      () => evaluate(adjoint, problem),
      () => evaluate(micrograd, problem),
    ])
    cold.push({ key: problem.c.file, problem, engine, port })
  }
  useEverything()
  for (const { key, problem, engine, port } of cold) {
    const [warm = Number.NaN] = await inTurns([() => evaluate(adjoint, problem)])
    const operations = countOperations(problem)
    const nanoseconds = (engine * 1000) / operations
    rows.push([problem.name, String(operations), engine, nanoseconds, port, port / engine, warm / engine])
    const work = `eager scalar gradient of ${key}`
    if (key !== 'mlp') verdicts.push({ work, limit: 100, unit: 'ns an operation', measured: nanoseconds })
    verdicts.push({ work, limit: 8, unit: '× the speed of the micrograd port', measured: port / engine, atLeast: true })
    verdicts.push({ work: `${work}, after other use`, limit: 2, unit: '× before', measured: warm / engine })
  }
  return { table: { rows }, verdicts }
}

async function smallSteps(): Promise<Part> {
  const rows: (string | number)[][] = [['eager train step, float32', 'engine, µs', 'with @adjoint/nn, µs']]
  const verdicts: Verdict[] = []
  for (const [name, batch, limit] of [
    ['A1', 1, 15],
    ['A64', 64, 250],
  ] as const) {
    const task = taskOf(batch)
    const expected = losses(byHand(task), 10)
    expectEqual(`${name}, engine`, losses(withEngine(task), 10), expected, 1e-5)
    expectEqual(`${name}, modules`, losses(withModules(task), 10), expected, 1e-5)
    const [engine = Number.NaN, modules = Number.NaN] = await inTurns([withEngine(task).step, withModules(task).step])
    rows.push([name, engine, modules])
    verdicts.push({ work: `eager train step ${name}`, limit, unit: 'µs', measured: Math.max(engine, modules) })
  }
  return { table: { rows }, verdicts }
}

function longChain(): Part {
  const { bytesForward, bytesBackward, seconds } = costOfChain(1e6)
  const work = 'a chain of 10⁶ operations'
  const verdicts: Verdict[] = [
    { work: `${work}: bytes a node`, limit: 130, unit: 'bytes', measured: bytesForward },
    { work: `${work}: with its gradient`, limit: 130, unit: 'bytes', measured: bytesBackward },
    { work: `${work}: forward and backward`, limit: 1, unit: 's', measured: seconds },
  ]
  const rows = [
    [work, 'bytes a node', 'with its gradient', 'forward and backward, s'],
    ['', bytesForward, bytesBackward, seconds],
  ]
  return { table: { rows }, verdicts }
}

export async function engine(): Promise<Section> {
  const parts = [await scalarGradients(), await smallSteps(), longChain()]
  return {
    title: 'The engine, eager',
    tables: parts.map(({ table }) => table),
    verdicts: parts.flatMap(({ verdicts }) => verdicts),
    notes: [],
  }
}
