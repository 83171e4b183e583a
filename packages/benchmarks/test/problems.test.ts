/** The problems and both engines are right, at small sizes; nothing is timed here. */
import { expect, test } from 'vitest'
import { adjoint } from '../src/engine.ts'
import { micrograd } from '../src/peers/micrograd.ts'
import { numbers } from '../src/peers/numbers.ts'
import { blackScholes } from '../src/problems/blackScholes.ts'
import { rosenbrock } from '../src/problems/rosenbrock.ts'
import { scalarMLP } from '../src/problems/scalarMLP.ts'
import { countOperations, evaluate } from '../src/scalars.ts'
import { expectEqual } from '../src/timing.ts'
import { byHand, losses, taskOf, withEngine, withModules } from '../src/train.ts'

const problems = [rosenbrock(20), blackScholes(10), scalarMLP(4)]

test.each(problems)('$name', (problem) => {
  const expected = problem.reference(problem.inputs)
  expect(problem.program(numbers, Array.from(problem.inputs))).toBeCloseTo(expected.value, 9)
  for (const { value, gradient } of [evaluate(adjoint, problem), evaluate(micrograd, problem)]) {
    expectEqual('value', [value], [expected.value], 1e-9)
    expectEqual('gradient', gradient, expected.gradient, 1e-9)
  }
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
