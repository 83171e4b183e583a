/** What the methods say about arguments that do not fit. */
import { describe, expect, test } from 'vitest'
import { clamp, concat, grad, jvp, noGrad, random, type Value, value, vjp, zeros } from '../src/index.ts'

const loose = (x: unknown): never => x as never
const x = value([[1, 2, 3]], { label: 'x' })

describe('errors', () => {
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ['an axis in the place of options', () => x.sum(loose(0)), 'sum: got 0 for the options. Write { axis: 0 }.'],
    [
      'an unknown option',
      () => x.sum(loose({ axes: 0 })),
      "sum: the option 'axes' is unknown. It takes axis, keepDims.",
    ],
    ['a form of gelu', () => x.gelu(loose('tanh')), "gelu: got 'tanh' for the options. Write { approximate: … }."],
    [
      'an unknown form of gelu',
      () => x.gelu({ approximate: loose('erf') }),
      "gelu: approximate is 'erf'. Give 'none' or 'tanh'.",
    ],
    [
      'a list spread out',
      () => x.reshape(loose(3)),
      'reshape: 3 is not a shape. Give a list of sizes, [3] for three numbers.',
    ],
    ['two arrays for a list', () => concat(loose(x), loose(x)), 'Give one list: concat([a, b]).'],
    ['a slope', () => x.leakyRelu(loose('a')), "leakyRelu: slope is 'a'. Give a number."],
    ['a bound', () => x.clamp(Number.NaN, 1), 'clamp: min is NaN. Give a number.'],
    [
      'what keep keeps',
      () => x.sum().backward({ keep: loose('leaf') }),
      "backward: keep is 'leaf'. Give 'all' or 'leaves'.",
    ],
    ['labels', () => x.matmul(value([[1, 2]], { label: 'w' })), "Here: 'x' [1, 3], 'w' [1, 2]."],
    ['labels in elementwise operations', () => x.add([1, 2]), "Here: 'x' [1, 3]."],
    ['the name of the filling', () => zeros(loose(3)), 'zeros: 3 is not a shape.'],
    ['no function', () => noGrad(loose(3)), 'noGrad: got 3. Give a function.'],
    ['no function to differentiate', () => grad(loose(3))(1), 'grad: got 3. Give a function that returns a Value.'],
    [
      'no list of arguments',
      () => jvp((a: Value) => a, loose(3), loose(1)),
      'Give a list of arguments and a list of tangents.',
    ],
    [
      'no Value in the result',
      () => vjp((() => 'a') as never, 1),
      "vjp: the function returned 'a', in which there is no Value. Return Values.",
    ],
    ['anything else', () => x.flip(loose(() => 1)), 'flip: '],
  ]

  test.each(cases)('%s', (_name, run, message) => {
    expect(run).toThrow(message)
  })
})

test('clamp takes arrays for its bounds', () => {
  const y = value([0, 2, 9])
  const kept = clamp(y, [1, 1, 1], 5)
  expect(kept.toArray()).toEqual([1, 2, 5])
  kept.sum().backward()
  expect(y.grad.toArray()).toEqual([0, 1, 0])
})

test('transforms infer the types of functions without annotations', () => {
  const tangent: Value = jvp((a) => a.square(), [3], [1]).tangent
  const gradient: Value = vjp((a) => a.square(), [1, 2]).pullback([1, 0])
  expect([tangent.item(), gradient.toArray()]).toEqual([6, [2, 0]])
})

test('a stream of random numbers goes on from where another stood', () => {
  const stream = random(3)
  stream.normal([5])
  const state = stream.state()
  const next = stream.uniform([4]).toArray()
  const other = random(8)
  other.restore(state)
  expect(other.uniform([4]).toArray()).toEqual(next)
  expect(() => other.restore([1, 2])).toThrow(
    'random: got an array of 2 for the state of a stream. Give what state() returned.',
  )
})
