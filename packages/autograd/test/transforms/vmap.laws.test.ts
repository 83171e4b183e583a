/** Laws over the table: vmap is the stack over the examples, in value and in gradients, whichever inputs are mapped. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stack } from '../../src/functions/joining.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { hvp } from '../../src/transforms/jacobian.ts'
import { grad } from '../../src/transforms/reverse.ts'
import { vmap } from '../../src/transforms/vmap.ts'
import type { Value } from '../../src/value.ts'
import { type Case, cases, differentiable, inner, irregular } from '../laws/cases.ts'
import { expectClose } from '../laws/close.ts'

const COUNT = 3

/** Three examples, and which inputs differ between them: all of them, or one at a time. */
function examplesOf({ inputs }: Case): { lists: Value[][]; masks: boolean[][] } {
  const lists = fc.sample(inputs(), COUNT)
  const n = lists[0]?.length ?? 0
  const one = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => i === j))
  return { lists, masks: n > 1 ? [new Array(n).fill(true), ...one] : one }
}

/** The inputs of one example: those that are not mapped are the first example's. */
const inputsOf = (lists: Value[][], mask: boolean[], e: number): Value[] =>
  mask.map((mapped, i) => lists[mapped ? e : 0]?.[i] as Value)

const mappedInputs = (lists: Value[][], mask: boolean[]): Value[] =>
  mask.map((mapped, i) => {
    const all = lists.map((list) => list[i] as Value)
    return mapped ? stack(all) : (all[0] as Value)
  })

const axesOf = (mask: boolean[]): (number | null)[] => mask.map((mapped) => (mapped ? 0 : null))
const examples = Array.from({ length: COUNT }, (_, e) => e)

describe('vmap(f) is the stack of f over the examples', () => {
  it.each(cases)('$title', (one) => {
    const { lists, masks } = examplesOf(one)
    for (const mask of masks) {
      const got = vmap((...list: Value[]) => one.apply(list), { axis: axesOf(mask) })(...mappedInputs(lists, mask))
      const wanted = stack(examples.map((e) => one.apply(inputsOf(lists, mask, e))))
      expectClose(got as Value, wanted)
      expect((got as Value).dtype).toBe(wanted.dtype)
    }
  })
})

describe('vmap(grad(f)) is the gradient example by example, and so is the gradient of vmap(f)', () => {
  it.each(differentiable)('$title', (one) => {
    const { lists, masks } = examplesOf(one)
    const weights = irregular(one.apply(lists[0] as Value[]))
    const f = (list: Value[]): Value => inner(one.apply(list), weights)
    for (const mask of masks) {
      const all = mappedInputs(lists, mask)
      const axis = axesOf(mask)
      const wanted = examples.map((e) => grad(f)(inputsOf(lists, mask, e)) as Value[])
      const got = vmap((...list: Value[]) => grad(f)(list) as Value[], { axis })(...all)
      const total = grad((list: Value[]) => (vmap((...xs: Value[]) => f(xs), { axis })(...list) as Value).sum())(all)
      mask.forEach((mapped, i) => {
        const rows = stack(wanted.map((list) => list[i] as Value))
        expectClose((got as Value[])[i] as Value, rows, 1e-11)
        expectClose((total as Value[])[i] as Value, mapped ? rows : rows.sum({ axis: 0 }), 1e-11)
      })
    }
  })
})

describe('vmap(hvp(f)) is the second derivative example by example, and so is hvp of vmap(f)', () => {
  it.each(differentiable)('$title', (one) => {
    const { lists } = examplesOf(one)
    const weights = irregular(one.apply(lists[0] as Value[]))
    const f = (list: Value[]): Value => inner(one.apply(list).square().mul(0.5), weights)
    const v = lists.map((list) => list.map((x, i) => irregular(x, i)))
    const mask = (lists[0] as Value[]).map(() => true)
    const [all, along] = [mappedInputs(lists, mask), mappedInputs(v, mask)]
    const wanted = lists.map((list, e) => hvp(f)(list, v[e] as Value[]) as Value[])
    const got = vmap((xs: Value[], vs: Value[]) => hvp(f)(xs, vs) as Value[])(all, along) as Value[]
    const whole = hvp((xs: Value[]) => (vmap((list: Value[]) => f(list))(xs) as Value).sum())(all, along) as Value[]
    mask.forEach((_, i) => {
      const rows = stack(wanted.map((list) => list[i] as Value))
      expectClose(got[i] as Value, rows, 1e-9)
      expectClose(whole[i] as Value, rows, 1e-9)
    })
  })
})

it('the families that vmap takes for elementwise are', () => {
  const others = Object.values(table as unknown as Record<string, Op>).filter((op) => op.linearity !== 'elementwise')
  expect(others.map((op) => op.name)).not.toContain('add')
  expect(others.every((op) => op.smooth === null)).toBe(true)
})
