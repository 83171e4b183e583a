import { describe, expect, it } from 'vitest'
import {
  concat,
  constant,
  type Data,
  defineOp,
  GradientError,
  grad,
  gt,
  UnsupportedError,
  type Value,
  value,
  where,
} from '../../src/index.ts'
import { explain } from '../../src/inspect/index.ts'
import { formatData } from '../../src/inspect/numbers.ts'
import { chain, micrograd, neuron, regression } from './graphs.ts'

/** The line of the explanation that begins so. */
function lineOf(text: string, start: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.startsWith(start))
}

describe('explain', () => {
  it('tells the chain rule of a neuron', () => {
    expect(explain(neuron().y)).toBe(`y = tanh(w · x + b)

Forward: from the leaves to y
  w = 2
  x = -3
  b = 6.8814
  v1 = w · x = 2 · (-3) = -6
  v2 = v1 + b = -6 + 6.8814 = 0.8814
  y = tanh(v2) = tanh(0.8814) = 0.7071

Backward: from y to the leaves. Each input gets its local derivative, times what arrives.
  y = tanh(v2), where dy/dy = 1 arrives
    ∂y/∂v2 = sech²(v2) = 1 - y² = 0.5,   so v2 gets 0.5 · 1 = 0.5
  v2 = v1 + b, where dy/dv2 = 0.5 arrives
    ∂v2/∂v1 = 1,   so v1 gets 1 · 0.5 = 0.5
    ∂v2/∂b = 1,    so b gets 1 · 0.5 = 0.5
  v1 = w · x, where dy/dv1 = 0.5 arrives
    ∂v1/∂w = x = -3,   so w gets -3 · 0.5 = -1.5
    ∂v1/∂x = w = 2,    so x gets 2 · 0.5 = 1

Gradients of the leaves
  dy/dw = -1.5
  dy/dx = 1
  dy/db = 0.5`)
  })

  it('adds up the shares of a Value that is used several times', () => {
    const a = value(3, { label: 'a' })
    const b = value(-2, { label: 'b' })
    expect(explain(a.mul(b).add(a).sub(a.mul(a)).withLabel('out'))).toBe(`out = a · b + a - a · a

Forward: from the leaves to out
  a = 3
  b = -2
  v1 = a · b = 3 · (-2) = -6
  v2 = v1 + a = -6 + 3 = -3
  v3 = a · a = 3 · 3 = 9
  out = v2 - v3 = -3 - 9 = -12

Backward: from out to the leaves. Each input gets its local derivative, times what arrives.
  out = v2 - v3, where dout/dout = 1 arrives
    ∂out/∂v2 = 1,    so v2 gets 1 · 1 = 1
    ∂out/∂v3 = -1,   so v3 gets -1 · 1 = -1
  v3 = a · a, where dout/dv3 = -1 arrives
    ∂v3/∂a = a = 3 (input 1),   so a gets 3 · (-1) = -3
    ∂v3/∂a = a = 3 (input 2),   so a gets 3 · (-1) = -3
  v2 = v1 + a, where dout/dv2 = 1 arrives
    ∂v2/∂v1 = 1,   so v1 gets 1 · 1 = 1
    ∂v2/∂a = 1,    so a gets 1 · 1 = 1
  v1 = a · b, where dout/dv1 = 1 arrives
    ∂v1/∂a = b = -2,   so a gets -2 · 1 = -2
    ∂v1/∂b = a = 3,    so b gets 3 · 1 = 3

Gradients of the leaves
  dout/da = -3 + (-3) + 1 + (-2) = -7
  dout/db = 3`)
  })

  it("explains the expression of micrograd's README", () => {
    const { g } = micrograd()
    const text = explain(g)
    expect(lineOf(text, 'g = ')).toBe('g = v23 + v25 = 24.5 + 0.2041 = 24.7041')
    expect(lineOf(text, '∂v9/∂b')).toBe('∂v9/∂b = 3 · b² = 12,   so b gets 12 · 83.3003 = 999.6035')
    expect(lineOf(text, '∂v24/∂v22')).toBe(
      '∂v24/∂v22 = -v22^(-2) = -0.0004165,   so v22 gets -0.0004165 · 10 = -0.004165',
    )
    expect(lineOf(text, '∂v18/∂v17')).toBe('∂v18/∂v17 = step(v17) = 1,   so v17 gets 1 · 6.9417 = 6.9417')
    expect(lineOf(text, 'v10 = v8 + v9, where')).toBe(
      'v10 = v8 + v9, where dg/dv10 = 27.7668 + 55.5335 = 83.3003 arrives',
    )
    expect(text.split('\n').slice(-2)).toEqual([
      '  dg/da = -6.9417 + 0 + 166.6006 + 6.9417 + (-27.7668) = 138.8338',
      '  dg/db = 6.9417 + 0 + 999.6035 + (-333.2012) + (-27.7668) = 645.5773',
    ])
  })

  it('shows arrays short, with shapes, sums over what was broadcast, and products of matrices', () => {
    expect(explain(regression().loss)).toBe(`loss = mean((reshape(X @ reshape(w, [1, 3])ᵀ, [2]) + b - c1)²)

Forward: from the leaves to loss
  X = [[1, 2, 3], [4, 5, 6]] (shape [2, 3], float32)
  w = [0.5, 0.25, 0.125] (shape [3], float32)
  b = 0.5 (float32)
  c1 = [1, 2] (constant, shape [2], float32)
  v1 = reshape(w, [1, 3]) = [[0.5, 0.25, 0.125]] (shape [1, 3], float32)
  v2 = X @ v1ᵀ = [[1.375], [4]] (shape [2, 1], float32)
  v3 = reshape(v2, [2]) = [1.375, 4] (shape [2], float32)
  v4 = v3 + b = [1.875, 4.5] (shape [2], float32)
  v5 = v4 - c1 = [0.875, 2.5] (shape [2], float32)
  v6 = v5² = [0.7656, 6.25] (shape [2], float32)
  loss = mean(v6) = 3.5078 (float32)

Backward: from loss to the leaves. Each input gets its local derivative, times what arrives.
  loss = mean(v6), where dloss/dloss = 1 arrives
    ∂loss/∂v6 = 0.5,   so v6 gets 0.5 · 1 = [0.5, 0.5]
  v6 = v5², where dloss/dv6 = [0.5, 0.5] arrives
    ∂v6/∂v5 = 2 · v5 = [1.75, 5],   so v5 gets [1.75, 5] · [0.5, 0.5] = [0.875, 2.5]
  v5 = v4 - c1, where dloss/dv5 = [0.875, 2.5] arrives
    ∂v5/∂v4 = 1,   so v4 gets 1 · [0.875, 2.5] = [0.875, 2.5]
  v4 = v3 + b, where dloss/dv4 = [0.875, 2.5] arrives
    ∂v4/∂v3 = 1,   so v3 gets 1 · [0.875, 2.5] = [0.875, 2.5]
    ∂v4/∂b = 1,    so b gets 1 · [0.875, 2.5] = [0.875, 2.5], summed to shape []: 3.375
  v3 = reshape(v2, [2]), where dloss/dv3 = [0.875, 2.5] arrives
    v2 gets reshape(dloss/dv3, [2, 1]) = [[0.875], [2.5]]
  v2 = X @ v1ᵀ, where dloss/dv2 = [[0.875], [2.5]] arrives
    X gets dloss/dv2 @ v1 = [[0.4375, 0.2188, 0.1094], [1.25, 0.625, 0.3125]]
    v1 gets (dloss/dv2)ᵀ @ X = [[10.875, 14.25, 17.625]]
  v1 = reshape(w, [1, 3]), where dloss/dv1 = [[10.875, 14.25, 17.625]] arrives
    w gets reshape(dloss/dv1, [3]) = [10.875, 14.25, 17.625]

Gradients of the leaves
  dloss/dX = [[0.4375, 0.2188, 0.1094], [1.25, 0.625, 0.3125]]
  dloss/dw = [10.875, 14.25, 17.625]
  dloss/db = 3.375`)
  })

  it('follows lists: concat and where', () => {
    const a = value([1, 2], { label: 'a' })
    const b = value([3], { label: 'b' })
    const text = explain(concat([a, b]).mul([1, 2, 3]).sum())
    expect(lineOf(text, 'v1 =')).toBe('v1 = concat(a, b, axis = 0) = [1, 2, 3] (shape [3])')
    expect(lineOf(text, 'a gets')).toBe('a gets (dy/dv1)[0:2] = [1, 2]')
    expect(lineOf(text, 'b gets')).toBe('b gets (dy/dv1)[2:3] = [3]')
    const [p, q] = [value(2, { label: 'p' }), value(3, { label: 'q' })]
    const choice = explain(where(gt(p, q).withLabel('larger'), p, q).square())
    expect(lineOf(choice, 'larger =')).toBe('larger = 0 (constant)')
    expect(lineOf(choice, '∂v1/∂q')).toBe('∂v1/∂q = where(larger, 0, 1) = 1,   so q gets 1 · 6 = 6')
    expect(lineOf(choice, 'dy/dp')).toBe('dy/dp = 0')
  })

  it('gives a textbook form where the record has another one, and only that where the record is long', () => {
    const x = value([0.5, 0.25], { label: 'x' })
    const text = explain(x.sigmoid().softmax().at(0))
    expect(lineOf(text, '∂v1/∂x')).toMatch(/^∂v1\/∂x = 0\.25 · sech²\(0\.5 · x\) = v1 · \(1 - v1\) = \[/)
    expect(lineOf(text, 'v1 gets')).toMatch(/^v1 gets v2 · \(dy\/dv2 - sum\(v2 · dy\/dv2\)\) = \[/)
  })

  it('breaks lines that would be too long', () => {
    const x = value([0.123456, 0.234567, 0.345678, 0.456789], { label: 'x' })
    expect(explain(x.exp().mul([1.11111, 2.22222, 3.33333, 4.44444]).sum())).toContain(`
    ∂v1/∂x = v1 = [1.1314, 1.2644, 1.4129, 1.579],
      so x gets [1.1314, 1.2644, 1.4129, 1.579] · [1.1111, 2.2222, 3.3333, 4.4444] = [1.2571, 2.8097, 4.7098, 7.0178]
`)
  })

  it('writes the rule of a user-defined operation from its record', () => {
    const cube = defineOp({ name: 'cube', forward: (x: number) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
    const text = explain(cube(value(2, { label: 'x' })))
    expect(lineOf(text, 'y =')).toBe('y = cube(x)')
    expect(lineOf(text, '∂y/∂x')).toBe('∂y/∂x = 3 · x² = 12,   so x gets 12 · 1 = 12')
  })

  it('keeps to the numbers where a rule cannot be written', () => {
    const odd = defineOp({
      name: 'odd',
      linearity: 'elementwise',
      forward: (x: Data) => x,
      da: (k, g, _y, x) => {
        if (typeof x !== 'number') throw new Error('numbers only')
        return k.mul(g, 2 * x)
      },
    })
    expect(lineOf(explain(odd(value(3, { label: 'x' })).mul(5)), 'x gets')).toBe('x gets 30, by the rule of odd')
  })

  it('takes a name that a user-defined operation shares with a built-in one for the user’s', () => {
    const tanh = defineOp({ name: 'tanh', forward: (x: number) => 2 * x, derivative: () => 2 })
    expect(lineOf(explain(tanh(value(2, { label: 'x' }))), '∂y/∂x')).toBe('∂y/∂x = 2,   so x gets 2 · 1 = 2')
  })

  it('names what has no label, keeps labels apart, and quotes those that are no words', () => {
    const text = explain(
      value(2, { label: 'w' })
        .mul(value(3, { label: 'w' }))
        .add(value(4))
        .add(value(5, { label: 'x1' }))
        .add(value(6, { label: 'a*b  c' }))
        .mul(constant(7)),
    )
    expect(text.split('\n')[0]).toBe("y = (w · w_2 + x2 + x1 + 'a*b c') · 7")
    expect(lineOf(text, 'dy/dw_2')).toBe('dy/dw_2 = 14')
    expect(lineOf(text, "dy/d'a*b c'")).toBe("dy/d'a*b c' = 7")
  })

  it('says where no gradient flows', () => {
    const [x, mask] = [value(2, { label: 'x' }), value(1, { label: 'mask' })]
    const text = explain(where(mask, x, 0).add(x.floor()))
    expect(lineOf(text, 'dy/dmask')).toBe('dy/dmask = 0 (no gradient flows to it)')
    expect(lineOf(text, '∂v2/∂x')).toBe('∂v2/∂x = 0,   so x gets 0 · 1 = 0')
  })

  it('explains a leaf, and the argument of a function being differentiated', () => {
    expect(explain(value(3, { label: 'x' }))).toContain('x is a leaf itself: there is nothing to go back through.')
    let text = ''
    grad((x: Value) => {
      const y = x.withLabel('x').square()
      text = explain(y)
      return y
    })(3)
    expect(lineOf(text, 'dy/dx')).toBe('dy/dx = 6')
  })

  const M = value(
    [
      [0.5, -1, 2],
      [1.5, 0.25, -0.75],
    ],
    { label: 'M' },
  )
  const v = value([1, -2, 0.5], { label: 'v' })
  it.each<[string, () => Value]>([
    ['sum', () => M.sum({ axis: 0 })],
    ['sum, keepDims', () => M.sum({ axis: 1, keepDims: true }).mul(M)],
    ['mean', () => M.mean({ axis: 1 })],
    ['max and min', () => M.max({ axis: 0 }).add(M.min())],
    ['prod', () => M.prod({ axis: 0 })],
    ['norms', () => M.norm({ axis: 1 }).add(M.norm({ ord: 1 }))],
    ['logSumExp', () => M.logSumExp({ axis: 0 })],
    ['variance', () => M.variance({ axis: 1 })],
    ['std', () => M.std()],
    ['median', () => M.median({ axis: 1 })],
    ['softmax', () => M.softmax(0).mul(M)],
    ['logSoftmax', () => M.logSoftmax().mul(M)],
    ['matmul', () => M.matmul(v).add(M.transpose().matmul(M).sum())],
    ['outer and kron', () => v.outer(v).add(M.kron(v).sum())],
    ['cross', () => M.cross(v)],
    ['cumulative', () => v.cumsum(0).add(v.cumprod(0)).add(v.cummax(0).values)],
    [
      'parts',
      () =>
        M.slice([
          [0, 1],
          [null, null, -1],
        ]).add(M.at(-1)),
    ],
    [
      'gather and take',
      () =>
        M.gather(1, [
          [0, 2],
          [1, 1],
        ]).mul(M.take([0, 2], 1)),
    ],
    ['scatterAdd', () => v.scatterAdd(0, [0, 0, 2], v)],
    ['order', () => v.sort({ descending: true }).mul(v.topk(3).values)],
    ['shape', () => M.reshape([3, 2]).transpose().unsqueeze(0).tile([1, 2, 1]).flatten()],
    [
      'edges',
      () =>
        M.pad(
          [
            [1, 0],
            [0, 2],
          ],
          3,
        )
          .flip(0)
          .roll(1, 1)
          .repeat(2, 0),
    ],
    ['triangles', () => M.tril().add(M.triu(1)).add(v.diag().sum())],
    ['joined', () => concat([M, M.exp()], 1).mul(2)],
    ['float32', () => value(Float32Array.of(1, 2), { label: 'f' }).mul(v.at(0)).tanh()],
    ['empty', () => v.slice([[0, 0]]).exp()],
  ])('works for %s: what it says agrees with backward()', (_name, f) => {
    const y = f().sum()
    const text = explain(y, { maxNodes: 100 })
    expect(text).not.toMatch(/undefined|\[object|NoNan/)
    for (const leaf of [M, v]) leaf.zeroGrad()
    y.backward()
    for (const leaf of [M, v].filter((one) => one.hasGrad)) {
      expect(lineOf(text, `dy/d${leaf.label}`)?.endsWith(formatData(leaf.grad.raw))).toBe(true)
    }
  })

  it('touches no gradient, and none touches it', () => {
    const { g, a, b } = micrograd()
    const fresh = explain(g)
    expect([a.hasGrad, b.hasGrad, g.hasGrad]).toEqual([false, false, false])
    g.backward()
    const [da, db] = [a.grad.item(), b.grad.item()]
    expect(explain(g)).toBe(fresh)
    expect([a.grad.item(), b.grad.item()]).toEqual([da, db])
    g.backward()
    expect([a.grad.item(), b.grad.item()]).toEqual([2 * da, 2 * db])
  })

  it('refuses what cannot be explained, and says what to do', () => {
    expect(() => explain(value([1, 2], { label: 'x' }))).toThrow(GradientError)
    expect(() => explain(value([1, 2], { label: 'x' }))).toThrow(
      "explain: leaf 'x' has shape [2]; the gradient of a single number can be explained. Reduce it with sum() or mean(), or choose an element with at(…).",
    )
    expect(() => explain(constant(1))).toThrow(
      'explain: a constant has no graph: nothing that it was computed from requires a gradient (or it was made inside noGrad). Make the inputs with value(…).',
    )
    expect(() => explain(chain(80))).toThrow(UnsupportedError)
    expect(() => explain(chain(80))).toThrow(
      'explain: the graph has 81 Values, more than maxNodes = 40: too many to read. Explain a part of it (a Value further in), or pass { maxNodes }.',
    )
    expect(explain(chain(80), { maxNodes: 81 })).toContain('dy/dx1')
    const x = value(1)
    const y = x.square()
    x.assign(2)
    expect(() => explain(y)).toThrow(GradientError)
  })
})
