/** Softmax, its logarithm and its complement, over one block of axes. */
import type { Data } from '../data.ts'
import { type Block, eachBlock } from './blocks.ts'
import { largestOf, restOf } from './reduce.ts'

/** exp(x − m), where −∞ − (−∞) and ∞ − ∞ count as 0: equal elements get equal shares. */
function shifted(x: number, m: number): number {
  return x === m ? 1 : Math.exp(x - m)
}

const softmaxBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  let total = 0
  for (let e = 0, i = at; e < n; e++, i += stride) total += out[i] = shifted(x[i] as number, m)
  for (let e = 0, i = at; e < n; e++, i += stride) out[i] = (out[i] as number) / total
}

const logSoftmaxBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  const log = Math.log1p(restOf(x, at, stride, n, m))
  for (let e = 0, i = at; e < n; e++, i += stride) out[i] = (x[i] === m ? 0 : (x[i] as number) - m) - log
}

/** 1 − softmax: for the dominant element the sum of all others, which 1 − y would round away. */
const complementBlock: Block = (out, x, at, stride, n) => {
  const m = largestOf(x, at, stride, n)
  const rest = restOf(x, at, stride, n, m)
  let seen = false
  for (let e = 0, i = at; e < n; e++, i += stride) {
    const t = x[i] as number
    const dominant = t === m && !seen
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
