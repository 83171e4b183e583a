/** Title, legend and style around a plot: what makes a drawing a file that stands on its own. */
import { parseHTML } from 'linkedom'

/** The document that the plots are drawn in: Node has none of its own. */
export const document: Document = parseHTML('<html><body></body></html>').document

/** Told apart on a light and on a dark page; the first ones are also far apart for the colour-blind. */
export const palette: readonly string[] = [
  '#3b6fd4',
  '#e0762b',
  '#2f9e6a',
  '#a05bd0',
  '#d6455d',
  '#1f9bb0',
  '#b58a14',
  '#7f8690',
  '#8a5a3c',
  '#5a66c9',
]

/** The colour of the k-th series, when it does not name its own. */
export const colorOf = (k: number): string => palette[k % palette.length] ?? '#7f8690'

/** One entry of the legend. */
export interface Key {
  readonly name: string
  readonly color: string
  readonly shape: 'line' | 'dashed' | 'dot' | 'square'
}

/** Inside a page the figure follows the page's scheme; a viewer that knows no media queries shows it light. */
export const style = `
.figure { color: #24292f; display: block; max-width: 100%; height: auto }
.figure text { white-space: pre }
.figure .ground { fill: #ffffff }
@media (prefers-color-scheme: dark) { .figure { color: #d7dde4 } .figure .ground { fill: #161b22 } }`

const margin = 16
const rowHeight = 20
/** Widths are estimated, since there is no browser to measure them: 13 px text is about 7.2 px a character. */
const widthOf = (key: Key): number => 44 + key.name.length * 7.2

interface Placed {
  readonly key: Key
  readonly x: number
  readonly row: number
}

/** The keys from left to right, in a new row where the next one would not fit. */
function place(keys: readonly Key[], width: number): Placed[] {
  let x = margin
  let row = 0
  return keys.map((key) => {
    if (x > margin && x + widthOf(key) > width) {
      x = margin
      row += 1
    }
    const placed = { key, x, row }
    x += widthOf(key)
    return placed
  })
}

const titleHeight = (title: string | undefined): number => (title === undefined ? 8 : 34)

/** The space that the title and the legend take above the plot. */
export function headHeight(title: string | undefined, keys: readonly Key[], width: number): number {
  const rows = keys.length === 0 ? 0 : Math.max(...place(keys, width).map((p) => p.row)) + 1
  return titleHeight(title) + rows * rowHeight
}

/** The text with the characters that XML gives a meaning of their own written out. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function swatch({ shape, color }: Key): string {
  if (shape === 'dot') return `<circle cx="10" cy="0" r="4.5" fill="${color}"/>`
  if (shape === 'square') return `<rect x="4" y="-6" width="12" height="12" rx="2" fill="${color}"/>`
  const dash = shape === 'dashed' ? ' stroke-dasharray="5 4"' : ''
  return `<path d="M0,0H20" stroke="${color}" stroke-width="2.5"${dash}/>`
}

/** FNV-1a, 32 bits: a short name for a text. */
function hash(text: string): string {
  let h = 0x811c9dc5
  for (const char of text) h = Math.imul(h ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return (h >>> 0).toString(36)
}

/**
 * Plot numbers the ids of its clip paths from 1 in every process; on a page with figures from several they would
 * collide. Here they are named by what is drawn, so that a figure is also the same whatever was drawn before it.
 */
function withOwnIds(drawing: string): string {
  const ids = [...new Set(drawing.match(/plot-clip-\d+/g))]
  const plain = drawing.replace(/plot-clip-\d+/g, (id) => `clip-${ids.indexOf(id)}`)
  return plain.replace(/\bclip-(?=\d)/g, `clip-${hash(plain)}-`)
}

/** The drawing with its title and legend, as one self-contained SVG file. */
export function frame(
  drawing: string,
  options: { title?: string; keys: readonly Key[]; width: number; height: number },
): string {
  const { title, keys, width, height } = options
  const heading =
    title === undefined
      ? ''
      : `<text x="${margin}" y="24" font-size="16" font-weight="600" fill="currentColor">${escapeXml(title)}</text>`
  const legend = place(keys, width).map(({ key, x, row }) => {
    const text = `<text x="26" y="4" fill="currentColor">${escapeXml(key.name)}</text>`
    const y = titleHeight(title) + row * rowHeight + 10
    return `<g transform="translate(${x.toFixed(1)},${y})">${swatch(key)}${text}</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` class="figure" font-family="system-ui, sans-serif" font-size="13" role="img">`,
    `<style>${style}</style>`,
    `<title>${escapeXml(title ?? keys.map((key) => key.name).join(', '))}</title>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    heading,
    ...legend,
    withOwnIds(drawing),
    '</svg>',
    '',
  ].join('\n')
}

/**
 * Several charts of one size as one file, row by row.
 *
 * @example panels(kinds.map((kind) => chart(kind.series, { …, width: 280, height: 220 })), 3)
 */
export function panels(charts: readonly string[], columns: number): string {
  const [, width = 0, height = 0] = /width="(\d+)" height="(\d+)"/.exec(charts[0] ?? '')?.map(Number) ?? []
  const rows = Math.ceil(charts.length / columns)
  const size = { width: width * Math.min(columns, charts.length), height: height * rows }
  // An inner <svg> must not be sized by the style of a figure.
  const placed = charts.map((chart, i) => {
    const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height]
    return chart.replace('class="figure"', `x="${x}" y="${y}"`)
  })
  return frame(placed.join(''), { keys: [], ...size })
}
