/** Composites run over Values: every derivative comes from the primitives that they are made of. */
import { describe, expect, it } from 'vitest'
import { diag, trace, tril } from '../../src/compose/diagonal.ts'
import { einsum } from '../../src/compose/einsum.ts'
import { at, gather, scatterAdd, slice, take } from '../../src/compose/indexing.ts'
import { concat, split, stack } from '../../src/compose/join.ts'
import { sort, topk } from '../../src/compose/order.ts'
import { pad } from '../../src/compose/pad.ts'
import { cross, kron, matmul, outer } from '../../src/compose/product.ts'
import { flip, repeat, roll, tile } from '../../src/compose/rearrange.ts'
import { max, mean, min, norm, prod } from '../../src/compose/reduce.ts'
import { cummin, cumprod } from '../../src/compose/scan.ts'
import { broadcastTo, reshape, transpose, unsqueeze } from '../../src/compose/shape.ts'
import { median, std, variance } from '../../src/compose/statistics.ts'
import { constant, value } from '../../src/create.ts'
import { hessian, jacobian } from '../../src/transforms/jacobian.ts'
import { values as k, type Value } from '../../src/value.ts'

const indices = constant([
  [1, 0],
  [0, 1],
  [1, 1],
])

/** Functions of a 3×2 array that is nowhere near a kink. */
const functions: Record<string, (x: Value) => Value> = {
  mean: (x) => mean(k, x, { axis: 0 }),
  prod: (x) => prod(k, x),
  'prod along an axis': (x) => prod(k, x, { axis: 0 }),
  max: (x) => max(k, x, { axis: 1 }),
  min: (x) => min(k, x, { axis: 0 }),
  'norm 1': (x) => norm(k, x, { ord: 1 }),
  'norm ∞': (x) => norm(k, x, { ord: Number.POSITIVE_INFINITY }),
  variance: (x) => variance(k, x, { axis: 0 }),
  std: (x) => std(k, x, { correction: 0 }),
  median: (x) => median(k, x),
  cumprod: (x) => cumprod(k, x, 0),
  cummin: (x) => cummin(k, x, 0).values,
  reshape: (x) => reshape(k, x, [-1]),
  transpose: (x) => transpose(k, x),
  broadcastTo: (x) => broadcastTo(k, unsqueeze(k, x, 1), [3, 2, 2]),
  flip: (x) => flip(k, x),
  roll: (x) => roll(k, x, 1, 0),
  tile: (x) => tile(k, x, [2, 2]),
  repeat: (x) => repeat(k, x, 2, 1),
  pad: (x) => pad(k, x, [[1, 0]], 7),
  'pad by reflection': (x) => pad(k, x, [[2, 2]], 0, 'reflect'),
  diag: (x) => diag(k, diag(k, x, -1), 1),
  trace: (x) => trace(k, x),
  tril: (x) => tril(k, x),
  'split and concat': (x) => concat(k, split(k, x, [1, 2]), 0),
  stack: (x) => stack(k, [x, x], 1),
  slice: (x) => slice(k, x, [[null, null, -2]]),
  at: (x) => at(k, x, 1, -1),
  gather: (x) => gather(k, x, 0, indices),
  scatterAdd: (x) => scatterAdd(k, x, 1, indices, x),
  take: (x) => take(k, x, indices, 0),
  sort: (x) => sort(k, x, { axis: 0 }),
  topk: (x) => topk(k, x, 2, { axis: 0 }).values,
  matmul: (x) => matmul(k, x, transpose(k, x)),
  'matmul by a vector': (x) => matmul(k, x, at(k, x, 0)),
  outer: (x) => outer(k, x, x),
  kron: (x) => kron(k, x, x),
  cross: (x) => cross(k, transpose(k, x), at(k, transpose(k, x), 0)),
  einsum: (x) => einsum(k, 'ij,kj,ki->', [x, x, matmul(k, x, transpose(k, x))]),
  'einsum of a diagonal': (x) => einsum(k, 'ii,ij->j', [matmul(k, x, transpose(k, x)), x]),
}

const start = [1.3, -0.4, 0.7, 2.1, -1.6, 0.9]

/** Σ w·f(x) with different weights, so that no two outputs can be mistaken for each other. */
function scalar(f: (x: Value) => Value): (x: Value) => Value {
  return (x) => {
    const y = reshape(k, f(reshape(k, x, [3, 2])), [-1])
    const weights = constant(Float64Array.from({ length: y.size }, (_, i) => 1 + 0.3 * i))
    return k.sum(k.mul(y, weights), [0])
  }
}

describe('the gradient agrees with central differences', () => {
  for (const [name, f] of Object.entries(functions)) {
    it(name, () => {
      const g = scalar(f)
      const exact = jacobian(g)(value(start)).toArray()
      const h = 1e-5
      const shifted = (i: number, by: number): number => g(constant(start.map((t, j) => (i === j ? t + by : t)))).item()
      const differences = start.map((_, i) => (shifted(i, h) - shifted(i, -h)) / (2 * h))
      expect(exact).toEqual(differences.map((d) => expect.closeTo(d, 6)))
    })
  }
})

describe('second derivatives', () => {
  it('of products are right at zeros', () => {
    const second = hessian((x: Value) => prod(k, x))
    expect(second(value([0, 3, 4])).toArray()).toEqual([
      [0, 4, 3],
      [4, 0, 0],
      [3, 0, 0],
    ])
    expect(second(value([0, 0, 4])).toArray()).toEqual([
      [0, 4, 0],
      [4, 0, 0],
      [0, 0, 0],
    ])
    const running = hessian((x: Value) => k.sum(cumprod(k, x, 0), [0]))
    expect(running(value([0, 0, 4])).toArray()).toEqual([
      [0, 5, 0],
      [5, 0, 0],
      [0, 0, 0],
    ])
  })

  it('of a variance are constant', () => {
    const second = hessian((x: Value) => variance(k, x))(value([1e8, 1e8 + 1, 1e8 + 2])).toArray()
    const [on, off] = [expect.closeTo(2 / 3, 12), expect.closeTo(-1 / 3, 12)]
    expect(second).toEqual([
      [on, off, off],
      [off, on, off],
      [off, off, on],
    ])
  })
})

describe('where nothing flows', () => {
  it('equal elements have a std without slope', () => {
    expect(jacobian((x: Value) => std(k, x))(value([0.1, 0.1, 0.1])).toArray()).toEqual([0, 0, 0])
  })

  it('equal extremes share', () => {
    expect(jacobian((x: Value) => min(k, x))(value([1, 2, 1])).toArray()).toEqual([0.5, 0, 0.5])
  })

  it('a NaN outside of the triangle does not leak', () => {
    const x = value([
      [1, Number.NaN],
      [2, 3],
    ])
    const y = jacobian((m: Value) => k.sum(k.square(tril(k, m)), [0, 1]))(x)
    expect(y.toArray()).toEqual([
      [2, 0],
      [4, 6],
    ])
  })
})
