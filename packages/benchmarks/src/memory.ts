/** What a million scalar nodes cost: bytes, and seconds. Needs `node --expose-gc`. */
import { type Value, value } from '@adjoint/autograd'

export interface Cost {
  readonly bytesForward: number
  readonly bytesBackward: number
  readonly seconds: number
}

function heap(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** A chain of n operations, forward and backward, kept alive while it is weighed. */
export function costOfChain(n: number): Cost {
  const before = heap()
  const start = performance.now()
  const x = value(0.5)
  let y: Value = x
  for (let i = 0; i < n; i++) y = y.sin()
  const forward = performance.now() - start
  const between = heap()
  const again = performance.now()
  y.backward()
  const backward = performance.now() - again
  const after = heap()
  if (!(y.grad.item() === 1 && x.grad.item() > 0)) throw new Error('the chain has a wrong gradient')
  return {
    bytesForward: (between - before) / n,
    bytesBackward: (after - before) / n,
    seconds: (forward + backward) / 1000,
  }
}
