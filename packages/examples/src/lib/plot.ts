/** Charts as SVG files in strings: lines and points, bars, and the regions that a classifier decides for. */
import * as Plot from '@observablehq/plot'
import { contourMarks, type Landscape } from './contours.ts'
import { colorOf, document, frame, headHeight, type Key } from './frame.ts'
import { type Regions, regionMarks } from './regions.ts'

export type Point = readonly [x: number, y: number]

/** Points of a function, from one x to another. */
export function curve(f: (x: number) => number, from: number, to: number, count = 121): Point[] {
  return Array.from({ length: count }, (_, i): Point => {
    const x = from + (i * (to - from)) / (count - 1)
    return [x, f(x)]
  })
}

/** A named set of points. In a line, a point that is not finite leaves a gap. */
export interface Series {
  readonly name: string
  readonly points: readonly Point[]
  /** How it is drawn; 'line' unless told. 'steps' is a line with a dot at every point. */
  readonly mark?: 'line' | 'dashed' | 'dots' | 'steps'
  /** A colour of its own, else the next of the palette. */
  readonly color?: string
}

export interface Axis {
  readonly label: string
  /** From, to: what lies outside is cut off. */
  readonly domain?: readonly [number, number]
  /** A logarithmic scale, with a label at each power of ten. */
  readonly log?: boolean
}

export interface ChartOptions {
  readonly title?: string
  readonly x: string | Axis
  readonly y: string | Axis
  /** In pixels, 560 by 360 unless told. */
  readonly width?: number
  readonly height?: number
}

const axisOf = (axis: string | Axis): Axis => (typeof axis === 'string' ? { label: axis } : axis)

const superscript = (k: number): string =>
  [...String(k)].map((c) => (c === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? ''))).join('')

/** Powers of ten by name, and the steps between them without one. */
function decade(x: number): string {
  const k = Math.log10(x)
  if (Math.abs(k - Math.round(k)) > 1e-9) return ''
  return Math.abs(k) <= 3 ? String(Number(x.toPrecision(1))) : `10${superscript(Math.round(k))}`
}

function scale(axis: Axis): Plot.ScaleOptions {
  const options: Plot.ScaleOptions = { label: axis.label, nice: axis.domain === undefined, grid: true }
  if (axis.domain !== undefined) options.domain = axis.domain
  return axis.log === true ? { ...options, type: 'log', tickFormat: decade } : options
}

/** Plots the marks in the usual frame: grid, axis labels, title, legend. */
function draw(marks: Plot.Markish[], keys: readonly Key[], options: ChartOptions, x: Plot.ScaleOptions): string {
  const { width = 560, height = 360 } = options
  const shown = keys.length > 1 ? keys : []
  const y = axisOf(options.y)
  // Above the axis and level with the title, where the longest label finds room.
  const yLabel = Plot.text([y.label], { frameAnchor: 'top-left', textAnchor: 'start', dx: -42, dy: -20 })
  const svg = Plot.plot({
    document,
    width,
    height,
    marginLeft: 58,
    marginRight: 20,
    marginBottom: 46,
    marginTop: headHeight(options.title, shown, width) + (y.label === '' ? 10 : 30),
    style: { fontSize: '13px' },
    x: { ticks: Math.max(4, Math.round(width / 80)), ...x, labelAnchor: 'center', labelArrow: 'none', labelOffset: 40 },
    y: { ...scale(y), label: null },
    marks: [Plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }), yLabel, ...marks],
  })
  const title = options.title === undefined ? {} : { title: options.title }
  return frame(svg.outerHTML, { ...title, keys: shown, width, height })
}

const colored = (series: Series, k: number): string => series.color ?? colorOf(k)

function seriesMarks(series: Series, k: number): Plot.Markish[] {
  const { mark = 'line', points } = series
  const color = colored(series, k)
  const finite = points.map(([x, y]): Point => (Number.isFinite(x) && Number.isFinite(y) ? [x, y] : [NaN, NaN]))
  const dots = { fill: color, stroke: 'white', strokeWidth: 0.8, clip: true }
  if (mark === 'dots') return [Plot.dot(finite, { ...dots, r: 4 })]
  const dash = mark === 'dashed' ? { strokeDasharray: '5 4' } : {}
  const line = Plot.line(finite, { stroke: color, strokeWidth: 2, clip: true, ...dash })
  return mark === 'steps' ? [line, Plot.dot(finite, { ...dots, r: 3 })] : [line]
}

function keyOf(series: Series, k: number): Key {
  const { mark = 'line' } = series
  return {
    name: series.name,
    color: colored(series, k),
    shape: mark === 'dots' ? 'dot' : mark === 'dashed' ? mark : 'line',
  }
}

/**
 * Lines and points over two axes, with a legend when there are several.
 *
 * @example chart([{ name: 'training', points: [[0, 1.2], [1, 0.4]] }], { x: 'epoch', y: 'loss' })
 */
export function chart(series: readonly Series[], options: ChartOptions): string {
  return draw(series.flatMap(seriesMarks), series.map(keyOf), options, scale(axisOf(options.x)))
}

/**
 * Which class wins where, as coloured regions, with the points of each class on top: class k has the colour of series k.
 *
 * @example decisionRegions({ scores: (at) => at.map(([x, y]) => [x - y, y - x]), x: [0, 1], y: [0, 1] }, classes, options)
 */
export function decisionRegions(regions: Regions, classes: readonly Series[], options: ChartOptions): string {
  const x = scale({ ...axisOf(options.x), domain: regions.x })
  const points = classes.map((series): Series => ({ ...series, mark: 'dots' }))
  const marks = [...regionMarks(regions, classes.map(colored)), ...points.flatMap(seriesMarks)]
  return draw(marks, points.map(keyOf), { ...options, y: { ...axisOf(options.y), domain: regions.y } }, x)
}

/**
 * Lines and points over the contour lines of a function of two numbers.
 *
 * @example contours({ heights: (at) => at.map(([x, y]) => x * y), levels: [0, 1], x: [0, 2], y: [0, 2] }, paths, options)
 */
export function contours(landscape: Landscape, series: readonly Series[], options: ChartOptions): string {
  const x = scale({ ...axisOf(options.x), domain: landscape.x })
  const marks = [...contourMarks(landscape), ...series.flatMap(seriesMarks)]
  return draw(marks, series.map(keyOf), { ...options, y: { ...axisOf(options.y), domain: landscape.y } }, x)
}

/**
 * One bar a name, from zero.
 *
 * @example barChart([['full batch', 1], ['one row', 120]], { x: 'method', y: 'updates per epoch' })
 */
export function barChart(bars: readonly (readonly [name: string, height: number])[], options: ChartOptions): string {
  const mark = Plot.barY(bars, { x: '0', y: '1', fill: colorOf(0), insetLeft: 6, insetRight: 6 })
  const x: Plot.ScaleOptions = {
    label: axisOf(options.x).label,
    labelArrow: 'none',
    domain: bars.map(([name]) => name),
  }
  return draw([mark, Plot.ruleY([0])], [], options, x)
}
