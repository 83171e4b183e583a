/** What the network answers over the plane of two measurements. */
import { constant } from '@adjoint/autograd'
import { decisionRegions, type Point } from '../lib/plot.ts'
import type { Learned } from './learn.ts'

/** From a little below the smallest to a little above the largest. */
function around(numbers: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  const edge = 0.08 * (high - low)
  return [low - edge, high + edge]
}

/**
 * The last two measurements span the plane; the others stay at their mean over the training part. The points are the
 * examples of the test part.
 */
export function regionsSvg({ task, parts: { train, test }, scores }: Learned): string {
  const { features, classes } = task.data
  const [across, up] = [features.length - 2, features.length - 1]
  const typical = (train.x.mean({ axis: 0 }).toArray() as number[]).slice(0, across)
  const points = (test.x.toArray() as number[][]).map((row): Point => [row[across] ?? NaN, row[up] ?? NaN])
  return decisionRegions(
    {
      scores: (at) => scores(constant(at.map(([x, y]) => [...typical, x, y]))).toArray() as number[][],
      x: around(points.map(([x]) => x)),
      y: around(points.map(([, y]) => y)),
    },
    classes.map((name, label) => ({ name, points: points.filter((_, i) => test.y.data[i] === label) })),
    {
      title: 'The answer by two of the measurements',
      x: features[across] ?? '',
      y: features[up] ?? '',
    },
  )
}
