/** For the tests of the special functions: distances in units of the last place, reference values, random arguments. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'

interface Points {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Values at 50 digits, rounded to float64; scripts/special/references.py computes them. */
const references = JSON.parse(readFileSync(new URL('./references.json', import.meta.url), 'utf8')) as Record<
  string,
  Points
>

const float = new Float64Array(1)
const bits = new BigInt64Array(float.buffer)

/** The position of x in the row of all float64 numbers; ±0 stand at the same place. */
function position(x: number): bigint {
  float[0] = x
  const pattern = bits[0] ?? 0n
  return pattern < 0n ? -(pattern & 0x7fffffffffffffffn) : pattern
}

/** How many float64 numbers lie between a and b; Infinity when one is NaN. */
export function ulpsApart(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Object.is(a, b) ? 0 : Infinity
  return Math.abs(Number(position(a) - position(b)))
}

/** The reference points at which `f` is further than `ulps` and than `absolute` away, as readable lines. */
export function misses(name: string, f: (x: number) => number, ulps: number, absolute = 0): string[] {
  const points = references[name]
  if (points === undefined || points.x.length < 20) return [`no reference values for ${name}`]
  const lines: string[] = []
  points.x.forEach((x, i) => {
    const expected = points.y[i] ?? Number.NaN
    const got = f(x)
    if (ulpsApart(got, expected) <= ulps || Math.abs(got - expected) <= absolute) return
    lines.push(`${name}(${x}) = ${got}, expected ${expected}: ${ulpsApart(got, expected)} ulp`)
  })
  return lines
}

/** Numbers spread evenly over [min, max]; fast-check's doubles are spread over the exponents, most of them tiny. */
export function uniform(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((k) => min + (max - min) * (k / (2 ** 31 - 1)))
}
