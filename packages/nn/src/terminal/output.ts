/** Where terminal output goes, and how numbers look there. */

/** As much of a Node stream as is needed: `process.stderr`, or anything that text can be written to. */
export interface TerminalStream {
  write(text: string): unknown
  /** Whether it is a terminal that can redraw a line. */
  readonly isTTY?: boolean
}

/** Four significant digits; an exponent only far from 1. */
export function showNumber(x: number): string {
  return x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5) ? x.toExponential(3) : x.toPrecision(4)
}
