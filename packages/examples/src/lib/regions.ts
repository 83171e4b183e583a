/** The regions of the plane where each class has the highest score. */
import * as Plot from '@observablehq/plot'
import { extentOf, type Field, placesOf } from './grid.ts'

/** A classifier over the plane, asked at many points at once. */
export interface Regions extends Field {
  /** For each point one score a class; the highest wins. One score alone means: above zero the second class, else the first. */
  readonly scores: (points: [x: number, y: number][]) => readonly (readonly number[])[]
}

/** How far class k leads the best of the others; one score s stands for the two classes −s and s. */
function lead(scores: readonly number[], k: number): number {
  const all = scores.length === 1 ? scores.flatMap((s) => [-s, s]) : scores
  const others = all.filter((_, i) => i !== k)
  return (all[k] ?? NaN) - Math.max(...others)
}

/** A light area where a class leads and a line along its border, for each class. */
export function regionMarks(regions: Regions, colors: readonly string[]): Plot.Markish[] {
  const found = regions.scores(placesOf(regions))
  return colors.map((color, k) =>
    Plot.contour(
      found.map((row) => lead(row, k)),
      {
        ...extentOf(regions),
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
