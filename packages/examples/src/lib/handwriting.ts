/** Digits of 8x8 pixels to look at: as pictures with captions, or in characters. */
import { escapeXml, frame } from './frame.ts'

/** One digit, and what is said about it below the picture. */
export interface Tile {
  /** Row by row, from 0 (paper) to 1 (ink). */
  readonly pixels: ArrayLike<number>
  readonly caption: readonly string[]
}

const side = 8
const pixel = 9
/** Between the pictures there is room for a caption of some 14 letters. */
const gap = 30
const margin = 18
const lineHeight = 16

/** The ink of a tile, one square a pixel; a hair larger than its place, so that no seams show. */
function ink(pixels: ArrayLike<number>): string {
  return Array.from(pixels, (x, i) => {
    const at = `x="${(i % side) * pixel}" y="${Math.floor(i / side) * pixel}"`
    return x > 0 ? `<rect ${at} width="${pixel + 0.3}" height="${pixel + 0.3}" fill-opacity="${x.toFixed(2)}"/>` : ''
  }).join('')
}

function draw({ pixels, caption }: Tile, x: number, y: number): string {
  const size = side * pixel
  const lines = caption.map(
    (line, k) =>
      `<text x="${size / 2}" y="${size + lineHeight * (k + 1)}" text-anchor="middle" fill="currentColor">${escapeXml(line)}</text>`,
  )
  const paper = `<rect x="-3" y="-3" width="${size + 6}" height="${size + 6}" rx="3" fill="#ffffff" stroke="#98a2ad"/>`
  return `<g transform="translate(${x},${y})">${paper}<g fill="#14181d">${ink(pixels)}</g>${lines.join('')}</g>`
}

/**
 * The digits side by side, each with its caption, as one self-contained SVG file.
 *
 * @example digitsSvg([{ pixels, caption: ['a 4', 'read as 9'] }], { title: 'What the network got wrong' })
 */
export function digitsSvg(tiles: readonly Tile[], { title, columns = 8 }: { title: string; columns?: number }): string {
  const captionLines = Math.max(0, ...tiles.map(({ caption }) => caption.length))
  const [across, down] = [side * pixel + gap, side * pixel + lineHeight * captionLines + margin]
  const used = Math.max(1, Math.min(columns, tiles.length))
  const drawn = tiles.map((tile, k) => {
    return draw(tile, margin + (k % columns) * across, 46 + Math.floor(k / columns) * down)
  })
  return frame(drawn.join('\n'), {
    title,
    keys: [],
    // At least wide enough for the title, in bold letters of 15 px.
    width: Math.max(2 * margin - gap + used * across, 2 * margin + title.length * 8.4, 420),
    height: 40 + Math.ceil(tiles.length / columns) * down,
  })
}

/** The digit in characters, two a pixel, since characters are twice as high as wide. */
export function digitText(pixels: ArrayLike<number>): string[] {
  const shades = ' .:+#'
  const character = (x: number): string => shades.charAt(Math.round(x * (shades.length - 1))).repeat(2)
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => character(pixels[row * side + column] ?? 0))
      .join('')
      .trimEnd(),
  )
}
