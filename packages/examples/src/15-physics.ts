/**
 * 15. Physics by gradient.
 *
 * A simulation is a long formula: 10,000 small steps, each made from the one before. Its derivatives say how the end
 * depends on the beginning. Newton's method aims a throw with them, and L-BFGS finds the length and the friction of a
 * pendulum from its swings. backward() needs the numbers of all steps; checkpoint() keeps those of every hundredth and
 * computes the hundred between again when the gradient gets there.
 */
import { jacobian, random, type Value, value } from '@adjoint/autograd'
import { LBFGS } from '@adjoint/nn'
import { type Print, runIfMain, save } from './lib/example.ts'
import { flight, gravity, pendulum, times } from './lib/motion.ts'
import { newton } from './lib/newton.ts'
import { chart, curve, type Point, type Series } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

/** A baseball, thrown fast: in m/s, and in 1/m what the air takes. The target is 80 m away. */
const [speed, drag, target] = [40, 0.006, 80]
const degrees = (radians: number): string => `${((radians * 180) / Math.PI).toFixed(2)}°`

/** Two unknowns, the angle and the time of flight; two equations, the place where the ball should be at that time. */
function aimFrom(vacuum: number) {
  const miss = (aim: Value): Value => (flight(aim, speed, drag).at(-1) as Value).sub([target, 0])
  const { x: aim, misses } = newton(miss, [vacuum, (2 * speed * Math.sin(vacuum)) / gravity])
  const [angle = NaN, time = NaN] = aim.data
  const path = flight(aim, speed, drag).map(({ data: [x = NaN, y = NaN] }): Point => [x, y])
  return { vacuum, angle, time, misses, path }
}

const truth = { length: 0.8, friction: 0.2 }
const noise = 0.05
const measured = pendulum(truth.length, truth.friction).add(random(15).normal([times.length], 0, noise))
const swing = (p: Value): Value => pendulum(p.at(0), p.at(1))

/** By least squares; the unknowns are the logarithms, so that length and friction stay above 0. */
function fitPendulum() {
  const logs = value([0, -3])
  const start = logs.exp().detach()
  const optimizer = new LBFGS([logs], { lineSearch: 'strongWolfe', maxIter: 50, toleranceChange: 1e-12 })
  let gradients = 0
  optimizer.step(() => {
    gradients++
    optimizer.zeroGrad()
    const cost = swing(logs.exp()).sub(measured).square().mean()
    cost.backward({ keep: 'leaves' })
    return cost
  })
  const found = logs.exp().detach()
  // Near the best fit the model is nearly straight: the Jacobian carries the noise of the angles back to the unknowns.
  const slopes = jacobian(swing)(found)
  const variance = measured
    .sub(swing(found))
    .square()
    .sum()
    .div(times.length - 2)
  const errors = slopes.transpose().matmul(slopes).inv().mul(variance).diag().sqrt()
  return { start, found, errors, gradients, scatter: variance.sqrt().item() }
}

export function run(print: Print) {
  print(`A ball thrown with ${speed} m/s should land ${target} m away. Where must it be aimed?`)
  const low = Math.asin((gravity * target) / speed ** 2) / 2
  const throws = [low, Math.PI / 2 - low].map(aimFrom)
  const rows = throws.map(({ vacuum, angle, time, misses }) => {
    const missed = misses.slice(0, 4).map((m) => m.toFixed(3))
    return [degrees(vacuum), degrees(angle), `${time.toFixed(2)} s`, ...missed]
  })
  const head = ['without air', 'with air', 'in flight', 'missed by, in m']
  for (const line of tableOf([head, ...rows])) print(`  ${line}`)
  print('  From the angle without air it lands far off. Near the goal each of Newton’s steps squares the error.')

  print(`A pendulum, let go at 1.5 rad, measured ${times.length} times in 10 s with an error of ${noise} rad`)
  const { start, found, errors, gradients, scatter } = fitPendulum()
  const unknowns = Object.entries(truth).map(([name, x], i) => {
    return [name, x.toFixed(3), ...[start, found, errors].map((p) => p.at(i).item().toFixed(3))]
  })
  for (const line of tableOf([['', 'true', 'first guess', 'found', '±'], ...unknowns])) print(`  ${line}`)
  print(`  Found with ${gradients} gradients of 10,000 steps; what remains scatters by ${scatter.toFixed(3)} rad.`)

  print('The pictures')
  const parabola = (x: number): number => x * Math.tan(low) - (gravity * x ** 2) / (2 * (speed * Math.cos(low)) ** 2)
  const paths: Series[] = throws.map(({ angle, path }) => ({ name: degrees(angle), points: [[0, 0], ...path] }))
  paths.push({ name: `${degrees(low)} without air`, points: curve(parabola, 0, target), mark: 'dashed' })
  const metres = { x: 'distance in m', y: 'height in m' }
  print(`  ${save('15-throw.svg', chart(paths, { title: `Three throws over ${target} m`, ...metres }))}`)
  const against = (angles: Value): Point[] => times.map((t, i) => [t, angles.at(i).item()])
  const swings: Series[] = [
    { name: 'first guess', points: against(swing(start)), color: '#7f8690', mark: 'dashed' },
    { name: 'found', points: against(swing(found)), color: '#e0762b' },
    { name: 'measured', points: against(measured), color: '#3b6fd4', mark: 'dots' },
  ]
  const axes = { x: 'time in s', y: 'angle in rad', width: 720 }
  print(`  ${save('15-pendulum.svg', chart(swings, { title: 'A pendulum and its fit', ...axes }))}`)
  return { throws, found: found.toArray(), errors: errors.toArray(), gradients, scatter }
}

await runIfMain(import.meta, run)
