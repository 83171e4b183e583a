/** Matrix products, as rates: 2n³ operations. */

import { inChild } from '../rows/child.ts'
import type { Precision, ProductWay } from '../rows/product.ts'
import type { Section, Verdict } from '../tables/section.ts'
import { ratio } from '../tables/section.ts'

const columns: readonly (readonly [ProductWay, string])[] = [
  ['compiled', 'compiled'],
  ['eager', 'eager'],
  ['jax', '@jax-js/jax 0.1.25, jit'],
  ['torch', 'PyTorch'],
]
const SIZES = [256, 512, 1024]
const PRECISIONS: readonly Precision[] = ['float32', 'float64']

export function products(only: (name: string) => boolean): Section {
  const rows: (string | number)[][] = [['GFLOP/s', ...columns.map(([, title]) => title)]]
  const verdicts: Verdict[] = []
  const notes: string[] = []
  for (const [precision, n] of PRECISIONS.flatMap((p) => SIZES.map((size) => [p, size] as const))) {
    const name = `${precision} ${n}³`
    if (!only(name)) continue
    const times = inChild('measureProduct', { n, precision })
    if (typeof times === 'string') notes.push(`${name}: ${times}`)
    else {
      for (const [way] of columns) {
        // jax-js has no float64.
        if (typeof times[way] === 'string' && (way !== 'jax' || precision === 'float32')) {
          notes.push(`${name}, ${way}: ${times[way]}`)
        }
      }
    }
    const rate = (way: ProductWay): number | string => {
      const time = typeof times === 'string' ? times : times[way]
      return typeof time === 'number' ? (2 * n ** 3) / time / 1000 : time
    }
    rows.push([name, ...columns.map(([way]) => rate(way)).map((x) => (typeof x === 'string' ? '–' : x))])
    if (name === 'float32 512³') {
      const measured = ratio(rate('compiled'), rate('jax'))
      verdicts.push({ work: `matmul ${name}`, limit: 1.6, unit: "× jax-js's rate", measured, atLeast: true })
    }
  }
  return { title: 'Matrix products, one thread', tables: [{ rows }], verdicts, notes }
}
