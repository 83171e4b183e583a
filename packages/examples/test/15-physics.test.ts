import { constant, grad, type Value } from '@adjoint/autograd'
import { checkGradients } from '@adjoint/autograd/testing'
import { describe, expect, it } from 'vitest'
import { run } from '../src/15-physics.ts'
import { flight, gravity, pendulum, times } from '../src/lib/motion.ts'
import { newton } from '../src/lib/newton.ts'
import { printed } from './support.ts'

describe('example 15, physics by gradient', () => {
  it('aims a throw and measures a pendulum', async () => {
    const { text, figures } = await printed(run)
    for (const { angle, time, misses, path } of figures.throws) {
      expect(misses.at(-1)).toBeLessThan(1e-9)
      expect(path.at(-1)?.[0]).toBeCloseTo(80, 9)
      const landing = rungeKutta([0, 0, 40 * Math.cos(angle), 40 * Math.sin(angle)], ballSlope, time)
      expect(landing[0]).toBeCloseTo(80, 5)
      expect(landing[1]).toBeCloseTo(0, 5)
    }
    const [found, errors] = [figures.found, figures.errors] as [number[], number[]]
    ;[0.8, 0.2].forEach((truth, i) => {
      expect(Math.abs((found[i] ?? NaN) - truth)).toBeLessThan(2 * (errors[i] ?? NaN))
    })
    expect(figures.scatter).toBeCloseTo(0.05, 2)
    expect(text).toMatchInlineSnapshot(`
      "A ball thrown with 40 m/s should land 80 m away. Where must it be aimed?
        without air  with air  in flight  missed by, in m
        14.69°         22.34°     2.80 s           14.874  1.720  0.028  0.000
        75.31°         60.78°     5.98 s           48.216  8.976  0.935  0.016
        From the angle without air it lands far off. Near the goal each of Newton’s steps squares the error.
      A pendulum, let go at 1.5 rad, measured 100 times in 10 s with an error of 0.05 rad
                   true  first guess  found      ±
        length    0.800        1.000  0.799  0.001
        friction  0.200        0.050  0.197  0.003
        Found with 12 gradients of 10,000 steps; what remains scatters by 0.049 rad.
      The pictures
        report/15-throw.svg
        report/15-pendulum.svg"
    `)
  }, 30_000)

  it('flies a parabola where there is no air', () => {
    const places = flight(constant([0.7, 3]), 40, 0)
    for (const [i, t] of [0.75, 1.5, 3].entries()) {
      const [x = NaN, y = NaN] = places[25 * 2 ** i - 1]?.data ?? []
      expect(x).toBeCloseTo(40 * Math.cos(0.7) * t, 9)
      expect(y).toBeCloseTo(40 * Math.sin(0.7) * t - (gravity * t ** 2) / 2, 9)
    }
  })

  it('swings as slowly as the elliptic integral says: 2π·√(length/g) / agm(1, cos(angle/2))', () => {
    let [a, b] = [1, Math.cos(0.75)]
    for (let i = 0; i < 6; i++) [a, b] = [(a + b) / 2, Math.sqrt(a * b)]
    // Five times there and back in 10 s.
    const angles = pendulum(gravity * (a / Math.PI) ** 2, 0)
    for (const [i, t] of times.entries()) {
      if (Number.isInteger(t)) expect(angles.at(i).item(), `${t}`).toBeCloseTo(t % 2 === 0 ? 1.5 : -1.5, 5)
    }
  })

  it('loses as much by friction as another integrator says', () => {
    const slope = ([angle = NaN, rate = NaN]: number[]) => [rate, (-gravity / 0.8) * Math.sin(angle) - 0.2 * rate]
    expect(pendulum(0.8, 0.2).at(-1).item()).toBeCloseTo(rungeKutta([1.5, 0], slope, 10)[0] ?? NaN, 4)
  })

  it('has the same gradient with and without a checkpoint, and the right one', () => {
    const by = (remember: boolean) => (p: Value) => pendulum(p.at(0), p.at(1), { remember }).square().mean()
    const [kept, again] = [true, false].map((remember) => grad(by(remember))([0.8, 0.2]).toArray() as number[])
    expect(again?.[0]).toBeCloseTo(kept?.[0] ?? NaN, 12)
    expect(again?.[1]).toBeCloseTo(kept?.[1] ?? NaN, 12)
    expect(checkGradients(by(false), [[0.8, 0.2]]).ok).toBe(true)
  }, 30_000)

  it('solves equations by Newton’s method', () => {
    // A circle and a line.
    const { x, misses } = newton(
      (p) =>
        constant([1, 1])
          .mul(p.square().sum().sub(25))
          .mul([1, 0])
          .add(p.at(1).sub(p.at(0)).sub(1).mul([0, 1])),
      [2, 5],
    )
    expect(x.at(0).item()).toBeCloseTo(3, 12)
    expect(x.at(1).item()).toBeCloseTo(4, 12)
    expect(misses.length).toBeLessThan(8)
  })
})

function ballSlope([, , u = NaN, v = NaN]: number[]): number[] {
  const drag = 0.006 * Math.hypot(u, v)
  return [u, v, -drag * u, -drag * v - gravity]
}

/** The classical method of fourth order, in 2,000 steps. */
function rungeKutta(start: number[], slope: (state: number[]) => number[], time: number): number[] {
  const dt = time / 2000
  const ahead = (state: number[], k: number[], part: number) => state.map((x, i) => x + part * dt * (k[i] ?? NaN))
  let state = start
  for (let step = 0; step < 2000; step++) {
    const k1 = slope(state)
    const k2 = slope(ahead(state, k1, 1 / 2))
    const k3 = slope(ahead(state, k2, 1 / 2))
    const k4 = slope(ahead(state, k3, 1))
    state = [k1, k2, k2, k3, k3, k4].reduce((sum, k) => ahead(sum, k, 1 / 6), state)
  }
  return state
}
