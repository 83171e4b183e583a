/** Gradients of scalar programs with plain loops over scalar Values: compiled, beside C by hand and ADOL-C. */
import { type ProblemName, problems } from '../problems/index.ts'
import { scans } from '../problems/scans.ts'
import { inChild } from '../rows/child.ts'
import type { ScalarRow, Way } from '../rows/scalar.ts'
import { countOperations } from '../scalars.ts'
import { ratio, type Section, type Verdict } from '../tables/section.ts'

/** At most so many times the time of C by hand. */
const limits: Record<ProblemName, number> = {
  gmm: 0.4,
  gmm10: 0.4,
  rosen: 0.9,
  bs: 0.9,
  mlp: 1,
  speel: 1.3,
  rnn: 1.5,
  heat: 1.5,
}

const columns: readonly (readonly [Way, string])[] = [
  ['resident', 'x.at(i), in the program’s memory, µs'],
  ['at', 'x.at(i), called with a Value, µs'],
  ['scan', 'scan, in the program’s memory, µs'],
  ['list', 'called with a list of Values, µs'],
  ['eager', 'eager, µs'],
  ['adolc', 'ADOL-C, records each time, µs'],
]

type Row = ScalarRow | string

function verdict(name: ProblemName, form: string, row: Row): Verdict {
  const measured = typeof row === 'string' ? row : ratio(row.us, row.c ?? 'no gcc here')
  return { work: `gradient of ${name}${form}`, limit: limits[name], unit: '× C by hand', measured }
}

export function scalars(only: (name: string) => boolean): Section {
  const header = ['problem', 'operations', 'C -O3 by hand, µs', ...columns.map(([, title]) => title)]
  const rows: (string | number)[][] = [[...header, 'ADOL-C, tape recorded before, µs']]
  const verdicts: Verdict[] = []
  const notes: string[] = []
  for (const name of (Object.keys(problems) as ProblemName[]).filter(only)) {
    const measured = new Map<Way, Row>()
    for (const [way] of columns) {
      if (way === 'scan' && scans[name] === undefined) continue
      const row = inChild('measureScalar', { name, way })
      measured.set(way, row)
      if (typeof row === 'string') notes.push(`${name}, ${way}: ${row}`)
    }
    const found = [...measured.values()].filter((row) => typeof row !== 'string')
    const c = Math.min(...found.map((row) => row.c ?? Number.POSITIVE_INFINITY))
    const times = columns.map(([way]) => {
      const row = measured.get(way)
      return typeof row === 'object' ? row.us : '–'
    })
    const replay = found.find((row) => row.replay !== undefined)?.replay ?? '–'
    rows.push([name, String(countOperations(problems[name]())), c, ...times, replay])
    for (const [way, form] of [
      ['resident', ''],
      ['scan', ' with scan'],
    ] as const) {
      const row = measured.get(way)
      if (row !== undefined) verdicts.push(verdict(name, form, row))
    }
  }
  return { title: 'Scalar programs, float64: value and gradient', tables: [{ rows }], verdicts, notes }
}
