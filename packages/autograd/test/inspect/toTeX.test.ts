import { describe, expect, it } from 'vitest'
import {
  constant,
  type Data,
  defineOp,
  grad,
  maximum,
  type Operand,
  UnsupportedError,
  type Value,
  value,
} from '../../src/index.ts'
import { toTeX } from '../../src/inspect/index.ts'
import { chain, micrograd, neuron, regression } from './graphs.ts'

const { raw } = String
const x = value(2, { label: 'x' })
const y = value(3, { label: 'y' })

describe('toTeX', () => {
  it('writes the expression with the labels of its leaves', () => {
    expect(toTeX(neuron().y)).toBe(raw`\tanh\left(w \cdot x + b\right)`)
  })

  it.each<[Value, string]>([
    [x.sub(y.sub(1)), raw`x - \left(y - 1\right)`],
    [x.neg().mul(-2), raw`-x \cdot \left(-2\right)`],
    [x.add(y).div(x.sub(y)), raw`\frac{x + y}{x - y}`],
    [x.add(y).square().neg(), raw`-\left(x + y\right)^{2}`],
    [x.neg().square(), raw`\left(-x\right)^{2}`],
    [x.pow(y.neg()).pow(0.5), raw`\left(x^{-y}\right)^{0.5}`],
    [x.mul(y).sqrt().exp().log(), raw`\log\left(\exp\left(\sqrt{x \cdot y}\right)\right)`],
    [x.abs().add(y.cbrt()), raw`\left| x \right| + \sqrt[3]{y}`],
    [x.asin().sigmoid(), raw`\sigma\left(\arcsin\left(x\right)\right)`],
    [maximum(x, y).gelu(), raw`\operatorname{gelu}\left(\max\left(x, y\right)\right)`],
    [x.mod(y).leakyRelu(0.1), raw`\operatorname{leakyRelu}\left(x \bmod y, \text{slope = 0.1}\right)`],
    [x.mul(1e-7).add(1e12), raw`x \cdot 10^{-7} + 10^{12}`],
    [x.mul(2.5e-9).add(Number.POSITIVE_INFINITY), raw`x \cdot 2.5 \times 10^{-9} + \infty`],
  ])('%#: %s', (z, tex) => {
    expect(toTeX(z)).toBe(tex)
  })

  it('writes labels as symbols', () => {
    const written = (label: string): string => toTeX(value(1, { label }))
    expect(['w', 'w1', 'w_12', 'x_max', 'theta', 'theta2', 'loss', 'θ', '0.weight', 'a_b c%'].map(written)).toEqual([
      'w',
      'w_{1}',
      'w_{12}',
      raw`x_{\mathrm{max}}`,
      raw`\theta`,
      raw`\theta_{2}`,
      raw`\mathrm{loss}`,
      'θ',
      raw`\text{0.weight}`,
      raw`\text{a\_b c\%}`,
    ])
  })

  it('numbers what has no label', () => {
    expect(
      toTeX(
        value(1)
          .mul(value(2))
          .add(constant([1, 2]))
          .sum(),
      ),
    ).toBe(raw`\sum \left(x_{1} \cdot x_{2} + c_{1}\right)`)
  })

  it('writes arrays: products of matrices, sums over axes, parts', () => {
    expect(toTeX(regression().loss)).toBe(
      raw`\operatorname{mean}\left(\left(X \, w^{\top} + b - c_{1}\right)^{2}\right)`,
    )
    const A = value(
      [
        [1, 2],
        [3, 4],
      ],
      { label: 'A' },
    )
    expect(toTeX(A.sum({ axis: 0 }).norm())).toBe(raw`\left\lVert \sum_{\text{axis = 0}} A \right\rVert`)
    expect(toTeX(A.at(1))).toBe(raw`A\left[1:2\right]`)
    expect(toTeX(A.transpose().reshape([4]))).toBe(raw`\operatorname{reshape}\left(A^{\top}, \text{[4]}\right)`)
  })

  it('writes a user-defined operation by its name', () => {
    const pair: (a: Operand, b: Operand) => Value = defineOp({
      name: 'my_pair',
      forward: (a: Data) => a,
      da: (_k, g) => g,
      db: (k, g) => k.mul(g, 0),
    })
    expect(toTeX(pair(x, y))).toBe(raw`\operatorname{mypair}\left(x, y\right)`)
  })

  it('writes one equation for each Value that is labelled or used several times', () => {
    expect(toTeX(micrograd().g, { equations: true })).toBe(raw`\begin{aligned}
  v_{1} &= a + b \\
  v_{3} &= v_{1} + v_{1} + 1 \\
  v_{10} &= a \cdot b + b^{3} \\
  v_{15} &= v_{10} + v_{10} \cdot 2 + \operatorname{relu}\left(b + a\right) \\
  v_{22} &= \left(v_{3} + v_{3} + 1 + \left(-a\right) - \left(v_{15} + v_{15} \cdot 3 + \operatorname{relu}\left(b - a\right)\right)\right)^{2} \\
  g &= \frac{v_{22}}{2} + v_{22}^{-1} \cdot 10
\end{aligned}`)
    expect(toTeX(x, { equations: true })).toBe('x')
  })

  it('writes a gradient without what changes nothing', () => {
    const slope = grad((u: Value) => u.tanh().mul(u))(x)
    expect(toTeX(slope, { simplify: true })).toBe(
      raw`\tanh\left(x\right) + x \cdot \operatorname{sech}^{2}\left(x\right)`,
    )
    expect(toTeX(grad((u: Value) => u.cos())(x), { simplify: true })).toBe(raw`-\sin\left(x\right)`)
    expect(toTeX(x.add(0).mul(1).sub(y.neg()))).toBe(
      raw`(x + 0) \cdot 1 - \left(-y\right)`.replace('(x + 0)', raw`\left(x + 0\right)`),
    )
    expect(toTeX(x.add(0).mul(1).sub(y.neg()), { simplify: true })).toBe('x + y')
  })

  it('refuses to write what nobody reads, before writing it', () => {
    let doubled: Value = x
    for (let i = 0; i < 60; i++) doubled = doubled.add(doubled)
    expect(() => toTeX(doubled)).toThrow(UnsupportedError)
    expect(() => toTeX(doubled)).toThrow(
      'toTeX: written out there are millions of operations, more than maxOperations = 200. Write a part of it (a Value further in), or pass { maxOperations } or { equations: true }.',
    )
    expect(toTeX(doubled, { equations: true }).split('\n')).toHaveLength(62)
    expect(() => toTeX(chain(100_000), { equations: true })).toThrow(
      'toTeX: written out there are 100000 operations, more than maxOperations = 200. Write a part of it (a Value further in), or pass { maxOperations }.',
    )
  })
})
