/** What the code at hand works on: single numbers, or lanes along a loop. */
import type { Loop } from '../../program/program.ts'

/** Which loop runs in lanes at this point of the code, how many, and how many vectors side by side. */
export interface Mode {
  readonly loop: Loop | null
  readonly lanes: number
  readonly unroll: number
}

export const SCALAR: Mode = { loop: null, lanes: 1, unroll: 1 }
