/** Train steps: eager, compiled as a whole, and with other libraries. */

import { inChild } from '../rows/child.ts'
import { STEPS, type StepWay, THREADED, TOLERANCE } from '../rows/step.ts'
import type { Time } from '../rows/times.ts'
import { ratio, type Section, type Verdict } from '../tables/section.ts'
import { plans } from '../work.ts'

const columns: readonly (readonly [StepWay, string])[] = [
  ['compiled', 'compiled'],
  ['threads', 'compiled, two threads'],
  ['eager', 'eager'],
  ['jax', '@jax-js/jax 0.1.25, jit'],
  ['tfjs', 'tfjs-backend-wasm 4.22.0'],
  ['brain', 'brain.js 1.6.1'],
  ['torch', 'PyTorch'],
]

type Row = Readonly<Record<StepWay, Time>>

/** Of the peers in JavaScript. */
function fastest({ jax, tfjs, brain }: Row): Time {
  const times = [jax, tfjs, brain].filter((time) => typeof time === 'number')
  return times.length === 0 ? 'no peer in JavaScript runs here' : Math.min(...times)
}

interface Limit {
  readonly limit: number
  readonly unit: string
  readonly to: (row: Row) => Time
}

const peer = (limit: number): Limit => ({ limit, unit: '× the fastest JS peer', to: fastest })
const torch = (limit: number): Limit => ({ limit, unit: '× PyTorch', to: (row) => row.torch })
const jax = (limit: number): Limit => ({ limit, unit: '× jax-js jit', to: (row) => row.jax })

const [major = 0] = process.versions.node.split('.').map(Number)
const limits: Readonly<Record<string, readonly Limit[]>> = {
  A1: [peer(0.6), torch(0.05)],
  A64: [torch(0.5)],
  B: [torch(0.5)],
  C: [jax(0.6)],
  // Relaxed fused multiply-add needs Node 22; its limit was set with Node 24.
  D: [jax(major >= 24 ? 0.55 : 0.6)],
  E: [peer(0.1)],
}

export function steps(only: (name: string) => boolean): Section {
  const rows: (string | number)[][] = [['train step, µs', ...columns.map(([, title]) => title)]]
  const verdicts: Verdict[] = []
  const notes = [`The first ${STEPS} losses agree to ${TOLERANCE} before anything is timed. One thread, float32.`]
  for (const { name, description } of plans.filter((plan) => only(plan.name))) {
    const row = inChild('measureStep', { name })
    if (typeof row === 'string') notes.push(`${name}: ${row}`)
    else {
      for (const [way, title] of columns) {
        // brain.js trains one example at a time: only A1 is such work.
        if (
          typeof row[way] === 'string' &&
          (way !== 'brain' || name === 'A1') &&
          (way !== 'threads' || name === THREADED)
        )
          notes.push(`${name}, ${title}: ${row[way]}`)
      }
    }
    rows.push([
      `${name}: ${description}`,
      ...columns.map(([way]) => (typeof row === 'string' || typeof row[way] === 'string' ? '–' : row[way])),
    ])
    for (const { limit, unit, to } of limits[name] ?? []) {
      const measured = typeof row === 'string' ? row : ratio(row.compiled, to(row))
      verdicts.push({ work: `train step ${name}`, limit, unit, measured })
    }
    if (name === THREADED) {
      const measured = typeof row === 'string' ? row : ratio(row.threads, row.compiled)
      verdicts.push({ work: 'train step D with two threads', limit: 0.6, unit: '× one thread', measured })
    }
  }
  return { title: 'Train steps', tables: [{ rows }], verdicts, notes }
}
