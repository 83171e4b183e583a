/** Graphs that several tests look at. */
import { type Value, value } from '../../src/index.ts'

/** One neuron: tanh(w · x + b), with numbers that make its slope 1/2. */
export function neuron(): { w: Value; x: Value; b: Value; y: Value } {
  const w = value(2, { label: 'w' })
  const x = value(-3, { label: 'x' })
  const b = value(6.881373587019543, { label: 'b' })
  return { w, x, b, y: w.mul(x).add(b).tanh() }
}

/** The expression of micrograd's README, statement by statement. */
export function micrograd(): { a: Value; b: Value; g: Value } {
  const a = value(-4, { label: 'a' })
  const b = value(2, { label: 'b' })
  let c = a.add(b)
  let d = a.mul(b).add(b.pow(3))
  c = c.add(c.add(1))
  c = c.add(c.add(1).add(a.neg()))
  d = d.add(d.mul(2).add(b.add(a).relu()))
  d = d.add(d.mul(3).add(b.sub(a).relu()))
  const f = c.sub(d).pow(2)
  const g = f.div(2).add(f.pow(-1).mul(10))
  return { a, b, g: g.withLabel('g') }
}

/** A loss with a matrix product, in float32. */
export function regression(): { X: Value; w: Value; b: Value; loss: Value } {
  const X = value(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3], label: 'X' })
  const w = value(Float32Array.of(0.5, 0.25, 0.125), { label: 'w' })
  const b = value(0.5, { dtype: 'float32', label: 'b' })
  return { X, w, b, loss: X.matmul(w).add(b).sub([1, 2]).square().mean().withLabel('loss') }
}

/** A chain of n operations. */
export function chain(n: number): Value {
  const x = value(1)
  let y = x
  for (let i = 0; i < n / 2; i++) y = y.mul(0.5).add(x)
  return y
}
