/** The figures that have a limit, as a picture: how much of the limit each takes. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { shareOf, type Verdict } from './section.ts'

const WIDTH = 860
const ROW = 22
const LABELS = 380
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

interface Point {
  readonly work: string
  readonly share: number
}

const STYLE = `
.chart { color: #24292f; background: #ffffff }
@media (prefers-color-scheme: dark) { .chart { color: #d7dde4; background: #161b22 } }`

/**
 * One dot a figure on a logarithmic scale, left of the line at 1 where it keeps its limit.
 * @returns An SVG file.
 */
export function plotOf(verdicts: readonly Verdict[], machine: string): string {
  const { document } = parseHTML('<html><body></body></html>')
  const points = verdicts
    .map((verdict) => ({ work: `${verdict.work}, ${verdict.unit}`, share: shareOf(verdict) }))
    .filter(({ share }) => Number.isFinite(share))
  const shares = points.map(({ share }) => share)
  const [least, most] = [Math.min(1, ...shares), Math.max(1, ...shares)]
  const colorOf = ({ share }: Point): string => (share <= 1 ? '#2f9e6a' : '#d6455d')
  // The figure stands on the side of its dot that is away from the limit.
  const figures = (kept: boolean): Plot.Text =>
    Plot.text(
      points.filter(({ share }) => share <= 1 === kept),
      {
        y: 'work',
        x: 'share',
        text: ({ share }: Point) => share.toPrecision(2),
        textAnchor: kept ? 'end' : 'start',
        dx: kept ? -9 : 9,
      },
    )
  const svg = Plot.plot({
    document,
    className: 'chart',
    width: WIDTH,
    height: 100 + ROW * points.length,
    marginLeft: LABELS,
    marginRight: 50,
    marginTop: 40,
    marginBottom: 46,
    x: {
      type: 'log',
      grid: true,
      label: 'measured ÷ limit',
      ticks: TICKS.filter((x) => x >= least && x <= most),
      tickFormat: String,
      insetLeft: 40,
    },
    y: { label: null, domain: points.map(({ work }) => work), tickSize: 0 },
    marks: [
      Plot.ruleX([1], { strokeWidth: 1.5 }),
      Plot.ruleY(points, { y: 'work', x1: 1, x2: 'share', stroke: colorOf, strokeWidth: 3 }),
      Plot.dot(points, { y: 'work', x: 'share', fill: colorOf, r: 5 }),
      figures(true),
      figures(false),
      Plot.text([machine], { frameAnchor: 'top-left', dx: 12 - LABELS, dy: -26, textAnchor: 'start' }),
    ],
  })
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${svg.outerHTML.replace('</style>', `${STYLE}</style>`)}\n`
}
