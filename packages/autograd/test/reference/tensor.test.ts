/** Array operations against PyTorch: results, gradients, Hessian-vector products. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as ops from '../../src/index.ts'
import { constant, hvp, type Value, value, where } from '../../src/index.ts'
import type { Num } from './numbers.ts'

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly Num[]
}
interface Attributes {
  readonly axis: number & number[]
  readonly keepdim: boolean
  readonly ddof: number
  readonly axes: number[]
  readonly shape: number[]
  readonly index: Tensor
  readonly k: number
  readonly [name: string]: unknown
}
interface Case {
  readonly id: number
  readonly op: string
  readonly attrs: Attributes
  readonly inputs: readonly Tensor[]
  readonly diff: readonly number[]
  readonly out: Tensor
  readonly w: Tensor
  readonly grads: readonly Tensor[]
  readonly hvp?: { readonly v: readonly Tensor[]; readonly Hv: readonly Tensor[] }
}

const files = ['./data/tensor.json', './data/linalg.json']
const references = files.flatMap(
  (file): Case[] => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).cases,
)

const read = ({ shape, data }: Tensor): Value => constant(data.map(Number), { shape })
const reduced = ({ axis, keepdim }: Attributes): { axis: number[]; keepDims: boolean } => ({ axis, keepDims: keepdim })

type Run = (attrs: Attributes, ...xs: [Value, ...Value[]]) => Value

const runs: { readonly [op: string]: Run } = {
  atan2: (_, y, x) => y.atan2(x as Value),
  hypot: (_, x, y) => x.hypot(y as Value),
  maximum: (_, x, y) => x.maximum(y as Value),
  mul: (_, x, y) => x.mul(y as Value),
  sub: (_, x, y) => x.sub(y as Value),
  pow: (_, x, y) => x.pow(y as Value),
  where: (_, c, x, y) => where(c, x as Value, y as Value),
  concat: ({ axis }, ...list) => ops.concat(list, axis),
  cross: (_, x, y) => x.cross(y as Value),
  outer: (_, x, y) => x.outer(y as Value),
  matmul: (_, x, y) => x.matmul(y as Value),
  einsum: ({ equation }, ...list) => ops.einsum(equation as string, ...list),
  inv: (_, x) => x.inv(),
  det: (_, x) => x.det(),
  slogdet: (_, x) => x.slogdet().logAbsDet,
  solve: (_, a, b) => a.solve(b as Value),
  triangularSolve: ({ lower }, a, b) => a.triangularSolve(b as Value, { lower: lower as boolean }),
  cholesky: (_, x) => x.cholesky(),
  gaussianLogPdf: (_, x, mean, a) => {
    const covariance = (a as Value).matmul((a as Value).transpose()).add(ops.eye(3))
    const gap = x.sub(mean as Value)
    return covariance.solve(gap).dot(gap).add(covariance.slogdet().logAbsDet).mul(-0.5)
  },
  cumprod: ({ axis }, x) => x.cumprod(axis),
  flip: ({ axes }, x) => x.flip(axes),
  logSoftmax: ({ axis }, x) => x.logSoftmax(axis),
  logSumExp: (attrs, x) => x.logSumExp(reduced(attrs)),
  pad: ({ pads, mode }, x) => x.pad(pads as [number, number][], 0, mode as 'replicate'),
  repeatInterleave: ({ repeats, axis }, x) => x.repeat(repeats as number, axis),
  reshape: ({ shape }, x) => x.reshape(shape),
  roll: ({ shift, axis }, x) => x.roll(shift as number, axis),
  scatter: ({ axis, index }, x, src) => {
    const blank = constant(new Array(x.size).fill(0), { shape: x.shape })
    const written = blank.scatterAdd(axis, read(index), constant(new Array(x.size).fill(1), { shape: x.shape }))
    return where(written, blank.scatterAdd(axis, read(index), src as Value), x)
  },
  scatterAdd: ({ axis, index }, x, src) => x.scatterAdd(axis, read(index), src as Value),
  slice: ({ slices }, x) => x.slice(slices as [number, number, number][]),
  maskedSelect: (_, x, mask) =>
    x.flatten().take(Array.from(mask?.data ?? []).flatMap((on, i) => (on === 0 ? [] : [i]))),
  sort: ({ axis, descending }, x) => x.sort({ axis, descending: descending as boolean }),
  std: (attrs, x) => x.std({ ...reduced(attrs), correction: attrs.ddof }),
  tril: ({ k }, x) => x.tril(k),
  triu: ({ k }, x) => x.triu(k),
  mlp: (_, x, ...w) => {
    const [w1, b1, w2, b2] = w as [Value, Value, Value, Value]
    return x.matmul(w1).add(b1).tanh().matmul(w2).add(b2)
  },
  causalAttention: (_, x, ...w) => {
    const [q, k, v] = w.map((weights) => x.matmul(weights)) as [Value, Value, Value]
    const scores = q.matmul(k.transpose([0, 2, 1])).div(Math.sqrt(q.shape[2] as number))
    const allowed = ops.ones(scores.shape.slice(-2)).tril()
    return where(allowed, scores, Number.NEGATIVE_INFINITY).softmax().matmul(v)
  },
}

function expectTensor(got: Value, { shape, data }: Tensor): void {
  expect(got.shape).toEqual(shape)
  data.forEach((number, i) => {
    const expected = Number(number)
    const x = got.data[i] as number
    expect(Math.abs(x - expected), `got ${x}, expected ${expected}`).toBeLessThanOrEqual(
      1e-11 + 1e-10 * Math.abs(expected),
    )
  })
}

const cases = references.flatMap((c) => {
  const run = runs[c.op]
  return run === undefined ? [] : [[c.op, c.id, c, run] as const]
})

describe('array operations as PyTorch has them', () => {
  test.each(cases)('%s (%i)', (_op, _id, { attrs, inputs, diff, out, w, grads, hvp: second }, run) => {
    const xs = inputs.map((x, i) => (diff.includes(i) ? value(read(x)) : read(x))) as [Value, ...Value[]]
    const y = run(attrs, ...xs)
    expectTensor(y, out)
    y.mul(read(w)).sum().backward()
    diff.forEach((index, i) => {
      expectTensor((xs[index] as Value).grad, grads[i] as Tensor)
    })
    if (second === undefined) return
    const loss = (live: readonly Value[]): Value => {
      const all = xs.map((x, i) => live[diff.indexOf(i)] ?? x.detach()) as [Value, ...Value[]]
      return run(attrs, ...all)
        .mul(read(w))
        .sum()
    }
    const products = hvp(loss)(
      diff.map((index) => read(inputs[index] as Tensor)),
      second.v.map(read),
    ) as Value[]
    second.Hv.forEach((expected, i) => {
      expectTensor(products[i] as Value, expected)
    })
  })
})
