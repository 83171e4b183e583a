/** The report: figures beside their limits, Markdown, its place in a document. */
import { expect, test } from 'vitest'
import { reasonOf, timesOf } from '../src/rows/times.ts'
import { between, END, START, sectionText, tableOf, verdictTable } from '../src/tables/markdown.ts'
import { ratio, shareOf, shown, type Verdict } from '../src/tables/section.ts'

const kept: Verdict = { work: 'a', limit: 2, unit: 'ms', measured: 1 }
const missed: Verdict = { work: 'b', limit: 2, unit: '× c', measured: 1, atLeast: true }
const absent: Verdict = { work: 'd', limit: 3, unit: 'ms', measured: 'no gcc here' }

test('a figure takes a share of its limit, whichever side is the good one', () => {
  expect([kept, missed, absent].map(shareOf)).toEqual([0.5, 2, Number.NaN])
})

test('verdicts say ok, missed, or why nothing was measured', () => {
  const text = verdictTable([kept, missed, absent, absent])
  const cells = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  expect(cells[2]).toEqual(['', 'a', '≤ 2 ms', '1.00', '0.500', 'ok', ''])
  expect(cells[3]).toEqual(['', 'b', '≥ 2 × c', '1.00', '2.00', 'missed', ''])
  expect(cells[4]?.slice(1, 6)).toEqual(['d', '≤ 3 ms', '–', '–', 'not measured'])
  expect(text.split('\n').filter((line) => line === '- d: no gcc here')).toHaveLength(1)
})

test('a section is its title, its tables and its notes', () => {
  const tables = [
    {
      rows: [
        ['x', 'y'],
        ['p', 1234.5],
      ],
    },
  ]
  expect(sectionText({ title: 'T', tables, verdicts: [], notes: ['n'] })).toBe(
    `### T\n\n${tableOf({ rows: tables[0]?.rows ?? [] })}\n\nn`,
  )
  expect(
    tableOf({
      rows: [
        ['x', 'y'],
        ['p', 1234.5],
      ],
    }),
  ).toContain('1235')
})

test('the report replaces what stands between the markers, and nothing else', () => {
  expect(between(`before\n${START}\nold\n${END}\nafter`, 'new')).toBe(`before\n${START}\n\nnew\n\n${END}\nafter`)
  expect(() => between('no markers', 'new')).toThrow('the file must hold the lines')
})

test('ratios and digits', () => {
  expect(ratio(1, 2)).toBe(0.5)
  expect(ratio('broken', 2)).toBe('broken')
  expect(ratio(1, 'not installed')).toBe('nothing to compare with: not installed')
  expect([0.01234, 9.876, 123.4, Number.NaN].map(shown)).toEqual(['0.0123', '9.88', '123', '–'])
})

test('candidates that throw leave the first line of their reason, without places of files', async () => {
  const times = await timesOf({
    here: () => () => 2,
    away: () => {
      throw new Error('not here (at file:///a/b.js:1:2)\nmore')
    },
  })
  expect(times).toEqual({ here: 2, away: 'not here' })
  expect(reasonOf(new Error('x'.repeat(300)))).toHaveLength(202)
})
