/** Every message of the engine itself: it names the operation, shows what arrived, and says what to do. */
import { describe, expect, it } from 'vitest'
import {
  AutogradError,
  arange,
  constant,
  DomainError,
  DTypeError,
  defineOp,
  eye,
  full,
  GradientError,
  grad,
  hessian,
  jvp,
  linspace,
  noGrad,
  random,
  ShapeError,
  UnsupportedError,
  type Value,
  value,
  vjp,
} from '../src/index.ts'

type Kind = new (...args: never[]) => AutogradError
type Row = readonly [name: string, kind: Kind, message: string, run: () => unknown]

/** What a caller without types may pass. */
const any = (x: unknown): never => x as never
const w = (): Value => value([1, 2], { label: 'w' })

const reading: Row[] = [
  [
    'undefined',
    DTypeError,
    'value: got undefined. Give a number, nested arrays of numbers, a Float64Array or a Float32Array.',
    () => value(any(undefined)),
  ],
  ['a text', DTypeError, "value: got 'a'. Give a number,", () => value(any('a'))],
  ['a function', DTypeError, 'value: got a function. Give a number,', () => value(any(() => 1))],
  ['an object', DTypeError, 'value: got an object of class Date. Give a number,', () => value(any(new Date(0)))],
  ['a bigint array', DTypeError, 'value: got a BigInt64Array. Give a number,', () => value(any(new BigInt64Array(1)))],
  ['a text in an array', DTypeError, "value: an array holds 'a'. Every element is a number.", () => value(any(['a']))],
  [
    'a short row',
    ShapeError,
    'value: the array is ragged: at depth 1 a row of 1 elements was expected, got 2 elements. Make all rows the same length.',
    () => value([[1], [2, 3]]),
  ],
  [
    'a number for a row',
    ShapeError,
    'value: the array is ragged: at depth 1 a row of 2 elements was expected, got 3. Make all rows the same length.',
    () => value([[1, 2], 3]),
  ],
  [
    'a row for a number',
    ShapeError,
    'value: the array is ragged: where numbers stand elsewhere it holds one more level of nesting (an array of 1). Make all rows alike.',
    () => value([1, [2]]),
  ],
  [
    'a hole',
    DTypeError,
    'value: an array holds undefined. Every element is a number.',
    () => value(any([1, undefined])),
  ],
  ['an operand', DTypeError, 'add: got undefined. Give a number,', () => w().add(any(undefined))],
  [
    'a Value of another copy',
    UnsupportedError,
    'add: got an object of class Object of another copy of @adjoint/autograd. Make the bundler or package manager keep one copy.',
    () => w().add(any({ requiresGrad: true })),
  ],
  [
    'a dtype',
    DTypeError,
    "value: the dtype 'int8' is unknown. Use 'float64' or 'float32'.",
    () => value(1, { dtype: any('int8') }),
  ],
  [
    'a dtype to fill',
    DTypeError,
    "full: the dtype 'int8' is unknown. Use 'float64' or 'float32'.",
    () => full([2], 1, { dtype: any('int8') }),
  ],
]

const shapes: Row[] = [
  [
    'too few numbers',
    ShapeError,
    'value: 3 numbers do not fill the shape [2, 2], which has 4 elements. Give as many numbers as the shape holds.',
    () => value([1, 2, 3], { shape: [2, 2] }),
  ],
  [
    'a negative size',
    ShapeError,
    'full: [2, -1] is not a shape. Every size is a whole number, 0 or more.',
    () => full([2, -1], 1),
  ],
  [
    'a fraction',
    ShapeError,
    'value: [1.5] is not a shape. Every size is a whole number, 0 or more.',
    () => value([1], { shape: [1.5] }),
  ],
  ['a number for a shape', ShapeError, 'full: 3 is not a shape.', () => full(any(3), 1)],
  ['eye', ShapeError, 'eye: [-1, -1] is not a shape.', () => eye(-1)],
  [
    'broadcast',
    ShapeError,
    'add: the shapes [3] and [2] do not broadcast (3 against 2, counted 1 from the right). Reshape one of them, or insert axes of size 1.',
    () => value([1, 2, 3]).add([1, 2]),
  ],
  [
    'an axis',
    ShapeError,
    'sum: axis 3 does not exist in an array of rank 2; allowed are -2 to 1.',
    () => value([[1]]).sum({ axis: 3 }),
  ],
  [
    'an axis of a scalar',
    ShapeError,
    'sum: axis 0 does not exist in an array of rank 0; a scalar has no axes.',
    () => value(1).sum({ axis: 0 }),
  ],
  [
    'an axis twice',
    ShapeError,
    'sum: axis 0 is named twice. Name each axis once.',
    () => value([[1]]).sum({ axis: [0, -2] }),
  ],
  [
    'item',
    ShapeError,
    "item: leaf 'w' of shape [2] has 2 elements, not one. Use toArray(), or at(…) to choose an element.",
    () => w().item(),
  ],
  [
    'linspace',
    ShapeError,
    'linspace: 1.5 is not a count of numbers. Give a whole number, 0 or more.',
    () => linspace(0, 1, 1.5),
  ],
  [
    'arange',
    DomainError,
    'arange: from 0 to 1 in steps of 0 has no end. Give a step that leads there.',
    () => arange(0, 1, 0),
  ],
  [
    'uniform',
    DomainError,
    'uniform: high is NaN. Give a finite number; options come last.',
    () => random(1).uniform([2], 0, Number.NaN),
  ],
  [
    'normal',
    DomainError,
    'normal: mean is an object of class Object. Give a finite number; options come last.',
    () => random(1).normal([2], { dtype: 'float32' } as never),
  ],
  ['random', DomainError, 'random: the seed is 1.5. Give a whole number.', () => random(1.5)],
  [
    'integers',
    DomainError,
    'integers: no whole numbers from 3 up to 3. Give whole bounds, the second one larger.',
    () => random(1).integers([1], 3, 3),
  ],
  [
    'permutation',
    ShapeError,
    'permutation: -1 is not a count. Give a whole number, 0 or more.',
    () => random(1).permutation(-1),
  ],
]

const backward: Row[] = [
  [
    'several elements',
    GradientError,
    "backward: leaf 'w' has shape [2]; without a seed a single number is needed. Reduce it with sum() or mean(), or pass { seed }.",
    () => w().backward(),
  ],
  [
    'a constant',
    GradientError,
    'backward: a constant of shape [] has no graph: nothing that it was computed from requires a gradient (or it was made inside noGrad). Make the inputs with value(…).',
    () => constant(1).backward(),
  ],
  ['made inside noGrad', GradientError, '(or it was made inside noGrad)', () => noGrad(() => w().sum()).backward()],
  [
    'the shape of the seed',
    ShapeError,
    "backward: the seed has shape [3], the Value [2]. Give a seed of the Value's shape.",
    () => w().backward({ seed: [1, 2, 3] }),
  ],
  [
    'assign to a result',
    GradientError,
    'was made by an operation, so its numbers follow from its inputs. Assign to a leaf.',
    () => w().exp().withLabel('y').assign([1, 2]),
  ],
  [
    'assign another shape',
    ShapeError,
    "assign: got the shape [3] for leaf 'w' of shape [2]. Give numbers of the same shape.",
    () => w().assign([1, 2, 3]),
  ],
  [
    'update a result',
    GradientError,
    'was made by an operation',
    () =>
      w()
        .exp()
        .update(() => {}),
  ],
  [
    "JavaScript's operators",
    UnsupportedError,
    'Write x.add(y), x.mul(y), x.gt(y), or item() for the plain number.',
    () => any(w()) + 1,
  ],
]

const transforms: Row[] = [
  ['no Value', GradientError, "grad: the function returned 'a'. Return a Value.", () => grad(any(() => 'a'))(any(1))],
  [
    'nothing',
    GradientError,
    'grad: the function returned undefined. Return a Value.',
    () => grad(any(() => undefined))(any(1)),
  ],
  [
    'several elements',
    GradientError,
    'grad: the function returned a Value of shape [2]; a gradient needs a single number. Reduce it with sum() or mean(), or use jacobian.',
    () => grad((x: Value) => x)([1, 2]),
  ],
  ['hessian of several', GradientError, 'a gradient needs a single number', () => hessian((x: Value) => x)([1, 2])],
  [
    'an argument',
    GradientError,
    'grad: argument 2 was asked for, but the function got 1 argument. Count from 0.',
    () => grad((x: Value) => x, { argument: 2 as number })(1),
  ],
  [
    'no argument',
    GradientError,
    'grad: argument 0 was asked for, but the function got 0 arguments. Count from 0.',
    () => grad(any(() => constant(1)))(),
  ],
  [
    'the shape of a cotangent',
    ShapeError,
    "the seed has shape [3], the Value [2]. Give a seed of the Value's shape.",
    () => vjp((x: Value) => x.square(), [1, 2]).pullback([1, 2, 3]),
  ],
  [
    'the structure of a cotangent',
    ShapeError,
    'vjp: got 1 for a list of 2. Give a list with the same structure.',
    () => vjp((x: Value) => [x, x.square()], 1).pullback(any(1)),
  ],
  [
    'the shape of a tangent',
    ShapeError,
    'jvp: the argument has shape [2], its tangent [3]. Give each argument a tangent of its shape.',
    () => jvp((x: Value) => x, [[1, 2]], [[1, 2, 3]]),
  ],
  [
    'a tangent missing',
    ShapeError,
    'jvp: got an array of 0 for a list of 1. Give a list with the same structure.',
    () => jvp((x: Value) => x, [[1, 2]], any([])),
  ],
  [
    'a record without a function',
    DTypeError,
    "defineOp: got an object of class Object with the name 'f' and the forward function undefined. Give both.",
    () => defineOp(any({ name: 'f' })),
  ],
  [
    'too many inputs',
    DTypeError,
    'cube: got 2 inputs, takes 1. Give one Value, number or array for each.',
    () => defineOp({ name: 'cube', forward: (x: number) => x ** 3, derivative: (k, x) => k.square(x) })(1, 2),
  ],
]

describe.each([
  ['reading numbers', reading],
  ['shapes', shapes],
  ['backward and assign', backward],
  ['transforms', transforms],
])('%s', (_, rows) => {
  it.each(rows)('%s', (_name, kind, message, run) => {
    expect(run).toThrow(kind)
    expect(run).toThrow(AutogradError)
    expect(run).toThrow(message)
  })
})

describe('what the errors have in common', () => {
  it('a class of their own, with its name', () => {
    for (const kind of [ShapeError, DTypeError, GradientError, DomainError, UnsupportedError]) {
      const error = new kind('text')
      expect([error instanceof AutogradError, error instanceof Error, error.name]).toEqual([true, true, kind.name])
    }
  })

  it('an update that is refused does not run the edit', () => {
    let ran = false
    expect(() =>
      w()
        .exp()
        .update(() => {
          ran = true
        }),
    ).toThrow(GradientError)
    expect(ran).toBe(false)
  })
})
