/** How long the first gradient of a large scalar program takes. */

import { inChild } from '../rows/child.ts'
import { type Section, shown } from '../tables/section.ts'

export function first(): Section {
  const row = inChild('measureFirst', undefined)
  const failed = typeof row === 'string'
  const work = 'first compiled gradient of a 10⁵-op scalar program'
  const rows = failed
    ? []
    : [
        ['operations', 'in a fresh process, ms', 'of these re-rolling, ms', 'once warm, ms'],
        [String(row.operations), shown(row.cold), shown(row.rerolling), shown(row.warm)],
      ]
  return {
    title: 'The first call: trace, compile and run',
    tables: failed ? [] : [{ rows }],
    verdicts: [
      { work, limit: 150, unit: 'ms', measured: failed ? row : row.cold },
      { work: 're-rolling in it', limit: 20, unit: 'ms', measured: failed ? row : row.rerolling },
    ],
    notes: failed ? [row] : [`Of the time in a fresh process: ${row.stages}.`],
  }
}
