/** checkGradients: passes right gradients, finds wrong ones, and says where and why. */
import { describe, expect, it } from 'vitest'
import { constant, value } from '../../src/create.ts'
import { defineOp } from '../../src/define.ts'
import { GradientError } from '../../src/errors.ts'
import { random } from '../../src/random.ts'
import { checkGradients } from '../../src/testing/index.ts'
import { noGrad } from '../../src/transforms/recording.ts'
import type { Value } from '../../src/value.ts'

const cube = defineOp({ name: 'cube', forward: (x: number) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
const wrongCube = defineOp({
  name: 'cube',
  forward: (x: number) => x ** 3,
  derivative: (k, x) => k.mul(6, k.square(x)),
})

describe('a right gradient', () => {
  it('passes, with a report in one line', () => {
    const { ok, maxError, report } = checkGradients((x, y) => x.mul(y).sin(), [0.5, 2])
    expect(ok).toBe(true)
    expect(maxError).toBeLessThan(1e-10)
    expect(report).toMatch(/^The gradient is correct: 2 slopes of 2 inputs agree to \S+ \(tolerance 1\.0e-6\)\.$/)
  })

  it.each([
    ['a number', 0.5],
    ['a list with one argument', [0.5]],
    ['a vector, being the only parameter', [0.5, 1.5, -2]],
    ['a matrix in a list', [[[0.5, 1.5]]]],
    ['a Value', value([0.5, 1])],
    ['a constant', constant([0.5, 1])],
    ['float32', [new Float32Array([0.5, 1.5])]],
    ['no elements', [[]]],
  ])('inputs: %s', (_, inputs) => {
    const { ok, report } = checkGradients((x: Value) => cube(x).exp().tanh(), inputs as never, { order: 2 })
    expect(ok, report).toBe(true)
  })

  it('structures, several results, and large arrays', () => {
    const layer = ({ w, b }: { w: Value; b: Value }, x: Value): Value[] => [x.matmul(w).add(b).tanh(), w.square()]
    const { normal } = random(3)
    const { ok, report } = checkGradients(layer, [{ w: normal([10, 8]), b: normal([8]) }, normal([5, 10])], {
      order: 2,
    })
    expect(ok, report).toBe(true)
    expect(report).toContain('3 inputs')
  })

  it('leaves that the function closes over, which stay as they were', () => {
    const w = value([1, 2, 3])
    const before = w.square().sum()
    expect(checkGradients(() => w.pow(3).sum(), [w]).ok).toBe(true)
    expect([w.toArray(), w.hasGrad]).toEqual([[1, 2, 3], false])
    before.backward()
    expect(w.grad.toArray()).toEqual([2, 4, 6])
  })

  it('at points of very different size', () => {
    expect(checkGradients((x: Value) => x.log(), [[1e-8, 1e-3, 1, 1e6]]).ok).toBe(true)
    expect(checkGradients((x: Value) => x.sin(), [[0, 1e-9, 40]]).ok).toBe(true)
  })

  it('says when nothing depends on an input', () => {
    expect(checkGradients((x, _y) => x.sin(), [1, 2]).report).toContain('All slopes are 0 by argument 1.')
    expect(checkGradients((x: Value) => x, [[]]).report).toBe('There is nothing to check: the inputs have no elements.')
  })
})

describe('a wrong gradient', () => {
  it('is reported with the place, three numbers, and a factor', () => {
    const w = value(
      [
        [1, 1],
        [1, 2],
      ],
      { label: 'w' },
    )
    const { ok, maxError, report } = checkGradients((x: Value) => wrongCube(x).sum(), [w])
    expect(ok).toBe(false)
    expect(maxError).toBeCloseTo(0.5, 6)
    const lines = report.split('\n')
    expect(lines[0]).toBe(
      'The gradient is wrong at 4 of 4 places of 1 input: the largest error is 0.5 (tolerance 1.0e-6).',
    )
    expect(lines[1]).toMatch(/^ {2}Worst at argument 0 'w', component \[\d, \d\], where it is [12]:$/)
    expect(lines[2]).toMatch(/^ {4}reverse mode {9}(6|24)$/)
    expect(lines[3]).toMatch(/^ {4}forward mode {9}(6|24)$/)
    const [reverse = 0, differences] = [lines[2], lines[4]].map((line) => Number(line?.match(/[\d.]+$/)?.[0]))
    expect(lines[4]).toMatch(/^ {4}central differences {2}[\d.]+$/)
    expect(differences).toBeCloseTo(reverse / 2, 8)
    expect(lines[5]).toBe(
      '  Both modes agree with each other: a derivative rule is wrong. It is 2 times what it should be.',
    )
  })

  it('is found in float32, in large inputs, in one of several', () => {
    expect(checkGradients((x: Value) => wrongCube(x), [new Float32Array([0.5, 1.5])]).ok).toBe(false)
    const large = checkGradients((x: Value) => wrongCube(x), random(1).uniform([50, 2]))
    expect(large.ok).toBe(false)
    expect(large.report).toContain('16 of 16 places')
    const one = checkGradients(({ a, b }: { a: Value; b: Value }) => a.mul(wrongCube(b)), [{ a: 2, b: 3 }])
    expect(one.report).toContain('Worst at argument 0.b, where it is 3:')
  })

  it('a small gradient is judged by its own size', () => {
    expect(checkGradients((x: Value) => wrongCube(x).mul(1e-9), [0.5]).ok).toBe(false)
    expect(checkGradients((x: Value) => cube(x).mul(1e-9), [0.5]).ok).toBe(true)
  })

  it('a cut graph', () => {
    const { report } = checkGradients((x: Value) => noGrad(() => x.sin()), 2)
    expect(report).toContain('No gradient arrives: detach, noGrad, item() or data cut the graph')
  })

  it('a kink', () => {
    const { ok, report } = checkGradients((x: Value) => x.relu(), 0)
    expect(ok).toBe(false)
    expect(report).toContain('The slope from the left is 0, from the right 1: a kink or a jump')
  })

  it('outside the domain', () => {
    const { ok, maxError, report } = checkGradients((x: Value) => x.sqrt(), -2)
    expect([ok, maxError]).toEqual([false, Number.POSITIVE_INFINITY])
    expect(report).toContain('A slope is not finite')
  })

  it('a function that is not repeatable', () => {
    let calls = 0
    const { ok, report } = checkGradients((x: Value) => x.mul(++calls), 2)
    expect(ok).toBe(false)
    expect(report).toContain('Two calls with the same numbers gave different results.')
  })

  it('a larger tolerance lets it pass', () => {
    expect(checkGradients((x: Value) => wrongCube(x), 2, { tolerance: 0.6 }).ok).toBe(true)
  })
})

describe('errors', () => {
  it('no inputs', () => {
    expect(() => checkGradients(() => constant(1), [])).toThrow(
      'checkGradients: there are no inputs to differentiate by. Give the list of arguments.',
    )
  })

  it('no Value returned', () => {
    expect(() => checkGradients((_x: Value) => 'text', 1)).toThrow(GradientError)
    expect(() => checkGradients((_x: Value) => 'text', 1)).toThrow(
      "checkGradients: the function returned 'text'. Return a Value, or several.",
    )
  })

  it('an order below 1', () => {
    expect(() => checkGradients((x: Value) => x, 1, { order: 0 })).toThrow(
      'checkGradients: the order is 0. Give 1 for the gradient, 2 for its derivative too.',
    )
  })
})
