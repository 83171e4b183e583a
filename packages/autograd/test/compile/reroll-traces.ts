/** Scalar programs with plain loops, as users write them. */
import type { ScalarProgram } from './reroll-words.ts'

export interface Example {
  readonly name: string
  readonly inputs: number
  readonly program: ScalarProgram
  /** Where inputs are drawn from. */
  readonly range: readonly [number, number]
}

const at = <T>(x: readonly T[], i: number): T => x[i] as T

/** Rosenbrock's function in n variables. */
export function rosen(n: number): Example {
  return {
    name: `rosen ${n}`,
    inputs: n,
    range: [-1, 1],
    program: (w, x) => {
      let sum: ReturnType<typeof w.add> = 0
      for (let i = 0; i + 1 < n; i++) {
        const a = w.sub(at(x, i + 1), w.square(at(x, i)))
        sum = w.add(sum, w.add(w.mul(100, w.square(a)), w.square(w.sub(1, at(x, i)))))
      }
      return sum
    },
  }
}

/** Speelpenning's product. */
export function speel(n: number): Example {
  return {
    name: `speel ${n}`,
    inputs: n,
    range: [0.9, 1.1],
    program: (w, x) => {
      let product = at(x, 0)
      for (let i = 1; i < n; i++) product = w.mul(product, at(x, i))
      return product
    },
  }
}

/** The sum of Black-Scholes call prices; per option: spot, strike, volatility, time; last the interest rate. */
export function bs(n: number): Example {
  return {
    name: `bs ${n}`,
    inputs: 4 * n + 1,
    range: [0.5, 1.5],
    program: (w, x) => {
      const r = at(x, 4 * n)
      let sum: ReturnType<typeof w.add> = 0
      for (let i = 0; i < n; i++) {
        const [s, k, v, t] = [at(x, 4 * i), at(x, 4 * i + 1), at(x, 4 * i + 2), at(x, 4 * i + 3)]
        const root = w.mul(v, w.sqrt(t))
        const drift = w.mul(w.add(r, w.mul(0.5, w.mul(v, v))), t)
        const d1 = w.div(w.add(w.log(w.div(s, k)), drift), root)
        const d2 = w.sub(d1, root)
        const now = w.mul(k, w.exp(w.neg(w.mul(r, t))))
        sum = w.add(sum, w.sub(w.mul(s, w.normalCdf(d1)), w.mul(now, w.normalCdf(d2))))
      }
      return sum
    },
  }
}

/** A multilayer perceptron 2-h-h-1 with relu, squared loss over n samples; parameters first, then samples if `free`. */
export function mlp(n: number, h: number, free: boolean): Example {
  const parameters = 2 * h + h + h * h + h + h + 1
  const sample = (i: number, k: number) => Math.sin(3 * i + 1.7 * k) * 0.9
  return {
    name: `mlp ${n} × 2-${h}-${h}-1${free ? ', samples as inputs' : ''}`,
    inputs: parameters + (free ? 3 * n : 0),
    range: [-0.5, 0.5],
    program: (w, x) => {
      type V = (typeof x)[number]
      let next = 0
      const take = () => at(x, next++)
      const layer = (from: number, to: number) =>
        Array.from({ length: to }, () => ({ weights: Array.from({ length: from }, take), bias: take() }))
      const layers = [layer(2, h), layer(h, h), layer(h, 1)]
      let loss: V = 0
      for (let i = 0; i < n; i++) {
        const data = (k: number): V => (free ? at(x, parameters + 3 * i + k) : sample(i, k))
        let values: V[] = [data(0), data(1)]
        for (const [depth, neurons] of layers.entries()) {
          values = neurons.map(({ weights, bias }) => {
            let sum: V = bias
            for (const [j, weight] of weights.entries()) sum = w.add(sum, w.mul(weight, at(values, j)))
            return depth < 2 ? w.relu(sum) : sum
          })
        }
        loss = w.add(loss, w.square(w.sub(at(values, 0), data(2))))
      }
      return loss
    },
  }
}
