/** The sequential problems once more, with arrays and `scan` in place of loops over scalars: of one Value [n]. */
import { constant, scan, type Value, zeros } from '@adjoint/autograd'
import type { Problem } from '../scalars.ts'
import { UNITS } from './recurrent.ts'

/** h ← tanh(W·h + u·x + b), loss ← loss + (v·h + c − target)². */
function recurrent({ c: { sizes, data } }: Problem): (x: Value) => Value {
  const [steps = 0] = sizes
  const column = (k: number): Value => constant(data.filter((_, i) => i % 2 === k))
  const sequence = { input: column(0), target: column(1) }
  return (p) => {
    const [u, b, v, c] = [0, 1, 2, 3].map((k) => {
      const start = UNITS * (UNITS + k)
      return p.slice([[start, k < 3 ? start + UNITS : start + 1]])
    }) as [Value, Value, Value, Value]
    const weight = p.slice([[0, UNITS * UNITS]]).reshape([UNITS, UNITS])
    const start = { h: zeros([UNITS]), loss: constant(0) }
    const { carry } = scan(
      ({ h, loss }, { input, target }) => {
        const next = weight.matmul(h).add(u.mul(input)).add(b).tanh()
        const error = v.dot(next).add(c.at(0)).sub(target)
        return { carry: { h: next, loss: loss.add(error.square()) } }
      },
      start,
      sequence,
      { length: steps },
    )
    return carry.loss
  }
}

/** u ← u + rate·(its second difference), but at the ends. */
function heat({ c: { sizes, data } }: Problem): (x: Value) => Value {
  const [[length = 0], [rate = 0]] = [sizes, data]
  const step = (u: Value): { carry: Value } => {
    const [left, here, right] = [u.slice([[0, -2]]), u.slice([[1, -1]]), u.slice([[2, u.size]])]
    const bend = left.sub(here.mul(2)).add(right)
    return { carry: u.add(bend.mul(rate).pad([[1, 1]])) }
  }
  return (x) => scan(step, x, undefined, { length }).carry.square().sum()
}

export const scans: Readonly<Record<string, (problem: Problem) => (x: Value) => Value>> = { rnn: recurrent, heat }
