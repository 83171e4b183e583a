/** What the methods say about arguments that do not fit. */
import { describe, expect, test } from 'vitest'
import {
  arange,
  avgPool1d,
  avgPool2d,
  batchNorm,
  clamp,
  concat,
  constant,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  dropout,
  grad,
  groupNorm,
  jvp,
  layerNorm,
  maxPool1d,
  maxPool2d,
  noGrad,
  oneHot,
  random,
  rmsNorm,
  scaledDotProductAttention,
  topk,
  triangularSolve,
  type Value,
  value,
  valueAndGrad,
  vjp,
  vmap,
  zeros,
} from '../src/index.ts'

const loose = (x: unknown): never => x as never
const x = value([[1, 2, 3]], { label: 'x' })
const image = value([[[1]]])
const kernel = value([[[[1]]]])
const unknown = (op: string, option: string): string => `${op}: the option '${option}' is unknown. It takes `

describe('errors', () => {
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ['an axis in the place of options', () => x.sum(loose(0)), 'sum: got 0 for the options. Write { axis: 0 }.'],
    [
      'an unknown option',
      () => x.sum(loose({ axes: 0 })),
      "sum: the option 'axes' is unknown. It takes axis, keepDims.",
    ],
    ['an option of a convolution', () => conv2d(image, kernel, loose({ pading: 1 })), unknown('conv2d', 'pading')],
    ['of a line', () => value([[1]]).conv1d([[[1]]], loose({ strides: 1 })), unknown('conv1d', 'strides')],
    [
      'what only the transposed one has',
      () => conv2d(image, kernel, loose({ outputPadding: 1 })),
      "conv2d: the option 'outputPadding' is unknown. It takes bias, stride, padding, dilation, groups.",
    ],
    ['transposed', () => convTranspose1d([[1]], [[[1]]], loose({ group: 1 })), unknown('convTranspose1d', 'group')],
    ['transposed', () => convTranspose2d(image, kernel, loose({ pad: 1 })), unknown('convTranspose2d', 'pad')],
    [
      'a bias in the place of options',
      () => conv2d(image, kernel, loose(value([1]))),
      'the options. Write { bias: … }.',
    ],
    ['no options', () => conv2d(image, kernel, loose(null)), 'conv2d: got null for the options. Write { bias: … }.'],
    ['of pooling', () => maxPool1d([[1, 2]], 2, loose({ strid: 1 })), unknown('maxPool1d', 'strid')],
    [
      'a stride in their place',
      () => maxPool2d(image, 1, loose(2)),
      'maxPool2d: got 2 for the options. Write { stride',
    ],
    ['of pooling', () => avgPool1d([[1, 2]], 2, loose({ dilation: 1 })), unknown('avgPool1d', 'dilation')],
    ['of pooling', () => avgPool2d(image, 1, loose({ includePad: true })), unknown('avgPool2d', 'includePad')],
    ['of a norm', () => layerNorm([1, 2], [2], loose({ epsilon: 1 })), unknown('layerNorm', 'epsilon')],
    ['no options', () => layerNorm([1, 2], [2], loose(null)), 'layerNorm: got null for the options.'],
    ['of a norm', () => rmsNorm([1, 2], [2], loose({ bias: [1, 1] })), unknown('rmsNorm', 'bias')],
    ['of a norm', () => groupNorm([[1, 2]], 1, loose({ weigth: [1, 1] })), unknown('groupNorm', 'weigth')],
    ['of a norm', () => batchNorm([[1], [2]], loose({ var: [1] })), unknown('batchNorm', 'var')],
    ['no options', () => batchNorm([[1], [2]], loose(null)), 'batchNorm: got null for the options.'],
    [
      'of attention',
      () => scaledDotProductAttention([[1]], [[1]], [[1]], loose({ isCausal: true })),
      "scaledDotProductAttention: the option 'isCausal' is unknown. It takes mask, causal.",
    ],
    [
      'of dropout',
      () => dropout([1], 0.5, loose({ seed: 1 })),
      "dropout: the option 'seed' is unknown. It takes random.",
    ],
    ['of backward', () => x.sum().backward(loose({ createGrph: true })), unknown('backward', 'createGrph')],
    ['of value', () => value(1, loose({ name: 'w' })), unknown('value', 'name')],
    ['a label in their place', () => value(1, loose('w')), "value: got 'w' for the options. Write { dtype: … }."],
    ['of constant', () => constant(1, loose({ type: 'float32' })), unknown('constant', 'type')],
    ['of a filling', () => zeros([1], loose({ shape: [2] })), unknown('zeros', 'shape')],
    ['of a row of numbers', () => arange(3, 5, 1, loose({ type: 'float32' })), unknown('arange', 'type')],
    ['of grad', () => grad((a: Value) => a, loose({ arg: 1 })), unknown('grad', 'arg')],
    [
      'of valueAndGrad',
      () => valueAndGrad((a: Value) => a, loose({ arguments: 1 })),
      unknown('valueAndGrad', 'arguments'),
    ],
    ['of vmap', () => vmap((a: Value) => a, loose({ inAxis: 1 })), unknown('vmap', 'inAxis')],
    ['of random numbers', () => random(1).normal([1], 0, 1, loose({ label: 'z' })), unknown('normal', 'label')],
    ['of oneHot', () => oneHot([0], 1, loose({ axis: 0 })), unknown('oneHot', 'axis')],
    ['of topk', () => topk([1, 2], 1, loose({ largest: false })), unknown('topk', 'largest')],
    [
      'of triangularSolve',
      () => triangularSolve([[1]], [1], loose({ upper: true })),
      unknown('triangularSolve', 'upper'),
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
    ['a number that is none', () => value(loose(3n)), 'value: got 3n. Give a number,'],
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
