/** The limits: how fast the engine is to learn with, as Markdown tables. Nothing is timed before it is right. */
import { cpus } from 'node:os'
import { grad, type Value, value } from '@adjoint/autograd'
import { adjoint } from './engine.ts'
import { costOfChain } from './memory.ts'
import { micrograd } from './peers/micrograd.ts'
import { blackScholes } from './problems/blackScholes.ts'
import { rosenbrock } from './problems/rosenbrock.ts'
import { scalarMLP } from './problems/scalarMLP.ts'
import { countOperations, evaluate, type Problem } from './scalars.ts'
import { expectEqual, inTurns } from './timing.ts'
import { byHand, losses, taskOf, withEngine, withModules } from './train.ts'

const print = (line = ''): boolean => process.stdout.write(`${line}\n`)
const row = (...cells: readonly (string | number)[]): boolean => print(`| ${cells.join(' | ')} |`)
const met = (yes: boolean): string => (yes ? 'met' : 'MISSED')

function check(problem: Problem): void {
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

const problems = [rosenbrock(1000), blackScholes(1000), scalarMLP(100)]
const [cpu] = cpus()
print(`${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, one thread\n`)

row(
  'gradient of scalar Values',
  'operations',
  'µs',
  'ns an operation',
  'micrograd port, µs',
  'times as fast (8)',
  'after other use, times (2)',
)
row('---', '--:', '--:', '--:', '--:', '--:', '--:')
const cold: { problem: Problem; engine: number; port: number }[] = []
for (const problem of problems) {
  check(problem)
  const [engine, port] = (await inTurns([() => evaluate(adjoint, problem), () => evaluate(micrograd, problem)])) as [
    number,
    number,
  ]
  cold.push({ problem, engine, port })
}
useEverything()
for (const { problem, engine, port } of cold) {
  const [warm] = (await inTurns([() => evaluate(adjoint, problem)])) as [number]
  const operations = countOperations(problem)
  const [speed, slower] = [port / engine, warm / engine]
  row(
    problem.name,
    operations,
    engine.toFixed(0),
    ((engine * 1000) / operations).toFixed(0),
    port.toFixed(0),
    `${speed.toFixed(1)} ${met(speed >= 8)}`,
    `${slower.toFixed(2)} ${met(slower <= 2)}`,
  )
}

print()
row('train step, float32', 'limit, µs', 'engine, µs', 'with @adjoint/nn, µs', '')
row('---', '--:', '--:', '--:', '---')
for (const [name, batch, limit] of [
  ['A1', 1, 15],
  ['A64', 64, 250],
] as const) {
  const task = taskOf(batch)
  const expected = losses(byHand(task), 10)
  expectEqual(`${name}, engine`, losses(withEngine(task), 10), expected, 1e-5)
  expectEqual(`${name}, modules`, losses(withModules(task), 10), expected, 1e-5)
  const [engine, modules] = (await inTurns([withEngine(task).step, withModules(task).step])) as [number, number]
  row(name, limit, engine.toFixed(1), modules.toFixed(1), met(engine < limit && modules < limit))
}

print()
const { bytesForward, bytesBackward, seconds } = costOfChain(1e6)
row('a chain of 10⁶ operations', 'limit', 'figure', '')
row('---', '--:', '--:', '---')
row('bytes a node, forward', 130, bytesForward.toFixed(0), met(bytesForward <= 130))
row('bytes a node, with its gradient', 130, bytesBackward.toFixed(0), met(bytesBackward <= 130))
row('seconds, forward and backward', 1, seconds.toFixed(2), met(seconds <= 1))
