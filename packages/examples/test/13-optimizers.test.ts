import { constant, grad } from '@adjoint/autograd'
import { checkGradients } from '@adjoint/autograd/testing'
import { expect, it } from 'vitest'
import { run } from '../src/13-optimizers.ts'
import { beale, rosenbrock } from '../src/lib/courses.ts'
import { printed } from './support.ts'

it('example 13 races three optimizers through two valleys', async () => {
  const { text, figures } = await printed(run)
  // Of Rosenbrock's Hessian at the minimum, [[802, −400], [−400, 200]], by hand.
  const root = Math.sqrt(501 ** 2 - 400)
  expect(figures.results[0]?.ratio).toBeCloseTo((501 + root) / (501 - root), 6)
  for (const { course, runs } of figures.results) {
    for (const { name, path, heights, gradients, height } of runs) {
      expect(height, name).toBeLessThan(1e-8)
      expect(path[0]).toEqual(course.start)
      expect(path.length, name).toBe(heights.length + 1)
      expect(heights.at(-1)?.[0], name).toBe(gradients)
      for (const k of [0, 1]) expect(path.at(-1)?.[k], name).toBeCloseTo(course.minimum[k] ?? NaN, 3)
    }
    const [momentum = NaN, adam = NaN, lbfgs = NaN] = runs.map(({ gradients }) => gradients)
    expect(10 * lbfgs).toBeLessThan(Math.min(momentum, adam))
  }
  expect(Number.isFinite(figures.wild.height)).toBe(false)
  expect(text).toMatchInlineSnapshot(`
    "Rosenbrock, from (-1.5, 1.5) down to (1, 1)
      At the bottom the valley is 2508 times as steep across as along.
                steps  gradients  height      x      y
      momentum    964        964    1e-8  1.000  1.000
      Adam       1339       1339    1e-8  1.000  1.000
      L-BFGS       36         80   2e-11  1.000  1.000
    Beale, from (1, 1.6) down to (3, 0.5)
      At the bottom the valley is 162 times as steep across as along.
                steps  gradients  height      x      y
      momentum   1103       1103    1e-8  3.000  0.500
      Adam        464        464    1e-8  3.000  0.500
      L-BFGS       14         29   5e-11  3.000  0.500
    A rate of 0.003 in the place of 0.002 throws momentum out of Rosenbrock's valley for good.
    L-BFGS has no rate to choose: its line search finds how far to go, with two gradients a step or a little more.
    The pictures
      report/13-paths.svg
      report/13-heights.svg"
  `)
})

it.each([rosenbrock, beale])(
  '$name is 0 and level at its minimum, and has right gradients',
  ({ f, start, minimum }) => {
    expect(f(...(minimum.map((x) => constant(x)) as [never, never])).item()).toBe(0)
    for (const argument of [0, 1]) expect(grad(f, { argument })(...minimum).item()).toBeCloseTo(0, 14)
    expect(f(constant(start[0]), constant(start[1])).item()).toBeGreaterThan(1)
    expect(checkGradients(f, [...start], { order: 2 }).ok).toBe(true)
  },
)
