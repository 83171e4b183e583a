/** The same programs on plain numbers: the values, and the error function for engines that have none. */
import type { Scalars } from '../scalars.ts'

// Hart's rational approximation of the upper tail of the standard normal distribution, as published by G. West,
// "Better approximations to cumulative normal functions", Wilmott Magazine, 2005: about 1e-15 absolute.
const P = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
]
const Q = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
]

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const c of coefficients) sum = sum * x + c
  return sum
}

/** 1 − Φ(t) for t ≥ 0. */
function upperTail(t: number): number {
  const bell = Math.exp((-t * t) / 2)
  if (t < 7.07106781186547) return (bell * horner(P, t)) / horner(Q, t)
  return bell / (2.506628274631 * (t + 1 / (t + 2 / (t + 3 / (t + 4 / (t + 0.65))))))
}

/** The error function, to about 1e-15 absolute. */
export function erf(x: number): number {
  const inside = 1 - 2 * upperTail(Math.abs(x) * Math.SQRT2)
  return x < 0 ? -inside : inside
}

/** Φ, the distribution function of the standard normal distribution. */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x)
}

export const numbers: Scalars<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  square: (a) => a * a,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  erf,
  relu: (a) => (a > 0 ? a : 0),
  tanh: Math.tanh,
  maximum: Math.max,
}
