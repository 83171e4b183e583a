/** The report as Markdown, and its place in a file. */
import { markdownTable } from 'markdown-table'
import { type Section, shareOf, shown, type Table, type Verdict } from './section.ts'

export const START = '<!-- measured: written by `npm run bench -- --write` -->'
export const END = '<!-- end of what was measured -->'

/** First column to the left, the others to the right. */
export function tableOf({ rows }: Table): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shown(cell) : cell)))
  const align = (rows[0] ?? []).map((_, i) => (i === 0 ? 'l' : 'r'))
  return markdownTable(cells, { align, stringLength: (cell) => [...cell].length })
}

/** Every figure beside its limit; what could not be measured says why below. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map((verdict) => {
    const { work, limit, measured, unit, atLeast = false } = verdict
    const share = shareOf(verdict)
    const met = typeof measured === 'string' ? 'not measured' : share <= 1 ? 'ok' : 'missed'
    return [work, `${atLeast ? '≥' : '≤'} ${limit} ${unit}`, shown(measured), shown(share), met]
  })
  const table = tableOf({ rows: [['work', 'limit', 'measured', 'share of the limit', ''], ...rows] })
  const missing = new Set(
    verdicts.flatMap(({ work, measured }) => (typeof measured === 'string' ? [`- ${work}: ${measured}`] : [])),
  )
  return missing.size === 0 ? table : `${table}\n\nNot measured:\n\n${[...missing].join('\n')}`
}

export function sectionText({ title, tables, notes }: Section): string {
  return [`### ${title}`, ...tables.map(tableOf), ...notes].join('\n\n')
}

/** @throws Error when the markers are not there, or not in order. */
export function between(document: string, text: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`bench: the file must hold the lines "${START}" and "${END}"`)
  return `${document.slice(0, start + START.length)}\n\n${text}\n\n${document.slice(end)}`
}
