/** Numbers and arrays as people read them: short, and right to the digits shown. */
import { type Data, dtypeOf, type NestedArray, shapeOf, toNdArray, toNested } from '../data.ts'
import { showShape } from '../errors.ts'

/** Arrays up to this size are written out; of larger ones each row shows its first elements. */
const WRITTEN_OUT = 8
const SHOWN = 3

/** Four decimals, or four digits where the number is small; an exponent only where it is tiny or huge. */
export function formatNumber(x: number): string {
  if (Number.isNaN(x)) return 'NaN'
  const size = Math.abs(x)
  if (size === Number.POSITIVE_INFINITY) return x > 0 ? '∞' : '-∞'
  if (Number.isInteger(x) && size < 1e9) return String(x)
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = x.toExponential(4).split('e')
    return `${Number(mantissa)}e${Number(exponent)}`
  }
  const decimals = size >= 1 ? 4 : 3 - Math.floor(Math.log10(size))
  return String(Number(x.toFixed(decimals)))
}

function formatNested(x: number | NestedArray, limit: number): string {
  if (typeof x === 'number') return formatNumber(x)
  const shown = x.slice(0, limit).map((part) => formatNested(part, limit))
  if (x.length > limit) shown.push('…')
  return `[${shown.join(', ')}]`
}

/** `0.5`, `[[1, 2], [3, 4]]`, `[0.1, 0.2, 0.3, …]` */
export function formatData(raw: Data): string {
  const { data } = toNdArray(raw)
  return formatNested(toNested(raw), data.length <= WRITTEN_OUT ? WRITTEN_OUT : SHOWN)
}

/** What the numbers alone do not tell: `shape [2, 3], float32`; empty for a float64 scalar. */
export function formatType(raw: Data): string {
  const shape = shapeOf(raw)
  const parts = shape.length === 0 ? [] : [`shape ${showShape(shape)}`]
  if (dtypeOf(raw) === 'float32') parts.push('float32')
  return parts.join(', ')
}

type PlainArg = string | number | boolean

function isPlain(x: unknown): x is PlainArg {
  return typeof x === 'string' || typeof x === 'number' || typeof x === 'boolean'
}

/** The arguments of an operation that are plain: texts, numbers, truth values, and lists of them. */
export type PlainArgs = Readonly<Record<string, PlainArg | readonly PlainArg[]>>

export function plainArgs(args: unknown): PlainArgs {
  const kept: Record<string, PlainArg | readonly PlainArg[]> = {}
  if (typeof args !== 'object' || args === null) return kept
  for (const [key, x] of Object.entries<unknown>({ ...args })) {
    if (isPlain(x)) kept[key] = x
    else if (Array.isArray(x) && x.every(isPlain)) kept[key] = x.slice()
  }
  return kept
}

/** `['slope = 0.1', 'axes = [0, 1]']` */
export function formatArgs(args: unknown): string[] {
  const show = (x: PlainArg): string => (typeof x === 'number' ? formatNumber(x) : String(x))
  return Object.entries(plainArgs(args)).map(([key, x]) => {
    return `${key} = ${isPlain(x) ? show(x) : `[${x.map(show).join(', ')}]`}`
  })
}
