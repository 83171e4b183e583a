/** The regions of the plane where each class has the highest score. */
import * as Plot from '@observablehq/plot'

/** A classifier over the plane, asked at many points at once. */
export interface Regions {
  /** For each point one score a class; the highest wins. One score alone means: above zero the second class, else the first. */
  readonly scores: (points: [x: number, y: number][]) => readonly (readonly number[])[]
  /** From, to, of both axes. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /** Points a side that the classifier is asked at; 120 unless told. */
  readonly resolution?: number
}

/** How far class k leads the best of the others; one score s stands for the two classes −s and s. */
function lead(scores: readonly number[], k: number): number {
  const all = scores.length === 1 ? scores.flatMap((s) => [-s, s]) : scores
  const others = all.filter((_, i) => i !== k)
  return (all[k] ?? NaN) - Math.max(...others)
}

/** A light area where a class leads and a line along its border, for each class. */
export function regionMarks(regions: Regions, colors: readonly string[]): Plot.Markish[] {
  const { scores, x, y, resolution: n = 120 } = regions
  const middle = ([from, to]: readonly [number, number], i: number): number => from + ((i + 0.5) * (to - from)) / n
  // Row by row from the bottom, the order in which Plot reads a grid.
  const grid = Array.from({ length: n * n }, (_, i): [number, number] => [
    middle(x, i % n),
    middle(y, Math.floor(i / n)),
  ])
  const found = scores(grid)
  return colors.map((color, k) =>
    Plot.contour(
      found.map((row) => lead(row, k)),
      {
        width: n,
        height: n,
        x1: x[0],
        x2: x[1],
        y1: y[0],
        y2: y[1],
        value: Plot.identity,
        thresholds: [0],
        fill: color,
        fillOpacity: 0.22,
        stroke: color,
        strokeOpacity: 0.6,
        clip: true,
      },
    ),
  )
}
