/** Every name that API.md gives, so far as it is built: exported as a function, and a method where it says so. */
import { describe, expect, test } from 'vitest'
import * as adjoint from '../src/index.ts'
import { constant, type Operand, Value, value } from '../src/index.ts'
import { allSamples } from './samples.ts'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** The operations of API.md, literally and in its groups: function and method. */
const operations: { readonly [group: string]: readonly string[] } = {
  unary: words(`neg abs sign square sqrt rsqrt cbrt reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos
    atan sinh cosh tanh asinh acosh atanh sigmoid logSigmoid softplus relu relu6 leakyRelu elu selu gelu silu mish
    softsign hardtanh hardSigmoid hardSwish erf erfc lgamma digamma floor ceil round trunc step`),
  binary: words(`add sub mul div pow mod maximum minimum atan2 hypot logaddexp`),
  comparisons: words(`gt ge lt le eq ne where clamp`),
  reductions: words(`sum mean prod max min logSumExp variance std norm median argmax argmin cumsum cumprod cummax
    cummin`),
  shape: words(`reshape transpose squeeze unsqueeze broadcastTo flatten slice at gather scatterAdd take pad flip roll
    tile repeat sort argsort topk tril triu diag trace`),
  products: words(`matmul dot outer cross kron einsum`),
  linearAlgebra: words(`inv det slogdet solve triangularSolve cholesky`),
  neural: words(`softmax logSoftmax conv1d conv2d convTranspose1d convTranspose2d maxPool1d maxPool2d avgPool1d
    avgPool2d layerNorm rmsNorm groupNorm batchNorm embedding scaledDotProductAttention dropout`),
}
const functionsOnly = words('concat stack split oneHot')
const others =
  words(`value constant zeros ones full eye arange linspace random stopGradient noGrad detectAnomaly defineOp
  grad valueAndGrad vjp jvp jacobian hessian hvp vmap checkpoint customGradient scan`)
const errors = words('AutogradError ShapeError DTypeError GradientError DomainError UnsupportedError TraceError')
const members = words(`shape size rank dtype label requiresGrad item data toArray grad hasGrad zeroGrad detach assign
  withLabel backward`)
/** What the entry holds beside API.md: for records of one's own, for masks, for authors of modules. */
const beyond = words('Value NdArray unary binary mulNoNan linear follow isCompiling reread')

const exported = adjoint as unknown as Record<string, (...args: readonly unknown[]) => unknown>

describe('the names of the entry', () => {
  const all = Object.values(operations).flat()

  test.each([...all, ...functionsOnly, ...others, ...errors])('%s is exported', (name) => {
    expect(exported[name]).toBeTypeOf('function')
  })

  test.each(all)('%s is a method', (name) => {
    expect(Object.getOwnPropertyDescriptor(Value.prototype, name)?.value).toBeTypeOf('function')
  })

  test.each(members)('a Value has %s', (name) => {
    expect(name in Value.prototype).toBe(true)
  })

  test('nothing else is exported', () => {
    const listed = [...all, ...functionsOnly, ...others, ...errors, ...beyond]
    expect(Object.keys(exported).sort()).toEqual(listed.sort())
  })

  test.each(errors)('%s is an AutogradError that says its name', (name) => {
    const Failure = exported[name] as unknown as typeof adjoint.ShapeError
    const failure = new Failure('message')
    expect(failure).toBeInstanceOf(adjoint.AutogradError)
    expect(failure).toMatchObject({ name, message: 'message' })
  })
})

/** A result to compare: numbers with shape and dtype, in the structure that they came in. */
function plain(x: unknown): unknown {
  if (x instanceof Value) return { shape: x.shape, dtype: x.dtype, numbers: x.toArray() }
  if (Array.isArray(x)) return x.map(plain)
  return Object.fromEntries(Object.entries(x as object).map(([key, part]) => [key, plain(part)]))
}

function callMethod(x: Value, name: string, rest: readonly unknown[]): unknown {
  return (x as unknown as typeof exported)[name]?.(...rest)
}

describe('function and method are the same', () => {
  const cases = allSamples.map((sample) => [sample.name, sample] as const)

  test('each operation has a sample', () => {
    const sampled = new Set(allSamples.map(({ name }) => name))
    const missing = Object.values(operations)
      .flat()
      .filter((name) => !sampled.has(name))
    expect(missing).toEqual(['einsum'])
  })

  test.each(cases)('%s', (name, { input, rest }) => {
    const method = name === 'stopGradient' ? 'detach' : name
    for (const dtype of ['float64', 'float32'] as const) {
      const x = value(input, { dtype })
      const result = plain(exported[name]?.(x, ...rest))
      expect(plain(callMethod(x, method, rest))).toEqual(result)
      // A method of a Value that records: the same numbers when nothing is recorded.
      expect(plain(exported[name]?.(constant(input, { dtype }), ...rest))).toEqual(result)
    }
    expect(plain(exported[name]?.(input, ...rest))).toEqual(plain(exported[name]?.(value(input), ...rest)))
  })

  test('einsum, whose specification comes first', () => {
    const a: Operand = [
      [1, 2],
      [3, 4],
    ]
    expect(plain(value(a).einsum('ij,j->i', [1, 10]))).toEqual(plain(adjoint.einsum('ij,j->i', a, [1, 10])))
    expect(value(a).einsum('ij->ji').toArray()).toEqual([
      [1, 3],
      [2, 4],
    ])
  })
})

test('functions pass gradients on', () => {
  const x = value([1, 2, 3])
  const y = adjoint.sum(adjoint.mul(adjoint.sub(2, x), adjoint.concat([x], 0)))
  y.backward()
  // d/dx (2 − x)·x = 2 − 2x
  expect(x.grad.toArray()).toEqual([0, -2, -4])
})
