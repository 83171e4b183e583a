/** The text carrier: the formulas that it writes have the value that they claim. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numeric } from '../../src/carriers/numeric.ts'
import { type Value, value } from '../../src/index.ts'
import { chainRule, gradientsOf } from '../../src/inspect/chain.ts'
import { expressAll } from '../../src/inspect/express.ts'
import { plain } from '../../src/inspect/plain.ts'
import { scribeOf } from '../../src/inspect/scribe.ts'
import { tex } from '../../src/inspect/tex.ts'
import { textCarrier } from '../../src/inspect/text.ts'
import { textbook } from '../../src/inspect/textbook.ts'
import { walk } from '../../src/inspect/walk.ts'
import { write } from '../../src/inspect/write.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { evaluate } from './evaluate.ts'
import { micrograd, neuron, regression } from './graphs.ts'

const records: readonly (readonly [string, Op])[] = Object.entries(table).map(([name, record]) => [name, record as Op])
/** Elementwise operations with a point inside the domain of each input. */
const elementwise = records.flatMap(([name, op]) => {
  if (op.linearity !== 'elementwise' || op.smooth === null) return []
  const [a = 0, b = 0] = op.smooth.domain.map(([low, high], i) => low + (high - low) * (i === 0 ? 0.61 : 0.83))
  return [{ name, op, a, b, args: op.smooth.args, arity: op.smooth.domain.length }]
})

describe('the text carrier', () => {
  it.each(elementwise)('writes the slopes of $name with their numbers', ({ op, a, b, args, arity }) => {
    const y = op.forward(a, b, args)
    for (const n of [plain, tex]) {
      const k = textCarrier(n)
      const named = [k.named('y', y), k.named('a', a), arity > 1 ? k.named('b', b) : k.number(0)] as const
      for (const rule of [op.da, op.db]) {
        const formula = rule?.(k, k.number(1), ...named, args)
        if (typeof formula !== 'object') continue
        expect(formula.raw).toBe(rule?.(numeric, 1, y, a, b, args))
        expect(formula.text).not.toMatch(/undefined|NaN|NoNan|\+ -|- -|· -/)
      }
    }
  })

  it.each(elementwise.filter(({ name }) => name in textbook))(
    'writes the textbook slope of $name with the same numbers',
    ({ name, op, a, b, args }) => {
      const y = op.forward(a, b, args)
      const familiar = textbook[name as keyof typeof table] ?? {}
      for (const which of ['da', 'db'] as const) {
        const expected = op[which]?.(numeric, 1, y, a, b, args)
        const got = familiar[which]?.(numeric, 1, y, a, b, args)
        if (got !== undefined) expect(got).toBeCloseTo(Number(expected), 12)
      }
    },
  )

  it('simplifies', () => {
    const k = textCarrier(plain)
    const [x, y] = [k.named('x', 2), k.named('y', 3)]
    const pairs: [string, { text: string; raw: unknown }, unknown][] = [
      ['x', k.mul(1, x), 2],
      ['-x', k.mul(x, -1), -2],
      ['0', k.mulNoNan(0, x), 0],
      ['x', k.add(x, 0), 2],
      ['-y', k.sub(0, y), -3],
      ['x', k.neg(k.neg(x)), 2],
      ['x - y', k.add(x, k.neg(y)), -1],
      ['x + y', k.sub(x, k.neg(y)), 5],
      ['-x · y', k.mul(x, k.neg(y)), -6],
      ['x · y', k.mul(k.neg(x), k.neg(y)), 6],
      ['6', k.mul(2, k.add(1, 2)), 6],
      ['3 · x²', k.mul(3, k.pow(x, k.sub(3, 1))), 12],
      ['2 · x', k.mul(2, k.pow(x, k.sub(2, 1))), 4],
      ['-x / y', k.neg(k.div(x, y)), -2 / 3],
      ['1 if x > 0, else 0.1', k.where(k.gt(x, 0), 1, 0.1), 1],
      ['y', k.where(k.gt(x, 0), y, 0), 3],
    ]
    for (const [text, formula, raw] of pairs) expect([formula.text, formula.raw]).toEqual([text, raw])
  })

  it('writes every operation of the table in both notations', () => {
    const args = {
      axis: 0,
      axes: [1],
      shape: [2, 2],
      start: [0, 0],
      step: [1, 1],
      dtype: 'float32',
      min: 0,
      max: 1,
      order: 1,
      slope: 1,
      alpha: 1,
      stride: [2, 1],
      padding: [0, 1],
      dilation: [1, 1],
      groups: 2,
    }
    for (const n of [plain, tex]) {
      const inputs = ['a', 'b', 'c'].map((name) => n.name(name))
      for (const [name, op] of records) {
        const { text } = write(
          n,
          op,
          inputs,
          [
            [2, 2],
            [2, 2],
            [2, 2],
          ],
          args,
        )
        expect(text, name).toContain('a')
        expect(text, name).not.toMatch(/undefined|\[object/)
      }
    }
  })
})

describe('plain text', () => {
  const names = ['a', 'b', 'c'] as const
  const numbers = { a: 1.75, b: -2.5, c: 0.625 }
  const leaves = names.map((name) => value(numbers[name], { label: name }))
  const { tree } = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(...leaves),
      fc.tuple(fc.constantFrom('add', 'sub', 'mul', 'div'), tie('tree'), tie('tree')).map(([op, x, y]) => x[op](y)),
      fc.tuple(fc.constantFrom('neg', 'square', 'reciprocal'), tie('tree')).map(([op, x]) => x[op]()),
      fc.tuple(fc.constantFrom('add', 'mul', 'sub'), tie('tree'), fc.constantFrom(-2, 3)).map(([op, x, n]) => x[op](n)),
      fc.tuple(tie('tree'), fc.constantFrom(-1, 2, 3)).map(([x, n]) => x.pow(n)),
    ),
  }))

  const formulaOf = (y: Value, simplify: boolean): string => {
    const order = walk(y)
    const { of, combine, simplified } = scribeOf(order, plain)
    return (expressAll(order, () => false, of, simplify ? simplified : combine).get(y) ?? of(y)).text
  }
  const sameNumber = (got: number, expected: number): boolean =>
    Object.is(got, expected) || !Number.isFinite(expected) || Math.abs(got - expected) <= 1e-9 * Math.abs(expected)

  it('has its parentheses where they are needed: read back, it gives the same number', () => {
    fc.assert(
      fc.property(tree, (y) => {
        expect(sameNumber(evaluate(formulaOf(y, false), numbers), y.item()), formulaOf(y, false)).toBe(true)
      }),
    )
  })

  it('still gives the same number when simplified', () => {
    fc.assert(
      fc.property(tree, (y) => {
        fc.pre(Math.abs(y.item()) > 1e-6 && Math.abs(y.item()) < 1e6)
        expect(evaluate(formulaOf(y, true), numbers), formulaOf(y, true)).toBeCloseTo(y.item(), 5)
      }),
    )
  })
})

describe('the chain rule worked out', () => {
  it.each([
    ['a neuron', neuron().y],
    ["micrograd's expression", micrograd().g],
    ['a regression in float32', regression().loss],
  ])('of %s agrees with backward()', (_name, y) => {
    const order = walk(y)
    const gradients = gradientsOf(y)
    const steps = chainRule(order, gradients, scribeOf(order, plain))
    y.backward()
    for (const node of order) {
      const got = gradients.get(node)
      if (got === undefined) continue
      expect((node as Value).grad.raw).toEqual(got)
      const shares = steps.flatMap((step) => step.shares).filter(({ input }) => input === node)
      if (shares.length === 0) continue
      const sum = shares.map(({ share }) => share).reduce((p, q) => numeric.add(p, q))
      const [exact, total] = [got, sum].map((raw) => (typeof raw === 'number' ? [raw] : [...raw.data]))
      total?.forEach((t, i) => {
        expect(t).toBeCloseTo(exact?.[i] ?? Number.NaN, 10)
      })
    }
  })
})
