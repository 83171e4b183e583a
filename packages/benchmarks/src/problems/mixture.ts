/**
 * The log posterior of a Gaussian mixture as ADBench defines it (Šrajer, Kukelova, Fitzgibbon, A benchmark of selected
 * algorithmic differentiation tools on some problems in computer vision and machine learning, 2018):
 *   Σᵢ logsumexpₖ(αₖ + Σ qₖ − ½|Qₖ(xᵢ − μₖ)|²) − n·logsumexp(α) − ½nd·log 2π + a Wishart prior with γ = 1, m = 0,
 * Qₖ lower triangular with the diagonal e^qₖ and lₖ below it, column by column.
 */
import type { Problem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

interface Component<T> {
  readonly mean: readonly T[]
  readonly diagonal: readonly T[]
  readonly below: readonly T[]
  /** αₖ + Σ qₖ */
  readonly start: T
}

function logSumExp<T>({ add, sub, exp, log, maximum }: Scalars<T>, terms: readonly T[]): T {
  let top = terms[0] as T
  for (const term of terms.slice(1)) top = maximum(top, term)
  let sum: T | number = 0
  for (const term of terms) sum = add(sum, exp(sub(term, top)))
  return add(log(sum as T), top)
}

function components<T>(s: Scalars<T>, x: readonly T[], d: number, count: number): Component<T>[] {
  const stride = (d * (d + 1)) / 2
  return Array.from({ length: count }, (_, k) => {
    const means = count + k * d
    const q = count * (1 + d) + k * stride
    let start = x[k] as T
    for (let i = 0; i < d; i++) start = s.add(start, x[q + i] as T)
    const diagonal = x.slice(q, q + d).map((each) => s.exp(each))
    return { mean: x.slice(means, means + d), diagonal, below: x.slice(q + d, q + stride), start }
  })
}

/** αₖ + Σ qₖ − ½|Qₖ(point − μₖ)|² */
function logDensity<T>({ add, sub, mul }: Scalars<T>, point: readonly number[], component: Component<T>): T {
  const { mean, diagonal, below, start } = component
  const off = point.map((p, i) => sub(p, mean[i] as T))
  const scaled = off.map((o, i) => mul(diagonal[i] as T, o))
  let at = 0
  for (let j = 0; j < off.length; j++) {
    for (let i = j + 1; i < off.length; i++) {
      scaled[i] = add(scaled[i] as T, mul(below[at++] as T, off[j] as T))
    }
  }
  let norm: T | undefined
  for (const each of scaled) norm = norm === undefined ? mul(each, each) : add(norm, mul(each, each))
  return sub(start, mul(0.5, norm as T))
}

/** ½(|e^qₖ|² + |lₖ|²), summed over the components. */
function prior<T>({ add, mul }: Scalars<T>, all: readonly Component<T>[]): T {
  let sum: T | number = 0
  for (const { diagonal, below } of all) {
    for (const each of [...diagonal, ...below]) sum = add(sum, mul(each, each))
  }
  return mul(0.5, sum as T)
}

/** log Γ(m/2) for a whole number m: from Γ(1/2) = √π or Γ(1) = 1 up, by Γ(z + 1) = z·Γ(z). */
function logGammaOfHalf(m: number): number {
  let sum = m % 2 === 0 ? 0 : Math.log(Math.PI) / 2
  for (let z = m / 2 - 1; z > 0; z--) sum += Math.log(z)
  return sum
}

/** What does not depend on the inputs: −½nd·log 2π and the normalising constant of K Wishart priors. */
function constantOf(n: number, d: number, count: number): number {
  let multigamma = (d * (d - 1) * Math.log(Math.PI)) / 4
  for (let i = 1; i <= d; i++) multigamma += logGammaOfHalf(d + 2 - i)
  return -(n * d * Math.log(2 * Math.PI)) / 2 + count * ((d * (d + 1) * Math.LN2) / 2 + multigamma)
}

/** @param n Points. @param d Their dimension. @param count Gaussians. */
export function mixture(n: number, d: number, count = 5): Problem {
  const next = stream(5)
  const points = Array.from({ length: n }, () => Array.from({ length: d }, () => next(-2, 2)))
  return {
    name: `Gaussian mixture, n = ${n}, d = ${d}, K = ${count}`,
    inputs: Float64Array.from({ length: (count * (d + 1) * (d + 2)) / 2 }, () => next(-1, 1)),
    c: { file: 'gmm', sizes: [n, d, count], data: points.flat() },
    program<T>(s: Scalars<T>, x: readonly T[]): T {
      const all = components(s, x, d, count)
      let sum: T | number = constantOf(n, d, count)
      for (const point of points) {
        sum = s.add(
          sum,
          logSumExp(
            s,
            all.map((component) => logDensity(s, point, component)),
          ),
        )
      }
      const weights = s.mul(n, logSumExp(s, x.slice(0, count)))
      return s.add(s.sub(sum, weights), prior(s, all))
    },
  }
}
