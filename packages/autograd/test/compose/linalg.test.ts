/** Linear algebra: what it computes, by its own identities, and its gradients by differences (see test/laws, too). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cholesky,
  constant,
  det,
  eye,
  inv,
  ones,
  slogdet,
  solve,
  triangularSolve,
  type Value,
} from '../../src/index.ts'
import { checkGradients } from '../../src/testing/check.ts'

/** Any numbers in the shape. */
function any(...shape: number[]): fc.Arbitrary<Value> {
  const size = shape.reduce((a, b) => a * b, 1)
  return fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size, maxLength: size })
    .map((data) => constant(data, { shape }))
}

/** Matrices far enough from singular. */
function regular(...shape: number[]): fc.Arbitrary<Value> {
  const n = shape.at(-1) as number
  return any(...shape).map((x) => x.div(2).add(eye(n).mul(n + 1)))
}

function expectNear(got: Value, expected: Value, tolerance = 1e-12): void {
  expect(got.shape).toEqual(expected.shape)
  got.data.forEach((x, i) => {
    expect(Math.abs(x - (expected.data[i] as number)), `got ${got}, expected ${expected}`).toBeLessThan(tolerance)
  })
}

/** The examples of a batch, one by one. */
const each = (x: Value, f: (matrix: Value) => Value): Value[] =>
  x.split(x.shape[0] as number).map((part) => f(part.squeeze(0)))

describe('identities', () => {
  it('A·inv(A) = I = inv(A)·A', () => {
    fc.assert(
      fc.property(regular(2, 5, 5), (a) => {
        expectNear(a.matmul(inv(a)), eye(5).broadcastTo([2, 5, 5]))
        expectNear(inv(a).matmul(a), eye(5).broadcastTo([2, 5, 5]))
      }),
    )
  })

  it('det(A·B) = det A · det B, det Aᵀ = det A, det A⁻¹ = 1/det A', () => {
    fc.assert(
      fc.property(any(4, 4), regular(4, 4), (a, b) => {
        const scale = Math.max(1, Math.abs(det(b).item()))
        expectNear(det(a.matmul(b)).div(scale), det(a).mul(det(b)).div(scale), 1e-10)
        expectNear(det(a.transpose()), det(a), 1e-10)
        expectNear(det(inv(b)).mul(det(b)), constant(1))
      }),
    )
  })

  it('solve(A, B) = inv(A)·B, under broadcasting', () => {
    fc.assert(
      fc.property(regular(2, 1, 3, 3), any(4, 3, 2), (a, b) => {
        expectNear(solve(a, b), inv(a).matmul(b))
        expectNear(a.matmul(solve(a, b)), b.broadcastTo([2, 4, 3, 2]))
      }),
    )
  })

  it('triangularSolve reads one triangle', () => {
    fc.assert(
      fc.property(regular(2, 4, 4), any(4, 3), (a, b) => {
        expectNear(triangularSolve(a, b, { lower: true }), solve(a.tril(), b))
        expectNear(triangularSolve(a, b, { lower: false }), solve(a.triu(), b))
        const hidden = a.tril().add(ones([4, 4]).triu(1).mul(9))
        expectNear(triangularSolve(hidden, b), solve(a.tril(), b))
      }),
    )
  })

  it('L·Lᵀ = (A + Aᵀ)/2 with L a lower triangle of positive diagonal', () => {
    fc.assert(
      fc.property(regular(2, 4, 4), (a) => {
        const l = cholesky(a)
        expectNear(l.matmul(l.transpose([0, 2, 1])), a.add(a.transpose([0, 2, 1])).div(2))
        expect(l.tril().toArray()).toEqual(l.toArray())
        expect(each(l, (x) => x.diag()).every((d) => d.data.every((x) => x > 0))).toBe(true)
      }),
    )
  })

  it('slogdet is the sign and the logarithm of det', () => {
    fc.assert(
      fc.property(regular(2, 3, 3), fc.boolean(), (x, turned) => {
        const a = turned ? x.flip(1) : x
        const { sign, logAbsDet } = slogdet(a)
        expect(sign.shape).toEqual([2])
        expectNear(sign, det(a).sign())
        expectNear(logAbsDet, det(a).abs().log())
      }),
    )
    const small = eye(300).mul(1e-3)
    expect(det(small).item()).toBe(0)
    expect(slogdet(small).logAbsDet.item()).toBeCloseTo(300 * Math.log(1e-3), 9)
  })

  it('a batch is its matrices one by one', () => {
    fc.assert(
      fc.property(regular(3, 3, 3), (a) => {
        for (const f of [inv, cholesky, det]) {
          const parts = f(a).split(3)
          expect(parts.map((part) => part.squeeze(0).toArray())).toEqual(each(a, f).map((part) => part.toArray()))
        }
      }),
    )
  })
})

describe('checkGradients, to the second order', () => {
  const a = [
    [3, 0.5, -0.2],
    [0.1, 2.5, 0.4],
    [0.3, -0.6, 4],
  ]
  const functions: Record<string, (x: Value) => Value> = {
    inv: (x) => inv(x).square(),
    det: (x) => det(x).square(),
    slogdet: (x) => slogdet(x).logAbsDet.square(),
    cholesky: (x) => cholesky(x).square(),
    solve: (x) => solve(x, [1, -2, 0.5]).square(),
    'solve a batch': (x) =>
      solve(
        x.mul([[[1]], [[2]]]),
        x.slice([
          [0, 3],
          [0, 2],
        ]),
      ).square(),
    'triangularSolve lower': (x) => triangularSolve(x, x).square(),
    'triangularSolve upper': (x) => triangularSolve(x, [1, -2, 0.5], { lower: false }).square(),
  }

  it.each(Object.entries(functions))('%s', (_name, f) => {
    const { ok, report } = checkGradients(f, [a], { order: 2 })
    expect(ok, report).toBe(true)
  })
})
