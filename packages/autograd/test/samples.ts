/** A call of every operation that API.md names, grouped as there; what the tests of names and operands run through. */
import { type Operand, random } from '../src/index.ts'

/** `name(input, ...rest)`, and as a method `value(input).name(...rest)`. */
export interface Sample {
  readonly name: string
  readonly input: Operand
  readonly rest: readonly unknown[]
}

const vector = [0.25, 0.5, -0.75]
const matrix = [
  [1, 5, 2],
  [4, 3, 6],
]

function samples(input: Operand, calls: { readonly [name: string]: readonly unknown[] }): Sample[] {
  return Object.entries(calls).map(([name, rest]) => ({ name, input, rest }))
}

function alike(names: string, input: Operand, ...rest: readonly unknown[]): Sample[] {
  return names.split(/\s+/).map((name) => ({ name, input, rest }))
}

export const unarySamples: readonly Sample[] = [
  ...alike(
    `neg abs sign square cbrt reciprocal exp exp2 expm1 log1p sin cos tan asin acos atan sinh cosh tanh asinh atanh
    sigmoid logSigmoid softplus relu relu6 selu silu mish softsign hardSigmoid hardSwish erf erfc floor ceil round
    trunc step leakyRelu elu gelu hardtanh stopGradient`,
    vector,
  ),
  ...alike('sqrt rsqrt log log2 log10 acosh lgamma digamma', [1.25, 1.5, 3]),
  ...samples(vector, { leakyRelu: [0.2], elu: [0.5], gelu: [{ approximate: 'tanh' }], hardtanh: [-0.5, 0.4] }),
  ...samples(vector, { clamp: [-0.5, 0.4] }),
]

export const binarySamples: readonly Sample[] = [
  ...alike(
    'add sub mul div pow mod maximum minimum atan2 hypot logaddexp mulNoNan gt ge lt le eq ne',
    [0.25, 0.5, 2],
    [[2], [0.5]],
  ),
]

export const choiceSamples: readonly Sample[] = [...samples([1, 0, 1], { where: [[1.5, 2.5, 3.5], -1] })]

/** Those with a value over nothing, and those without. */
export const reductionSamples: readonly Sample[] = [
  ...alike('sum mean prod logSumExp variance std norm', matrix, { axis: 1, keepDims: true }),
  ...samples(matrix, {
    variance: [{ correction: 0 }],
    std: [{ axis: [0, 1], correction: 0 }],
    norm: [{ ord: 1, axis: -1 }],
  }),
]
export const extremeSamples: readonly Sample[] = [
  ...alike('max min median argmax argmin', matrix, { axis: 1 }),
  ...samples(matrix, { norm: [{ ord: Number.POSITIVE_INFINITY, axis: 1 }] }),
]

export const scanSamples: readonly Sample[] = alike('cumsum cumprod cummax cummin', matrix, 1)

export const shapeSamples: readonly Sample[] = [
  ...samples(matrix, {
    reshape: [[3, -1]],
    transpose: [[1, 0]],
    unsqueeze: [1],
    broadcastTo: [[2, 2, 3]],
    flatten: [],
    slice: [
      [
        [0, 1],
        [null, null, -1],
      ],
    ],
    at: [-1, 0],
    gather: [1, [[2], [0]]],
    scatterAdd: [1, [[2], [0]], [[10], [20]]],
    take: [[1, 1, 0], 0],
    pad: [
      [
        [1, 0],
        [0, 2],
      ],
      -1,
    ],
    flip: [1],
    roll: [1, 1],
    tile: [[2, 1]],
    repeat: [2, 0],
    sort: [{ axis: 0, descending: true }],
    argsort: [{ axis: 1 }],
    topk: [2, { axis: 1 }],
    tril: [1],
    triu: [-1],
    diag: [],
    trace: [],
    split: [[1, 2], 1],
  }),
  ...samples([[1, 2]], { squeeze: [0] }),
]

export const productSamples: readonly Sample[] = [
  ...alike('dot cross outer kron', vector, [2, 3, 4]),
  ...samples(matrix, { matmul: [[1, 0.5, 2]] }),
]

const positive = [
  [4, 2],
  [2, 5],
]
export const linalgSamples: readonly Sample[] = [
  ...alike('inv det slogdet cholesky', positive),
  ...samples(positive, { solve: [[1, 2]], triangularSolve: [[1, 2], { lower: false }] }),
]

export const softmaxSamples: readonly Sample[] = alike('softmax logSoftmax', matrix, 0)

const line = [[[1, -2, 3, 0.5, -1]]]
const image = [
  [
    [
      [1, -2, 3],
      [0.5, -1, 2],
      [4, 0, -3],
    ],
  ],
]

export const neuralSamples: readonly Sample[] = [
  ...alike('conv1d convTranspose1d', line, [[[0.5, -1]]], { bias: [2], stride: 2, padding: 1 }),
  ...alike('conv2d convTranspose2d', image, [[[[0.5, -1]]]], { bias: [2], dilation: [1, 2] }),
  ...alike('maxPool1d avgPool1d', line, 2, { stride: 1, padding: 1 }),
  ...alike('maxPool2d avgPool2d', image, [2, 1]),
  ...samples(matrix, {
    layerNorm: [[3], { weight: [1, 2, 3], bias: [0, 0, 1] }],
    rmsNorm: [[3], { weight: [1, 2, 3] }],
    groupNorm: [1, { weight: [1, 2, 3], bias: [0, 0, 1] }],
    batchNorm: [{ mean: [1, 2, 3], variance: [1, 4, 9], weight: [1, 2, 3], bias: [0, 0, 1] }],
    embedding: [[1, 1, 0]],
    scaledDotProductAttention: [matrix, [[1], [2]], { causal: true }],
    dropout: [0, { random: random(1) }],
  }),
]

/** Everything with a method of the same name; `stopGradient` has `detach`. */
export const allSamples: readonly Sample[] = [
  ...unarySamples,
  ...binarySamples,
  ...choiceSamples,
  ...reductionSamples,
  ...extremeSamples,
  ...scanSamples,
  ...shapeSamples,
  ...productSamples,
  ...linalgSamples,
  ...softmaxSamples,
  ...neuralSamples,
]
