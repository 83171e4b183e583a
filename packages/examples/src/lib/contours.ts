/** The lines along which a function of two numbers keeps its height. */
import * as Plot from '@observablehq/plot'
import { extentOf, type Field, placesOf } from './grid.ts'

export interface Landscape extends Field {
  /** The height at each of many points. */
  readonly heights: (points: [x: number, y: number][]) => ArrayLike<number>
  /** The heights that get a line; what is above is a shade darker. */
  readonly levels: readonly number[]
}

export function contourMarks(landscape: Landscape): Plot.Markish[] {
  const heights = Array.from(landscape.heights(placesOf(landscape)))
  const look = { fill: '#7f8690', fillOpacity: 0.07, stroke: '#7f8690', strokeOpacity: 0.55, clip: true }
  return [
    Plot.contour(heights, {
      ...extentOf(landscape),
      value: Plot.identity,
      thresholds: [...landscape.levels],
      ...look,
    }),
  ]
}
