/** A confusion matrix as a picture: what was right in blue, what was wrong in red, the deeper the more often. */
import { colorOf, escapeXml, frame } from '../lib/frame.ts'

const width = 420
const [right, wrong] = [colorOf(0), colorOf(4)]

/** A square with a count in it; empty for none. The part is that of the examples of its row. */
function cell(count: number, part: number, color: string, x: number, y: number, size: number): string {
  const at = `x="${x}" y="${y}" width="${size - 2}" height="${size - 2}" rx="3"`
  if (count === 0) return `<rect ${at} fill="currentColor" fill-opacity="0.06"/>`
  const ink = part > 0.5 ? '#ffffff' : 'currentColor'
  const text = `<text x="${x + size / 2 - 1}" y="${y + size / 2 + 4}" text-anchor="middle" fill="${ink}">${count}</text>`
  return `<rect ${at} fill="${color}" fill-opacity="${(0.25 + 0.75 * part).toFixed(2)}"/>${text}`
}

/** A row for each true class, a column for each answer. */
export function confusionSvg(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  title: string,
): string {
  const size = classes.length > 5 ? 30 : 76
  const left = Math.round((width + 7 * Math.max(...classes.map((name) => name.length)) - classes.length * size) / 2)
  const top = 84
  const word = (text: string, x: number, y: number, anchor: string): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="currentColor">${escapeXml(text)}</text>`
  const cells = matrix.flatMap((counts, i) => {
    const total = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count, j) =>
      cell(count, count / total, i === j ? right : wrong, left + j * size, top + i * size, size),
    )
  })
  const middle = (k: number): number => k * size + size / 2
  const names = classes.flatMap((name, k) => [
    word(name, left + middle(k), top - 8, 'middle'),
    word(name, left - 10, top + middle(k) + 4, 'end'),
  ])
  const heads = [
    word('answer', left + middle(classes.length / 2 - 0.5), top - 28, 'middle'),
    word('true', left - 10, top - 8, 'end'),
  ]
  return frame([...heads, ...names, ...cells].join('\n'), {
    title,
    keys: [],
    width,
    height: top + classes.length * size + 14,
  })
}
