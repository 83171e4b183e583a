/** Larger scalar programs: a Gaussian mixture, a recurrent network, heat in a rod. */
import type { Example } from './reroll-traces.ts'
import type { ScalarProgram } from './reroll-words.ts'

const at = <T>(x: readonly T[], i: number): T => x[i] as T

/**
 * The log-posterior of a Gaussian mixture of K components in d dimensions on n points, as ADBench defines it
 * (github.com/microsoft/ADBench, MIT): inputs are the weights' logits, the means, and for each component the logarithms
 * of the diagonal and the lower triangle (by columns) of the inverse covariance's square root.
 */
export function gmm(n: number, d: number, k: number, points?: readonly (readonly number[])[]): Example {
  const triangle = d + (d * (d - 1)) / 2
  const [gamma, m] = [1, 0]
  const point = (i: number, j: number) => points?.[i]?.[j] ?? Math.sin(12.9 * i + 78.2 * j) * 1.5
  const program: ScalarProgram = (w, x) => {
    type V = (typeof x)[number]
    const sumOf = (list: readonly V[]): V => list.reduce((sum, y) => w.add(sum, y))
    const logSumExp = (list: readonly V[]): V => {
      const most = list.reduce((largest, y) => w.maximum(largest, y))
      return w.add(w.log(sumOf(list.map((y) => w.exp(w.sub(y, most))))), most)
    }
    const alpha = (c: number) => at(x, c)
    const mean = (c: number, j: number) => at(x, k + c * d + j)
    const icf = (c: number, j: number) => at(x, k + k * d + c * triangle + j)
    const components = Array.from({ length: k }, (_, c) => c)
    const axes = Array.from({ length: d }, (_, j) => j)
    const diagonals = components.map((c) => axes.map((j) => w.exp(icf(c, j))))
    const sums = components.map((c) => sumOf(axes.map((j) => icf(c, j))))
    let total: V = 0
    for (let i = 0; i < n; i++) {
      const terms = components.map((c) => {
        const centered = axes.map((j) => w.sub(point(i, j), mean(c, j)))
        const q = axes.map((j) => w.mul(at(at(diagonals, c), j), at(centered, j)))
        let next = d
        for (let j = 0; j < d; j++) {
          for (let l = j + 1; l < d; l++) q[l] = w.add(at(q, l), w.mul(icf(c, next++), at(centered, j)))
        }
        const squared = sumOf(q.map((y) => w.mul(y, y)))
        return w.add(alpha(c), w.sub(at(sums, c), w.mul(0.5, squared)))
      })
      total = w.add(total, logSumExp(terms))
    }
    let prior: V = 0
    for (const c of components) {
      let frobenius: V = 0
      for (const y of at(diagonals, c)) frobenius = w.add(frobenius, w.mul(y, y))
      for (let j = d; j < triangle; j++) frobenius = w.add(frobenius, w.mul(icf(c, j), icf(c, j)))
      prior = w.add(prior, w.sub(w.mul(0.5 * gamma * gamma, frobenius), w.mul(m, at(sums, c))))
    }
    const constant = -0.5 * n * d * Math.log(2 * Math.PI) - k * wishart(d, gamma, m)
    const weights = w.mul(n, logSumExp(components.map(alpha)))
    return w.add(constant, w.add(w.sub(total, weights), prior))
  }
  return { name: `gmm ${n} × ${d}, ${k}`, inputs: k * (1 + d + triangle), range: [-1, 1], program }
}

const LOG_GAMMA_HALVES = [0, 0.5723649429247001, 0, -0.12078223763524522, 0]

/** The logarithm of the Wishart prior's constant; log Γ by recurrence from Γ(½) and Γ(1). */
function wishart(p: number, gamma: number, m: number): number {
  const lgamma = (half: number): number =>
    half <= 4 ? (LOG_GAMMA_HALVES[half] as number) : lgamma(half - 2) + Math.log(half / 2 - 1)
  const n = p + m + 1
  let multi = 0.25 * p * (p - 1) * Math.log(Math.PI)
  for (let j = 1; j <= p; j++) multi += lgamma(n + 1 - j)
  return n * p * (Math.log(gamma) - 0.5 * Math.log(2)) - multi
}

/** A recurrent network with tanh over `steps` inputs, weights as inputs, squared loss on every step. */
export function rnn(steps: number, hidden: number): Example {
  const h = hidden
  return {
    name: `rnn ${steps} × ${h}`,
    inputs: h * h + 2 * h + h,
    range: [-0.5, 0.5],
    program: (w, x) => {
      type V = (typeof x)[number]
      let state: V[] = Array.from({ length: h }, () => 0.1)
      let loss: V = 0
      for (let t = 0; t < steps; t++) {
        const before = state
        state = Array.from({ length: h }, (_, k) => {
          let sum: V = w.add(at(x, h * h + k), w.mul(at(x, h * h + h + k), Math.sin(t)))
          for (let j = 0; j < h; j++) sum = w.add(sum, w.mul(at(x, h * k + j), at(before, j)))
          return w.tanh(sum)
        })
        let y: V = 0
        for (let k = 0; k < h; k++) y = w.add(y, w.mul(at(x, h * h + 2 * h + k), at(state, k)))
        loss = w.add(loss, w.square(w.sub(y, Math.sin(t + 1))))
      }
      return loss
    },
  }
}

/** Heat in a rod of `points`, ends held, by explicit steps; the inputs are the temperatures and the conductivity. */
export function heat(steps: number, points: number): Example {
  return {
    name: `heat ${steps} × ${points}`,
    inputs: points + 1,
    range: [0, 0.4],
    program: (w, x) => {
      const c = at(x, points)
      let u = x.slice(0, points)
      for (let t = 0; t < steps; t++) {
        const next = [...u]
        for (let i = 1; i + 1 < points; i++) {
          const bend = w.add(w.sub(at(u, i - 1), w.mul(2, at(u, i))), at(u, i + 1))
          next[i] = w.add(at(u, i), w.mul(c, bend))
        }
        u = next
      }
      let energy: (typeof x)[number] = 0
      for (const y of u) energy = w.add(energy, w.square(y))
      return energy
    },
  }
}
