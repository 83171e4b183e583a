/** Gradients of many parts of one array: each share is added in place, not as an array of zeros. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  add,
  constant,
  defineOp,
  detectAnomaly,
  gather,
  grad,
  split,
  take,
  type Value,
  value,
} from '../../src/index.ts'
import { table } from '../../src/ops/table.ts'
import { expectClose } from '../laws/close.ts'

const steps = 40
const rows = Array.from({ length: steps }, (_, t) => [Math.sin(t + 1), Math.cos(3 * t), 0.1 * t])
const half = steps / 2
const weight = (t: number): number => 0.3 * t - 2
const sum = (list: readonly Value[]): Value => list.reduce((a, b) => a.add(b))
const overSteps = (part: (t: number) => Value): Value =>
  sum(Array.from({ length: steps }, (_, t) => part(t).square().mul(weight(t)).sum()))

const readers: readonly (readonly [keyof typeof table, string, (x: Value) => Value])[] = [
  ['slice', 'split', (x) => sum(split(x, steps, 0).map((part, t) => part.square().mul(weight(t)).sum()))],
  ['slice', 'at', (x) => overSteps((t) => x.at(t))],
  ['slice', 'two indices', (x) => overSteps((t) => x.at(t % 7, t % 3))],
  [
    'slice',
    'columns',
    (x) =>
      sum(
        [0, 1, 2, 1].map((c) =>
          x
            .slice([[], [c, c + 1]])
            .exp()
            .sum(),
        ),
      ),
  ],
  [
    'slice',
    'ranges that overlap, backwards',
    (x) =>
      overSteps((t) =>
        x.slice([
          [t, null, -2],
          [2, null, -1],
        ]),
      ),
  ],
  ['take', 'take', (x) => overSteps((t) => take(x, [t, half, -1, half], 0))],
  ['take', 'take along the last axis', (x) => overSteps((t) => take(x, [t % 3, 0], 1))],
  [
    'gather',
    'gather',
    (x) =>
      overSteps((t) =>
        gather(x, 0, [
          [t, half, t],
          [half, -1, t],
        ]),
      ),
  ],
]

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(readers)('%s: %s', (op, _name, loss) => {
  it.each(['float64', 'float32'] as const)('equals the sum of whole shares, in %s', (dtype) => {
    const x = value(rows, { dtype })
    loss(x).backward({ keep: 'leaves' })
    const got = x.grad
    x.zeroGrad()
    // A gradient that is a graph is made of arrays of zeros with each share in its place.
    loss(x).backward({ createGraph: true })
    expect([got.dtype, x.grad.dtype]).toEqual([dtype, dtype])
    // Where a share has an index twice, it comes in one by one.
    const rounding = dtype === 'float64' ? 1e-14 : 1e-6
    expectClose(got, x.grad.detach(), op === 'slice' ? 0 : rounding)
  })

  it('makes one whole share, whatever the number of parts', () => {
    const whole = vi.spyOn(table[op], 'da' as never)
    loss(value(rows)).backward()
    expect(whole).toHaveBeenCalledTimes(1)
  })

  it('of an argument, under detectAnomaly', () => {
    expectClose(
      detectAnomaly(() => grad(loss)(rows)),
      grad(loss)(rows),
      1e-14,
    )
  })
})

describe('shares that are held elsewhere', () => {
  it.each(['first', 'last'])('stay as they are: the cotangent of a sum is that of its terms, %s', (place) => {
    const [x, c] = [value(rows), value(rows)]
    const y = add(x, c)
    const top = sum([y.at(0).mul(2).sum(), y.at(1).mul(3).sum(), y.at(1).sum()])
    const parts = [x.at(1).mul(10).sum(), x.at(1).mul(20).sum(), x.at(2).sum()]
    const z = sum(place === 'first' ? [top, ...parts] : [...parts, top])
    z.backward()
    const columns = (v: Value): unknown =>
      v.grad
        .slice([
          [0, 3],
          [0, 1],
        ])
        .flatten()
        .toArray()
    expect([columns(y), columns(c), columns(x)]).toEqual([
      [2, 4, 0],
      [2, 4, 0],
      [2, 34, 1],
    ])
    const once = x.grad.toArray()
    z.backward()
    expect(x.grad.toArray()).toEqual(constant(once).mul(2).toArray())
  })

  it('between shares of the whole, and as seed', () => {
    const x = value([1, 2, 3])
    const y = sum([x.at(0), x.square().sum(), x.at(1), x.at(1), x.exp().sum(), x.at(2), x.at(2)])
    y.backward()
    expect(x.grad.toArray()).toEqual([1 + 2 + Math.E, 2 + 4 + Math.exp(2), 2 + 6 + Math.exp(3)])
    const seed = constant([1, 1, 1])
    const whole = x.mul(1)
    sum([whole.slice([[0, 2]]).sum(), whole.slice([[1, 3]]).sum(), whole.at(1)]).backward()
    whole.backward({ seed })
    expect([seed.toArray(), whole.grad.toArray()]).toEqual([
      [1, 1, 1],
      [2, 4, 2],
    ])
  })

  it('while a rule differentiates the same array', () => {
    const x = value([1, 2, 3])
    const inner = sum([x.at(0).square(), x.at(1).square(), x.at(1).square(), x.at(2)])
    const nested = defineOp({
      name: 'nested',
      forward: (t: number) => t,
      derivative: (k, t) => {
        inner.backward({ keep: 'leaves' })
        return k.add(k.mul(0, t), 1)
      },
    })
    sum([x.at(0), x.at(1), nested(x.at(1)), x.at(2), nested(x.at(0))]).backward({ keep: 'leaves' })
    // Twice [2, 8, 1] from inside, and [2, 2, 1].
    expect(x.grad.toArray()).toEqual([6, 18, 3])
  })
})
