/** Where NaN and ±∞ first appear: the checks behind detectAnomaly. */
import { type Data, NdArray } from './data.ts'
import { DomainError, showShape } from './errors.ts'
import { type Input, Node, nameOf, ruleOf } from './node.ts'

/** The first number of the data that is not finite, or undefined. */
function firstBad(x: Data): { value: number; at: string } | undefined {
  if (typeof x === 'number') return Number.isFinite(x) ? undefined : { value: x, at: '' }
  const i = x.data.findIndex((t) => !Number.isFinite(t))
  if (i < 0) return undefined
  return { value: x.data[i] as number, at: x.shape.length === 0 ? '' : ` at flat index ${i} of ${showShape(x.shape)}` }
}

function dataOf(x: unknown): Data | undefined {
  if (typeof x === 'number' || x instanceof NdArray) return x
  return x instanceof Node ? x.raw : undefined
}

function describe(input: Input): string {
  if (typeof input === 'number') return String(input)
  const { raw } = input
  const numbers = typeof raw === 'number' ? [raw] : Array.from(raw.data.subarray(0, 4))
  const more = typeof raw !== 'number' && raw.data.length > 4 ? ', …' : ''
  return `${nameOf(input)} (${numbers.join(', ')}${more})`
}

/** Forward: throws when the result of an operation is not finite. */
export function checkResult(op: string, raw: Data, inputs: readonly Input[]): void {
  const bad = firstBad(raw)
  if (bad === undefined) return
  const from = inputs.map(describe).join(' and ')
  throw new DomainError(
    `detectAnomaly: ${op} gave ${bad.value}${bad.at} from ${from}. Look at its inputs, or keep them inside the domain of ${op}.`,
  )
}

/** Backward: throws when the share that a node hands to its input is not finite. */
export function checkShare(share: unknown, node: Node, input: Node): void {
  const data = dataOf(share)
  const bad = data === undefined ? undefined : firstBad(data)
  if (bad === undefined) return
  throw new DomainError(
    `detectAnomaly: the backward rule of ${ruleOf(node)} gave ${bad.value}${bad.at} for its input ${describe(input)}. Keep the input away from where ${node.op.name} has no finite slope.`,
  )
}
