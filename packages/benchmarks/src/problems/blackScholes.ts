/** The price of European call options after Black and Scholes (1973), and its greeks: the gradient. */
import { normalCdf } from '../peers/numbers.ts'
import type { Evaluation, ReferenceProblem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

/** Spot, strike, rate, volatility, time. */
const INPUTS = 5

/** Φ(x) = ½(1 + erf(x/√2)) */
function cdf<T>({ add, mul, erf }: Scalars<T>, x: T): T {
  return mul(0.5, add(1, erf(mul(Math.SQRT1_2, x))))
}

/** S·Φ(d₁) − K·e^(−rT)·Φ(d₂), d₁ = (ln(S/K) + (r + σ²/2)T)/(σ√T), d₂ = d₁ − σ√T */
function price<T>(s: Scalars<T>, spot: T, strike: T, rate: T, volatility: T, time: T): T {
  const { add, sub, mul, div, neg, square, sqrt, exp, log } = s
  const spread = mul(volatility, sqrt(time))
  const drift = mul(add(rate, mul(0.5, square(volatility))), time)
  const d1 = div(add(log(div(spot, strike)), drift), spread)
  const d2 = sub(d1, spread)
  const discounted = mul(strike, exp(neg(mul(rate, time))))
  return sub(mul(spot, cdf(s, d1)), mul(discounted, cdf(s, d2)))
}

function program<T>(s: Scalars<T>, x: readonly T[]): T {
  let sum: T | number = 0
  for (let i = 0; i < x.length; i += INPUTS) {
    sum = s.add(sum, price(s, x[i] as T, x[i + 1] as T, x[i + 2] as T, x[i + 3] as T, x[i + 4] as T))
  }
  return sum as T
}

/** The textbook's closed forms: ∂S = Φ(d₁), ∂K = −e^(−rT)Φ(d₂), ρ = KTe^(−rT)Φ(d₂), vega = Sφ(d₁)√T, −θ. */
function reference(x: Float64Array): Evaluation {
  const gradient = new Float64Array(x.length)
  let value = 0
  for (let i = 0; i < x.length; i += INPUTS) {
    const [spot, strike, rate, volatility, time] = x.subarray(i, i + INPUTS) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ]
    const spread = volatility * Math.sqrt(time)
    const d1 = (Math.log(spot / strike) + (rate + volatility ** 2 / 2) * time) / spread
    const d2 = d1 - spread
    const discount = Math.exp(-rate * time)
    const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI)
    value += spot * normalCdf(d1) - strike * discount * normalCdf(d2)
    gradient[i] = normalCdf(d1)
    gradient[i + 1] = -discount * normalCdf(d2)
    gradient[i + 2] = strike * time * discount * normalCdf(d2)
    gradient[i + 3] = spot * density * Math.sqrt(time)
    gradient[i + 4] = (spot * density * volatility) / (2 * Math.sqrt(time)) + rate * strike * discount * normalCdf(d2)
  }
  return { value, gradient }
}

export function blackScholes(options: number): ReferenceProblem {
  const next = stream(2)
  const ranges = [
    [80, 120],
    [80, 120],
    [0.01, 0.06],
    [0.15, 0.5],
    [0.25, 2],
  ] as const
  const inputs = Float64Array.from({ length: options * INPUTS }, (_, i) => {
    const [low, high] = ranges[i % INPUTS] as readonly [number, number]
    return next(low, high)
  })
  const c = { file: 'bs', sizes: [], data: [] }
  return { name: `Black-Scholes with greeks, ${options} options`, inputs, program, reference, c }
}
