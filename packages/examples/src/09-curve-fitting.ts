/**
 * Example 9. Curve fitting: the parameters b of a formula, such as b1·(1 − exp(−b2·x)), that bring it closest to
 * measured points. Gradient descent would creep along the curved valleys of such problems. The Jacobian tells more: it
 * makes a straight-line model of every residual at once, and the least-squares solution of that model is the step.
 */
import { constant, jacobian, jvp, type Value, where, zeros } from '@adjoint/autograd'
import { type Print, runIfMain } from './lib/example.ts'
import { leastSquares } from './lib/leastSquares.ts'
import { digitsOf, readNist, residuals } from './lib/nist.ts'
import { tableOf } from './lib/table.ts'

type Residuals = (b: Value) => Value

/** A place on the way: the parameters, the residuals there, and their slopes, one row a parameter. */
type Place = { readonly b: Value; readonly r: Value; readonly slopes: Value; readonly scale: Value }

/** The scale is the steepest slope so far by each parameter, so that a b of 1e-9 and one of 1e9 count alike (Moré). */
function look(f: Residuals, b: Value, seen: Value): Place {
  const slopes = jacobian(f)(b).transpose()
  const steepness = slopes.norm({ axis: 1 })
  return { b, r: f(b), slopes, scale: seen.maximum(where(steepness.eq(0), 1, steepness)) }
}

const squared = (x: Value): number => x.square().sum().item()

/** Levenberg and Marquardt's way down: damping keeps the step short where the straight-line model does not hold. */
function descend(f: Residuals, start: Place, bend: boolean): { place: Place; steps: number } {
  let [place, damping, raise, steps] = [start, 1, 2, 0]
  for (; steps < 5000 && damping < 1e300; steps++) {
    const { b, r, slopes, scale } = place
    const ridge = scale.mul(Math.sqrt(damping))
    const h = leastSquares(slopes, r.neg(), ridge)
    // The first and second derivative of all residuals along the step: forward mode inside forward mode.
    const { value: slope, tangent: turn } = jvp((at: Value) => jvp(f, [at], [h]).tangent, [b], [h])
    const promise = squared(slope) + 2 * squared(ridge.mul(h))
    // Done when nothing is left to win that the rounded sum of squares could show.
    if (promise <= 1e-13 * squared(r)) break
    // Transtrum and Sethna: the second derivative bends the step along the valley, which it must not do too sharply.
    const curve = leastSquares(slopes, turn.mul(-0.5), ridge)
    const fair = !bend || squared(scale.mul(curve)) <= 0.1 * squared(scale.mul(h))
    const next = b.add(bend ? h.add(curve) : h)
    // How much of the promise was kept; NaN, from outside the domain of the formula, is no gain either.
    const gain = fair ? (squared(r) - squared(f(next))) / promise : 0
    if (gain > 0) {
      place = look(f, next, scale)
      // Nielsen: the better the promise was kept, the less damping; each refusal in a row raises it more.
      damping *= Math.max(1 / 3, 1 - (2 * gain - 1) ** 3)
      raise = 2
    } else {
      damping *= raise
      raise *= 2
    }
  }
  return { place, steps }
}

/** At the bottom the sum of squares is flat: 16 digits of it fix 8 of b. Undamped steps tell more while they shrink. */
function polish(f: Residuals, start: Place): Value {
  let [place, limit] = [start, squared(start.scale.mul(start.b))]
  for (let steps = 0; steps < 500; steps++) {
    const h = leastSquares(place.slopes, place.r.neg())
    const length = squared(place.scale.mul(h))
    if (!(length < limit)) break
    ;[place, limit] = [look(f, place.b.add(h), place.scale), length]
  }
  return place.b
}

/** The b with the least sum of squared residuals f(b)², from a start; with `bend` false on straight steps alone. */
export function fitCurve(f: Residuals, start: readonly number[], { bend = true } = {}): { b: number[]; steps: number } {
  const { place, steps } = descend(f, look(f, constant([...start]), zeros([start.length])), bend)
  return { b: polish(f, place).toArray() as number[], steps }
}

export function run(print: Print) {
  const { problems, scipy } = readNist()
  const rows = problems.map((problem) => {
    const fits = [problem.start1, problem.start2].map((start) => fitCurve(residuals(problem), start))
    const digits = fits.map(({ b }) => digitsOf(b, problem.certified))
    return { name: problem.name, steps: fits.map(({ steps }) => steps), digits }
  })
  print('Each problem from its far and its near start: the steps, and how many of the 11 certified digits come out')
  const lines = rows.map(({ name, steps, digits }) => [name, ...steps, ...digits.map((x) => x.toFixed(1))])
  for (const line of tableOf([['', 'steps', '', 'digits', ''], ...lines])) print(line)
  const all = rows.flatMap(({ digits }) => digits)
  const solved = all.filter((digits) => digits >= 6).length
  const fewest = Math.min(...all)
  print(`Solved, 6 digits in every parameter: ${solved} of ${all.length}, with ${fewest.toFixed(1)} digits or more.`)
  print(`SciPy 1.10.1, given exact Jacobians, solves ${scipy.lm} with its method lm and ${scipy.trf} with trf.`)
  const box = problems.filter(({ name }) => name === 'BoxBOD')
  const straight = box.flatMap((problem) => fitCurve(residuals(problem), problem.start1, { bend: false }).b)
  print('On straight steps alone BoxBOD runs out on the plain where exp(-b2*x) is 0, and no slope leads back:')
  print(`b1 = ${straight[0]?.toFixed(1)}, b2 = ${straight[1]?.toFixed(1)}`)
  return { rows, solved, fewest, straight }
}

await runIfMain(import.meta, run)
