/**
 * 14. Gradients one by one, and the curvature of a loss.
 *
 * The loss of a network is a mean over its examples, and so is its gradient. vmap(grad(loss)) gives the gradients of
 * all examples in one pass: who pulls, and whether they agree. The Hessian tells how the slope changes in every
 * direction. Its eigenvalues take no Hessian: hvp gives its product with a vector, and Lanczos needs nothing else.
 */
import { eye, grad, hvp, random, type Value, vmap } from '@adjoint/autograd'
import { type Print, runIfMain, save } from './lib/example.ts'
import { gradients, scores, size, total, train, x, y } from './lib/moonNet.ts'
import { chart, contours, type Point, type Series } from './lib/plot.ts'
import { eigenvalues, lanczos } from './lib/spectrum.ts'
import { tableOf } from './lib/table.ts'

function look(name: string, weights: Value) {
  const single = gradients(weights, x, y)
  const product = (v: Value): Value => hvp(total)(weights, v)
  const figures = {
    loss: total(weights).item(),
    lengths: single.norm({ axis: 1 }).toArray() as number[],
    mean: single.mean({ axis: 0 }).norm().item(),
    spectrum: eigenvalues(lanczos(product, size, size)),
    outer: eigenvalues(lanczos(product, size, 8)),
  }
  // The whole Hessian, to compare: its columns are its products with the unit vectors.
  return { name, weights, ...figures, hessian: vmap(product)(eye(size)) }
}

/** How many times as far from the minimum as before: gradient descent, 200 steps from a place beside it. */
function drift(minimum: Value, rate: number): number {
  const slope = grad(total)
  const nudge = random(4).normal([size], 0, 1e-6)
  let weights = minimum.add(nudge)
  for (let step = 0; step < 200; step++) weights = weights.sub(slope(weights).mul(rate)).detach()
  return weights.sub(minimum).norm().div(nudge.norm()).item()
}

export function run(print: Print) {
  const start = random(3).normal([size], 0, 0.5)
  const states = [look('random', start), look('trained', train(start))] as const
  print(`${y.size} points of two moons, a network of ${size} weights, before and after training`)
  const head = ['weights', 'loss', 'mean gradient', 'shortest', 'longest', 'of the 100 gradients']
  const rows = states.map(({ name, loss, mean, lengths }) => {
    return [name, ...[loss, mean, Math.min(...lengths), Math.max(...lengths)].map((x) => x.toFixed(3))]
  })
  for (const line of tableOf([head, ...rows])) print(`  ${line}`)
  const [, { weights, lengths, spectrum, outer }] = states
  print('  At the minimum each example still pulls its own way; together they cancel.')
  const order = lengths.map((_, i) => i).sort((i, j) => (lengths[j] ?? 0) - (lengths[i] ?? 0))
  const share = order.slice(0, 10).reduce((sum, i) => sum + (lengths[i] ?? 0), 0) / lengths.reduce((a, b) => a + b)
  print(`  Ten of them do ${Math.round(100 * share)} % of the pulling: those near the border.`)

  print('The curvature: the eigenvalues of the Hessian, from products alone')
  const counts = states.map(({ name, spectrum, hessian }) => {
    const [max = NaN, min = NaN] = [spectrum[0], spectrum.at(-1)]
    const below = spectrum.filter((x) => x < 0).length
    const small = spectrum.filter((x) => Math.abs(x) < max / 100).length
    return [name, max.toFixed(4), min.toFixed(4), below, small, hessian.trace().item().toFixed(4)]
  })
  for (const line of tableOf([['weights', 'largest', 'smallest', 'negative', 'under 1 %', 'trace'], ...counts]))
    print(`  ${line}`)
  print('  Random weights lie on a saddle: some directions bend down. At the minimum none does.')
  print('  Most directions are nearly flat there: their curvature is under 1 % of the largest.')
  const top = spectrum[0] ?? NaN
  print(`  Eight products are enough for the largest: ${outer[0]?.toFixed(8)}, from all ${size} ${top.toFixed(8)}.`)
  print(
    `  It bounds the rate of gradient descent: 2/${top.toFixed(4)} = ${(2 / top).toFixed(3)}. After 200 steps beside the minimum`,
  )
  const drifts = [0.95, 1.05].map((part) => ({ rate: (part * 2) / top, times: drift(weights, (part * 2) / top) }))
  for (const { rate, times } of drifts)
    print(`  with rate ${rate.toFixed(3)}, ${times.toPrecision(2)} times as far from it`)

  print('The pictures')
  const points = x.toArray() as [number, number][]
  const moon = (label: number): Point[] => points.filter((_, i) => y.data[i] === label)
  const hardest = order.slice(0, 10).map((i) => points[i] as Point)
  const heights = (at: Point[]) => scores(weights, at).data
  const series = [moon(-1), moon(1), hardest].map((points, k): Series => {
    return { name: ['the moon of −1', 'the moon of 1', 'pull the hardest'][k] ?? '', points, mark: 'dots' }
  })
  const land = { heights, levels: [-4, -2, 0, 2, 4], x: [-1.75, 2.75], y: [-1.25, 1.75] } as const
  const axes = { x: 'first coordinate', y: 'second coordinate' }
  print(`  ${save('14-pull.svg', contours(land, series, { title: 'Scores, and the ten longest gradients', ...axes }))}`)
  const ranks = states.map(({ name, spectrum }): Series => {
    return { name, points: spectrum.map((x, i): Point => [i + 1, x]), mark: 'dots' }
  })
  const title = 'The spectrum of the Hessian'
  print(`  ${save('14-spectrum.svg', chart(ranks, { title, x: 'rank', y: 'eigenvalue' }))}`)
  return { states, share, drifts }
}

await runIfMain(import.meta, run)
