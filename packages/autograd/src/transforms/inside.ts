/** Rules that run functions of Values: a step of the graph that is itself a computation with Values. */
import { numeric, numericReader } from '../carriers/numeric.ts'
import type { Data } from '../data.ts'
import { UnsupportedError } from '../errors.ts'
import type { Reader } from '../graph.ts'
import type { Carrier } from '../op.ts'
import { Value, valueReader, values } from '../value.ts'

/** How a carrier's things become Values, and back. */
export interface Inside<T> {
  readonly reader: Reader<T>
  /** Whether the results have to be differentiable again. */
  readonly live: boolean
  toValue(x: T | number): Value
  fromValue(x: Value): T
}

const overValues: Inside<Value> = {
  reader: valueReader,
  live: true,
  toValue: (x) => (x instanceof Value ? x : values.constant(x)),
  fromValue: (x) => x,
}
const overData: Inside<Data> = {
  reader: numericReader,
  live: false,
  toValue: (x) => values.constant(x),
  fromValue: (x) => x.raw,
}

/** @throws UnsupportedError for a carrier that does not compute with numbers. */
export function insideOf<T>(name: string, k: Carrier<T>): Inside<T> {
  const carrier: unknown = k
  if (carrier !== values && carrier !== numeric) {
    throw new UnsupportedError(
      `${name}: its gradient is a function, which has no formula. Look at the function itself.`,
    )
  }
  return (carrier === values ? overValues : overData) as unknown as Inside<T>
}

/** What the last rule computed: it is asked for one input after the other, and computes all of them at once. */
let latest: { readonly step: unknown; readonly g: unknown; readonly shares: readonly unknown[] } | undefined

/** The share of the input at `index`, computed together with all others of this step and cotangent. */
export function shareOf<T>(step: unknown, g: T, index: number, last: number, compute: () => readonly T[]): T {
  const known = latest !== undefined && latest.step === step && latest.g === g ? latest.shares : undefined
  const shares = known ?? compute()
  latest = index === last ? undefined : { step, g, shares }
  return shares[index] as T
}
