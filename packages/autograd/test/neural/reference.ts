/** Cases from outside (test/reference/data/neural.json): results, gradients and Hessian-vector products. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { constant, hvp, type Value, value } from '../../src/index.ts'

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

export interface Attributes {
  readonly stride: number | [number, number]
  readonly padding: number | [number, number]
  readonly dilation: number | [number, number]
  readonly outputPadding: number | [number, number]
  readonly kernel: number | [number, number]
  readonly groups: number
  readonly countIncludePad: boolean
  readonly eps: number
  readonly shape: number[]
  readonly causal: boolean
  readonly mask?: Tensor
  readonly mean: Tensor
  readonly variance: Tensor
  readonly index: Tensor
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
  /** Null where the loss is linear, so that it is all zeros. */
  readonly hvp: { readonly v: readonly Tensor[]; readonly Hv: readonly Tensor[] } | null
}

export type Run = (attrs: Attributes, ...xs: [Value, ...Value[]]) => Value

const file = new URL('../reference/data/neural.json', import.meta.url)
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'))

export const read = ({ shape, data }: Tensor): Value => constant(data as number[], { shape })

export function expectTensor(got: Value, { shape, data }: Tensor): void {
  expect(got.shape).toEqual(shape)
  data.forEach((expected, i) => {
    const x = got.data[i] as number
    expect(Math.abs(x - expected), `got ${x}, expected ${expected}`).toBeLessThanOrEqual(
      1e-11 + 1e-10 * Math.abs(expected),
    )
  })
}

/** Runs every case of these operations. */
export function testReference(runs: { readonly [op: string]: Run }): void {
  const own = cases.flatMap((c) => (runs[c.op] === undefined ? [] : [[c.op, c.id, c, runs[c.op] as Run] as const]))
  const tried = new Set(own.map(([op]) => op))
  test('each operation has reference cases', () => {
    expect([...tried].sort()).toEqual(Object.keys(runs).sort())
  })
  test.each(own)('%s (%i)', (_op, _id, { attrs, inputs, diff, out, w, grads, hvp: second }, run) => {
    const loss = (live: readonly Value[]): Value => {
      const all = inputs.map((x, i) => live[diff.indexOf(i)] ?? read(x)) as [Value, ...Value[]]
      return run(attrs, ...all)
        .mul(read(w))
        .sum()
    }
    const live = diff.map((index) => value(read(inputs[index] as Tensor)))
    expectTensor(run(attrs, ...(inputs.map((x) => read(x)) as [Value, ...Value[]])), out)
    loss(live).backward()
    live.forEach((x, i) => {
      expectTensor(x.grad, grads[i] as Tensor)
    })
    const points = live.map((x) => x.detach())
    const products = hvp(loss)(points, second?.v.map(read) ?? points) as Value[]
    products.forEach((product, i) => {
      if (second === null) expect(product.data.every((x) => x === 0)).toBe(true)
      else expectTensor(product, second.Hv[i] as Tensor)
    })
  })
}
