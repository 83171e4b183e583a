/** The problems and both engines are right, at small sizes; nothing is timed here. */
import { type Value, value, valueAndGrad } from '@adjoint/autograd'
import { expect, test } from 'vitest'
import { adjoint } from '../src/engine.ts'
import { micrograd } from '../src/peers/micrograd.ts'
import { numbers } from '../src/peers/numbers.ts'
import { blackScholes } from '../src/problems/blackScholes.ts'
import { heat } from '../src/problems/heat.ts'
import { large } from '../src/problems/index.ts'
import { mixture } from '../src/problems/mixture.ts'
import { recurrent } from '../src/problems/recurrent.ts'
import { rosenbrock } from '../src/problems/rosenbrock.ts'
import { scalarMLP } from '../src/problems/scalarMLP.ts'
import { scans } from '../src/problems/scans.ts'
import { speelpenning } from '../src/problems/speelpenning.ts'
import { expectSame } from '../src/rows/scalar.ts'
import { countOperations, evaluate } from '../src/scalars.ts'
import { expectEqual } from '../src/timing.ts'
import { byHand, losses, taskOf, withEngine, withModules } from '../src/train.ts'

const problems = [rosenbrock(20), blackScholes(10), scalarMLP(4)]

test.each(problems)('$name', (problem) => {
  const expected = problem.reference(problem.inputs)
  expect(problem.program(numbers, Array.from(problem.inputs))).toBeCloseTo(expected.value, 9)
  for (const { value: y, gradient } of [evaluate(adjoint, problem), evaluate(micrograd, problem)]) {
    expectEqual('value', [y], [expected.value], 1e-9)
    expectEqual('gradient', gradient, expected.gradient, 1e-9)
  }
})

test.each([speelpenning(9), mixture(6, 3, 4), recurrent(3), heat(7, 5)])('$name: both engines agree', (problem) => {
  const [ours, port] = [evaluate(adjoint, problem), evaluate(micrograd, problem)]
  expectSame(problem.name, ours, port)
  expect(ours.value).toBeCloseTo(problem.program(numbers, Array.from(problem.inputs)), 12)
})

test.each([recurrent(3), heat(7, 5)])('$name: the form with scan is the same function', (problem) => {
  const f = valueAndGrad(scans[problem.c.file]?.(problem) as (x: Value) => Value)
  const { value: y, grad } = f(value(problem.inputs))
  const got = { value: y.item(), gradient: Float64Array.from(grad.data) }
  expectSame(problem.name, got, evaluate(adjoint, problem))
})

test('a wrong derivative is refused', () => {
  const right = { value: 1, gradient: Float64Array.of(1, 2) }
  expect(() => expectSame('f', { value: 1, gradient: Float64Array.of(1, 2.5) }, right)).toThrow(
    'f: derivative 1 is 2.5, it should be 2',
  )
})

test('the operations of the limits are as many as they say', () => {
  expect([mixture(10, 2), mixture(10, 10)].map(countOperations)).toEqual([10 * 77 + 75, 10 * 677 + 675])
  expect(countOperations(large())).toBeGreaterThan(99_000)
})

test('the operations are counted', () => {
  expect(problems.map(countOperations)).toEqual([19 * 8, 10 * 27, 2573])
})

test.each([1, 64])('train steps of batch %i agree with the steps written by hand', (batch) => {
  const task = taskOf(batch)
  const expected = losses(byHand(task), 10)
  expectEqual('engine', losses(withEngine(task), 10), expected, 1e-5)
  expectEqual('modules', losses(withModules(task), 10), expected, 1e-5)
  expect(expected[9]).toBeLessThan(expected[0] as number)
})

test('a wrong number is refused', () => {
  expect(() => expectEqual('x', [1, 2], [1, 3], 1e-9)).toThrow('x: number 1 is 2, it should be 3')
})
