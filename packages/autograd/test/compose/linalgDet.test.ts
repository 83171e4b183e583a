/** The derivatives of det at every rank, against those of the sum over all permutations. */
import { describe, expect, it } from 'vitest'
import { constant, det, eye, grad, hvp, type Operand, random, slogdet, type Value, zeros } from '../../src/index.ts'

type Scalar = (x: Value) => Value

/** det through its logarithm, which has the gradient A⁻ᵀ. */
function inverseRule(a: Value): Value {
  const { sign, logAbsDet } = slogdet(a)
  return sign.mul(logAbsDet.exp())
}

/** Leibniz: Σ ± Π aᵢ,π(i), by expansion along the first row. */
function leibniz(a: Value): Value {
  const n = a.shape[0] as number
  if (n === 1) return a.at(0, 0)
  const below = a.slice([[1, n]])
  return Array.from({ length: n }, (_, j) => {
    const others = Array.from({ length: n }, (_, c) => c).filter((c) => c !== j)
    return a
      .at(0, j)
      .mul(leibniz(below.take(others, 1)))
      .mul(j % 2 === 0 ? 1 : -1)
  }).reduce((x, y) => x.add(y))
}

/** Normwise: the largest error against the largest expected element, or against 1. */
function expectNear(got: Value, expected: Value, tolerance: number): void {
  const scale = Math.max(1, expected.abs().max().item())
  const error = got.sub(expected).abs().max().item()
  expect(error / scale, `got ${got}, expected ${expected}`).toBeLessThan(tolerance)
}

type Derivative = (x: Value, ...directions: Value[]) => Value

/** The first to the fourth derivative, along directions. */
function derivativesOf(f: Scalar): Derivative[] {
  const list: Derivative[] = [grad((x: Value, ..._along: Value[]) => f(x))]
  for (let order = 0; order < 3; order++) {
    const before = list[order] as Derivative
    list.push(
      grad((x: Value, ...along: Value[]) =>
        before(x, ...along)
          .mul(along[order] as Value)
          .sum(),
      ),
    )
  }
  return list
}

const [ofDet, ofLeibniz, ofInverse] = [derivativesOf(det), derivativesOf(leibniz), derivativesOf(inverseRule)]

/** As many of them as there are directions. */
function derivatives(list: readonly Derivative[], a: Value, directions: readonly Value[]): Value[] {
  return directions.map((_, order) => (list[order] as Derivative)(a, ...directions))
}

const draw = random(3)
const normal = (...shape: number[]): Value => draw.normal(shape)
/** A random matrix of that rank. */
const ofRank = (n: number, rank: number): Value =>
  rank === 0 ? zeros([n, n]) : normal(n, rank).matmul(normal(rank, n))

describe('the first four derivatives of det', () => {
  for (const n of [1, 2, 3, 4, 5]) {
    for (let rank = 0; rank <= n; rank++) {
      it(`of a matrix ${n} × ${n} of rank ${rank}`, () => {
        const directions = Array.from({ length: 4 }, () => normal(n, n))
        const a = ofRank(n, rank)
        const expected = derivatives(ofLeibniz, a, directions)
        derivatives(ofDet, a, directions).forEach((got, order) => {
          expectNear(got, expected[order] as Value, 1e-12 * 10 ** order)
        })
      })
    }
  }

  it('of more small pivots than are followed', () => {
    const directions = Array.from({ length: 3 }, () => normal(9, 9))
    const [q, r] = [normal(9, 9), normal(9, 9)]
    const spread = (small: number): Value => q.mul([1, 1, ...new Array(7).fill(small)]).matmul(r)
    const expected = derivatives(ofInverse, spread(1e-3), directions)
    derivatives(ofDet, spread(1e-3), directions).forEach((got, order) => {
      const scale = (expected[order] as Value).abs().max()
      expectNear(got.div(scale), (expected[order] as Value).div(scale), 1e-8)
    })
    for (const got of derivatives(ofDet, spread(0), directions)) expectNear(got, zeros([9, 9]), 1e-10)
  })

  it('next to singular matrices', () => {
    const directions = Array.from({ length: 3 }, () => normal(4, 4))
    for (const gap of [1e-2, 1e-4, 1e-8, 1e-12, 1e-15]) {
      for (const rank of [1, 2, 3]) {
        const a = ofRank(4, rank).add(normal(4, 4).mul(gap))
        const expected = derivatives(ofLeibniz, a, directions)
        derivatives(ofDet, a, directions).forEach((got, order) => {
          expectNear(got, expected[order] as Value, 1e-11)
        })
      }
    }
  })
})

describe('examples', () => {
  const slope = (x: Operand): unknown => (grad(det)(x as Value) as Value).toArray()

  it('the gradient is the matrix of cofactors', () => {
    const close = [
      [4, -2],
      [-2, 1],
    ].map((row) => row.map((x) => expect.closeTo(x, 13)))
    expect(
      slope([
        [1, 2],
        [2, 4],
      ]),
    ).toEqual(close)
    expect(slope(zeros([2, 2]))).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(slope(zeros([3, 3]))).toEqual(zeros([3, 3]).toArray())
    const classic = [
      [-3, 6, -3],
      [6, -12, 6],
      [-3, 6, -3],
    ].map((row) => row.map((x) => expect.closeTo(x, 12)))
    expect(
      slope([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
    ).toEqual(classic)
  })

  it('badly scaled matrices keep the digits of each cofactor', () => {
    const g = grad(det)(constant([1e9, 1, 1e-6]).diag()) as Value
    expect(g.diag().div([1e-6, 1e3, 1e9]).toArray()).toEqual([1, 1, 1].map((x) => expect.closeTo(x, 13)))
    const h = grad(det)(
      constant([
        [0, 1e9],
        [0, 0],
      ]),
    ) as Value
    expectNear(
      h.div(1e9),
      constant([
        [0, 0],
        [-1, 0],
      ]),
      1e-15,
    )
  })

  it('of rank n − 2 the gradient is 0 and the second derivative is not', () => {
    const a = constant([1, 0, 0]).diag()
    expect(slope(a)).toEqual(zeros([3, 3]).toArray())
    const product = hvp(det as Scalar)(a, eye(3)) as Value
    expectNear(product, constant([0, 1, 1]).diag(), 1e-15)
  })

  it('each matrix of a batch has its own rank', () => {
    const batch = [ofRank(3, 0), ofRank(3, 1), ofRank(3, 2), ofRank(3, 3)]
    const v = normal(3, 3)
    const all = constant(
      batch.flatMap((a) => Array.from(a.data)),
      { shape: [4, 3, 3] },
    )
    const got = grad((x: Value) => (grad((y: Value) => det(y).sum())(x) as Value).mul(v).sum())(all) as Value
    batch.forEach((a, i) => {
      const expected = derivatives(ofLeibniz, a, [v, v])[1] as Value
      expectNear(got.at(i), expected, 1e-12)
    })
  })

  it('a matrix of 60 rows and one dependency', () => {
    const a = ofRank(60, 59).div(60)
    const g = grad(det)(a) as Value
    // The cofactors of a matrix of rank n − 1 are annihilated by it.
    const scale = g.abs().max().item()
    expect(scale).toBeGreaterThan(0)
    expectNear(a.matmul(g.transpose()).div(scale), zeros([60, 60]), 1e-11)
  })
})
