/** Leaves out of a flat trace what its results do not need, and gives the rest their last ids. */
import { type FlatTrace, NONE } from '../reroll/flat.ts'

/** A trace, and the number that each id had when it was recorded; those of the inputs are not told. */
export interface Traced {
  readonly trace: FlatTrace
  readonly values: Float64Array
}

/** The operand c of what lies outside, in the cell c of the inputs, is c plus this while a trace is made. */
export const OUTSIDE: number = 2 ** 29
/** The operand that is no single number of the program. */
export const FOREIGN: number = NONE + 1

/**
 * The same with that many inputs, and which of these are read; undefined where something is needed that is no single
 * number of the program.
 */
export function needed(
  { trace, values }: Traced,
  inputs: number,
): (Traced & { readonly reads: Uint8Array }) | undefined {
  const { inputs: own, count, outputs } = trace
  const columns = [trace.a, trace.b, trace.c]
  const isNeeded = new Uint8Array(count)
  for (const y of outputs) if (y >= 0 && y < OUTSIDE) isNeeded[y] = 1
  for (let id = count - 1; id >= own; id--) {
    if (isNeeded[id] === 0) continue
    for (const column of columns) {
      const operand = column[id] as number
      if (operand >= 0 && operand < OUTSIDE) isNeeded[operand] = 1
    }
  }
  const ids = new Int32Array(count)
  let next = inputs
  for (let id = 0; id < count; id++) {
    if (id < own) ids[id] = id
    else if (isNeeded[id] !== 0) ids[id] = next++
  }
  const reads = new Uint8Array(inputs)
  let foreign = false
  const idOf = (operand: number): number => {
    foreign ||= operand === FOREIGN
    if (operand < 0) return operand
    const id = operand < OUTSIDE ? (ids[operand] as number) : operand - OUTSIDE
    if (id < inputs) reads[id] = 1
    return id
  }
  const kept = <N extends Int32Array | Float64Array>(made: N, column: N, of: (entry: number) => number): N => {
    for (let id = own; id < count; id++) if (isNeeded[id] !== 0) made[ids[id] as number] = of(column[id] as number)
    return made
  }
  const [a, b, c] = columns.map((column) => kept(new Int32Array(next).fill(NONE), column, idOf)) as Triple
  const kind = kept(new Int32Array(next), trace.kind, (entry) => entry)
  const made = { ...trace, inputs, count: next, kind, a, b, c, outputs: outputs.map(idOf) }
  return foreign ? undefined : { trace: made, values: kept(new Float64Array(next), values, (entry) => entry), reads }
}

type Triple = [Int32Array, Int32Array, Int32Array]
