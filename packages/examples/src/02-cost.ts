/**
 * 2. The cost function, and walking down it.
 *
 * A line ŷ = w·x misses each of four points by an error. The mean of the squared errors (MSE) is the cost of w. Drawn
 * against w it is a valley; its slope tells which way is down, and gradient descent takes steps that way.
 */
import { grad, type Operand, type Value, value } from '@adjoint/autograd'
import { type Print, runIfMain, save } from './lib/example.ts'
import { chart, curve, type Point } from './lib/plot.ts'
import { tableOf } from './lib/table.ts'

const points: readonly Point[] = [
  [1, 3],
  [2, 3],
  [3, 5],
  [4, 9],
]
const x = value(points.map(([x]) => x))
const y = points.map(([, y]) => y)

const line = (w: Operand): Value => x.mul(w)
const cost = (w: Operand): Value => line(w).sub(y).square().mean()
const costAt = (w: number): number => cost(w).item()
const slope = grad((w: Value) => cost(w))
const slopeAt = (w: number): number => slope(w).item()

/** The weights that gradient descent goes through: against the slope, `rate` times as far as it is steep. */
function descend(rate: number): number[] {
  const path = [0]
  for (let w = 0; path.length <= 12; path.push(w)) w -= rate * slopeAt(w)
  return path
}

export function run(print: Print) {
  const show = (head: string[], rows: (string | number)[][]): void => {
    for (const line of tableOf([head, ...rows])) print(`  ${line}`)
  }
  const w = 0.5
  print(`The line ŷ = ${w}·x and four points`)
  const rows = points.map(([x, y]) => [x, y, w * x, w * x - y, (w * x - y) ** 2])
  show(['x', 'y', 'ŷ', 'error', 'squared'], rows)
  print(`  the cost, the mean of the squared errors: ${costAt(w)}`)

  print('The cost of other weights, and its slope there')
  show(
    ['w', 'cost', 'slope'],
    [0, 1, 2, 3, 4].map((at) => [at, costAt(at), slopeAt(at)]),
  )
  print('  At w = 2 the valley is level: no other line through the origin fits better.')

  print('Gradient descent from w = 0: w becomes w − rate · slope. The cost after each step:')
  const walks = [
    { name: 'too small, 0.004', path: descend(0.004) },
    { name: 'good, 0.05', path: descend(0.05) },
    { name: 'too large, 0.14', path: descend(0.14) },
  ]
  const after = (step: number): string[] => walks.map(({ path }) => costAt(path[step] ?? NaN).toFixed(2))
  show(
    ['step', ...walks.map(({ name }) => name)],
    [0, 1, 2, 3, 6, 12].map((step) => [step, ...after(step)]),
  )
  print('  Too small a rate hardly moves; too large a rate jumps across the valley, each time higher up.')

  print('The pictures')
  const misses = points.flatMap(([x, y]): Point[] => [
    [x, y],
    [x, w * x],
    [NaN, NaN],
  ])
  const errors = chart(
    [
      { name: `ŷ = ${w}·x`, points: curve((x) => w * x, 0, 5) },
      { name: 'errors', points: misses, mark: 'dashed', color: '#d6455d' },
      { name: 'points', points, mark: 'dots' },
    ],
    {
      title: 'Four points, a line, and how far it misses',
      x: { label: 'x', domain: [0, 5] },
      y: { label: 'y', domain: [0, 10] },
    },
  )
  print(`  ${save('02-errors.svg', errors)}`)
  const valley = { name: 'cost of w', points: curve(costAt, -2, 6), color: '#7f8690' }
  const steps = walks.map(({ name, path }) => {
    return { name, points: path.map((w): Point => [w, costAt(w)]), mark: 'steps' as const }
  })
  const title = 'Three learning rates, the same valley'
  const axes = { x: { label: 'weight w', domain: [-2, 6] }, y: { label: 'cost (MSE)', domain: [0, 120] } } as const
  print(`  ${save('02-cost.svg', chart([valley, ...steps], { title, ...axes }))}`)

  return { cost: costAt(w), slope: slopeAt(w), ends: after(12).map(Number) }
}

await runIfMain(import.meta, run)
