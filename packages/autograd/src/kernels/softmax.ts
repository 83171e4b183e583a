/**
 * Softmax, its logarithm and its complement, over one block of axes. An element of −∞ has share 0, also where there is
 * no other: the shares of such a block are all 0.
 */
import type { Data } from '../data.ts'
import { type Block, eachBlock } from './blocks.ts'
import { largestOf, restOf } from './reduce.ts'

const NONE = Number.NEGATIVE_INFINITY

/** exp(x − m) for the largest element m; ∞ − ∞ counts as 0, so that the infinite ones share alike, −∞ − (−∞) as −∞. */
function shifted(x: number, m: number): number {
  return x === NONE ? 0 : x === m ? 1 : Math.exp(x - m)
}

const softmaxBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  let total = 0
  for (let e = 0, i = at; e < n; e++, i += stride) total += out[i] = shifted(x[i] as number, m)
  if (total === 0) return
  for (let e = 0, i = at; e < n; e++, i += stride) out[i] = (out[i] as number) / total
}

const logSoftmaxBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  const log = Math.log1p(restOf(x, at, stride, n, m))
  const top = m === NONE ? NONE : 0
  for (let e = 0, i = at; e < n; e++, i += stride) out[i] = (x[i] === m ? top : (x[i] as number) - m) - log
}

/** 1 − softmax: for the dominant element the sum of all others, which 1 − y would round away. */
const complementBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  const rest = restOf(x, at, stride, n, m)
  let seen = false
  for (let e = 0, i = at; e < n; e++, i += stride) {
    const t = x[i] as number
    const dominant = t === m && m !== NONE && !seen
    if (dominant) seen = true
    out[i] = (dominant ? rest : 1 + rest - shifted(t, m)) / (1 + rest)
  }
}

export function softmax(x: Data, axes: readonly number[]): Data {
  return eachBlock(x, axes, softmaxBlock)
}

export function logSoftmax(x: Data, axes: readonly number[]): Data {
  return eachBlock(x, axes, logSoftmaxBlock)
}

export function softmaxComplement(x: Data, axes: readonly number[]): Data {
  return eachBlock(x, axes, complementBlock)
}
