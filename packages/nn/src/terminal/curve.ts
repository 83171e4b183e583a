/** The loss over the epochs, drawn with characters. */
import { DomainError } from '@adjoint/autograd'
import { plot, type Settings } from 'simple-ascii-chart'
import { checkOptions, type Names, show } from '../options.ts'
import { showNumber } from './output.ts'

export interface CurveOptions {
  /** Columns of the drawing. Default: 60. */
  readonly width?: number
  /** Lines of the drawing. Default: 12. */
  readonly height?: number
  readonly title?: string
  /** Tell the curves apart by terminal colours; without, by the characters * and o. Default: false. */
  readonly color?: boolean
}

const curveOptions: Names<CurveOptions> = { width: true, height: true, title: true, color: true }

/** What is drawn of a history. */
export interface LossHistory {
  readonly loss: readonly number[]
  readonly validationLoss?: readonly number[]
}

type Point = [x: number, y: number]

const symbols = ['*', 'o']

/**
 * The training and the validation loss, epoch by epoch, as a text of several lines.
 * @param history What `fit` returned.
 * @throws DomainError for what is no history, or options unknown or out of range.
 * @example console.log(lossCurve(history, { color: process.stdout.isTTY }))
 */
export function lossCurve(history: LossHistory, options: CurveOptions = {}): string {
  checkOptions('lossCurve', options, curveOptions)
  const { width = 60, height = 12, title = 'loss', color = false } = options
  for (const [what, n] of [['width', width] as const, ['height', height] as const]) {
    if (Number.isInteger(n) && n >= 2) continue
    throw new DomainError(`lossCurve: the ${what} is ${show(n)}. Give a whole number, 2 or more.`)
  }
  if (!Array.isArray(history?.loss)) {
    throw new DomainError(`lossCurve: the history is ${show(history)}. Give what fit returned, or { loss: [3, 2, 1] }.`)
  }
  const { loss, validationLoss = [] } = history
  const curves = [sample(loss, width), sample(validationLoss, width)].filter((points) => points.length > 0)
  if (curves.length === 0) return `${title}: there is no epoch to draw`
  const names = curves.length === 2 ? ['training', 'validation'] : []
  const settings: Settings = {
    width,
    height,
    title,
    xLabel: 'epoch',
    customXAxisTicks: ticks(loss.length),
    formatter: (x, { axis }) => (axis === 'y' ? showNumber(x) : String(x)),
  }
  if (color) {
    settings.color = ['ansiCyan', 'ansiYellow']
    if (names.length > 0) settings.legend = { position: 'bottom', series: names }
  } else if (names.length > 0) {
    let curve = -1
    settings.lineFormatter = ({ index, plotX, plotY }) => {
      if (index === 0) curve++
      return { x: plotX, y: plotY, symbol: symbols[curve] ?? '*' }
    }
  }
  const lines = plot(curves, settings).split('\n')
  if (!color && names.length > 0) lines.push(names.map((name, i) => `${symbols[i]} ${name}`).join('   '))
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}

/** The curve at n evenly spaced places from the first epoch to the last, as points [epoch, number]. */
function sample(numbers: readonly number[], n: number): Point[] {
  const finite = numbers.map((y, i): Point => [i + 1, y]).filter(([, y]) => Number.isFinite(y))
  if (finite.length < 2) return finite
  return Array.from({ length: n }, (_, i) => {
    const place = (i * (finite.length - 1)) / (n - 1)
    const [x0, y0] = finite[Math.floor(place)] as Point
    const [x1, y1] = finite[Math.ceil(place)] as Point
    const part = place - Math.floor(place)
    return [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]
  })
}

/** The first epoch, the last, and the quarters between. */
function ticks(epochs: number): number[] {
  return [...new Set([0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(1 + part * (epochs - 1))))]
}
