/** A check that cannot fail is none: the laws catch each kind of wrong rule. */
import { describe, expect, it } from 'vitest'
import { constant } from '../../src/create.ts'
import { type Op, op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { checkGradients } from '../../src/testing/check.ts'
import { jvp } from '../../src/transforms/forward.ts'
import { vjp } from '../../src/transforms/reverse.ts'
import { type Value, values } from '../../src/value.ts'

const apply = (record: Op, x: Value, y: Value | number, args?: unknown): Value => values.apply(record, x, y, args)
const check = (f: (x: Value, y: Value) => Value): boolean =>
  checkGradients(f, [
    [0.5, 1.5],
    [2, 0.25],
  ]).ok
const axes = { axes: [0], keepDims: false }

describe('a wrong rule is caught', () => {
  it('a wrong factor in an elementwise derivative', () => {
    const wrong: Op = { ...table.tanh, da: (k, g, y) => k.mul(g, k.sub(1, y)) }
    expect(check((x) => apply(table.tanh, x, 0))).toBe(true)
    expect(check((x) => apply(wrong, x, 0))).toBe(false)
  })

  it('the shares of two inputs exchanged', () => {
    const { da, db } = table.mul
    expect(check((x, y) => apply(table.mul, x, y))).toBe(true)
    expect(check((x, y) => apply({ ...table.mul, da: db, db: da }, x, y))).toBe(false)
  })

  it('a wrong sign in one input only', () => {
    expect(check((x, y) => apply({ ...table.sub, db: (_k, g) => g }, x, y))).toBe(false)
  })

  it('a wrong pullback of a linear operation breaks the adjoint identity', () => {
    const wrong = op({ ...(table.sum as Op), da: (k, g, _y, a) => k.mul(2, k.broadcastTo(g, k.shape(a))) })
    const f = (x: Value): Value => apply(wrong, x, 0, axes)
    const { pullback } = vjp(f, [1, 2])
    const pulled = pullback(1).mul([3, 4]).sum().item()
    expect(pulled).not.toBe(jvp(f, [[1, 2]], [constant([3, 4])]).tangent.item())
    expect(check((x) => f(x))).toBe(false)
  })

  it('a wrong pushforward alone', () => {
    const right = table.logSumExp as Op
    const wrong: Op = { ...right, push: (k, t) => k.sum(t, [0]) }
    expect(check((x) => apply(right, x, 0, axes))).toBe(true)
    const { ok, report } = checkGradients((x) => apply(wrong, x, 0, axes), [[0.5, 1.5]])
    expect(ok).toBe(false)
    expect(report).toContain('Only forward mode is off')
  })

  it('a gradient that is right but whose own derivative is wrong', () => {
    const slope: Op = { ...table.cos, name: 'slope', da: (k, g, _y, x) => k.mul(g, k.sin(x)) }
    const wrong: Op = { ...table.sin, da: (k, g, _y, x) => k.mul(g, k.apply(slope, x, 0, undefined)) }
    const f = (x: Value): Value => apply(wrong, x, 0)
    expect(checkGradients(f, 0.5).ok).toBe(true)
    const { ok, report } = checkGradients(f, 0.5, { order: 2 })
    expect(ok).toBe(false)
    expect(report).toContain('derivative of order 2 is wrong')
  })
})
