/** The picture of the report. */
import { expect, test } from 'vitest'
import { plotOf } from '../src/tables/plot.ts'

test('one dot a figure that was measured, with the machine named', () => {
  const svg = plotOf(
    [
      { work: 'kept', limit: 2, unit: 'ms', measured: 1 },
      { work: 'missed', limit: 1, unit: 'ms', measured: 3 },
      { work: 'absent', limit: 1, unit: 'ms', measured: 'no gcc' },
    ],
    'a machine & more',
  )
  expect(svg.match(/<circle/g)).toHaveLength(2)
  expect(svg).toContain('kept')
  expect(svg).not.toContain('absent')
  expect(svg).toContain('a machine &amp; more')
})
