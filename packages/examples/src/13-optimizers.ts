/**
 * 13. Three optimizers race.
 *
 * Two test functions with a curved valley each, steep across and nearly flat along. Momentum, Adam and L-BFGS start at
 * the same place; the clock counts gradients, since they are what costs time. Each has its own way with a valley:
 * momentum averages the swings away, Adam gives every coordinate a rate of its own, and L-BFGS learns how the slope
 * changes from step to step, which tells how far to go.
 */
import { constant, hessian, type Value, value } from '@adjoint/autograd'
import { Adam, LBFGS, SGD } from '@adjoint/nn'
import { beale, type Course, rosenbrock } from './lib/courses.ts'
import { type Print, runIfMain, save } from './lib/example.ts'
import { panels } from './lib/frame.ts'
import { chart, contours, type Point, type Series } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

const courses = [rosenbrock, beale]
type Make = (p: Value) => SGD | Adam | LBFGS

/** The same rates on both courses. */
const racers: { name: string; make: Make }[] = [
  { name: 'momentum', make: (p) => new SGD([p], { learningRate: 0.002, momentum: 0.9 }) },
  { name: 'Adam', make: (p) => new Adam([p], { learningRate: 0.2 }) },
  { name: 'L-BFGS', make: (p) => new LBFGS([p], { lineSearch: 'strongWolfe', maxIter: 1 }) },
]
const [goal, budget] = [1e-8, 2000]

/** Goes on until the height is below the goal, or the gradients are spent. */
function race({ f, start }: Course, make: Make) {
  const p = value([...start])
  const optimizer = make(p)
  const height = (): Value => f(p.at(0), p.at(1))
  let gradients = 0
  const look = (): Value => {
    gradients++
    optimizer.zeroGrad()
    const loss = height()
    loss.backward()
    return loss
  }
  const path: Point[] = [start]
  const heights: Point[] = []
  for (let h = Infinity; h >= goal && gradients < budget; ) {
    optimizer.step(look)
    h = height().item()
    path.push([p.at(0).item(), p.at(1).item()])
    heights.push([gradients, h])
  }
  return { path, heights, gradients, height: heights.at(-1)?.[1] ?? NaN }
}

/** How much steeper the valley is across than along: the ratio of the two eigenvalues of the Hessian at its bottom. */
function steepness({ f, minimum }: Course): number {
  const h = hessian((p: Value) => f(p.at(0), p.at(1)))([...minimum])
  const [half, product] = [h.trace().item() / 2, h.det().item()]
  return (half + Math.sqrt(half ** 2 - product)) ** 2 / product
}

export function run(print: Print) {
  const results = courses.map((course) => {
    const runs = racers.map(({ name, make }) => ({ name, ...race(course, make) }))
    const ratio = steepness(course)
    print(`${course.name}, from (${course.start.join(', ')}) down to (${course.minimum.join(', ')})`)
    print(`  At the bottom the valley is ${ratio.toFixed(0)} times as steep across as along.`)
    const rows = runs.map(({ name, path, gradients, height }) => {
      const end = path.at(-1) ?? []
      return [name, path.length - 1, gradients, height.toExponential(0), ...end.map((c) => c.toFixed(3))]
    })
    for (const line of tableOf([['', 'steps', 'gradients', 'height', 'x', 'y'], ...rows])) print(`  ${line}`)
    return { course, ratio, runs }
  })
  const wild = race(rosenbrock, (p) => new SGD([p], { learningRate: 0.003, momentum: 0.9 }))
  print(`A rate of 0.003 in the place of 0.002 throws momentum out of Rosenbrock's valley for good.`)
  print(
    'L-BFGS has no rate to choose: its line search finds how far to go, with two gradients a step or a little more.',
  )

  print('The pictures')
  const size = { width: 480, height: 420 }
  const maps = results.map(({ course: { name, f, x, y, minimum }, runs }) => {
    const heights = (at: Point[]) => f(constant(at.map(([x]) => x)), constant(at.map(([, y]) => y))).log10().data
    const levels = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3]
    // Hundreds of dots would hide the line.
    const markOf = (path: Point[]) => (path.length > 100 ? 'line' : 'steps')
    const paths = runs.map(({ name, path }): Series => ({ name, points: path, mark: markOf(path) }))
    const bottom: Series = { name: 'minimum', points: [minimum], mark: 'dots' }
    return contours({ heights, levels, x, y }, [...paths, bottom], { title: name, x: 'x', y: 'y', ...size })
  })
  print(`  ${save('13-paths.svg', panels(maps, 2))}`)
  const x = { label: 'gradients', log: true, domain: [1, budget] } as const
  const y = { label: 'height', log: true, domain: [goal, 1e3] } as const
  const clocks = results.map(({ course: { name }, runs }) => {
    const lines = runs.map(({ name, heights }) => ({ name, points: heights }))
    return chart(lines, { title: name, x, y, ...size })
  })
  print(`  ${save('13-heights.svg', panels(clocks, 2))}`)
  return { results, wild }
}

await runIfMain(import.meta, run)
