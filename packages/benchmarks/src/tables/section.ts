/** What a part of the report holds: tables of all that was measured, and the figures that have a limit. */

export interface Table {
  /** The first row names the columns. */
  readonly rows: readonly (readonly (string | number)[])[]
}

/** A figure beside its limit. */
export interface Verdict {
  readonly work: string
  readonly limit: number
  /** What the figures count: 'ms', '× C by hand'. */
  readonly unit: string
  /** The figure, or why there is none. */
  readonly measured: number | string
  /** The limit is the least instead of the most. */
  readonly atLeast?: boolean
}

export interface Section {
  readonly title: string
  readonly tables: readonly Table[]
  readonly verdicts: readonly Verdict[]
  readonly notes: readonly string[]
}

/** 1 at the limit, less on its good side; NaN where nothing was measured. */
export function shareOf({ measured, limit, atLeast = false }: Verdict): number {
  if (typeof measured === 'string') return Number.NaN
  return atLeast ? limit / measured : measured / limit
}

/** The ratio of two times, or why one of them is missing. */
export function ratio(of: number | string | undefined, to: number | string | undefined): number | string {
  if (typeof of !== 'number') return of ?? 'not measured'
  if (typeof to !== 'number') return `nothing to compare with: ${to ?? 'not measured'}`
  return of / to
}

/** Three digits that count. */
export function shown(x: number | string | undefined): string {
  if (typeof x !== 'number') return x === undefined ? '' : '–'
  if (!Number.isFinite(x)) return '–'
  return Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3)
}
