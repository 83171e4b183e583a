/** Speelpenning's product of all inputs: one chain, with a derivative that needs all the other numbers. */
import type { Problem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

function program<T>({ mul }: Scalars<T>, x: readonly T[]): T {
  let product: T | number = 1
  for (const each of x) product = mul(product, each)
  return product as T
}

/** @param n How many numbers, 1 or more: near 1, so that the product stays near it too. */
export function speelpenning(n: number): Problem {
  const next = stream(4)
  return {
    name: `Speelpenning, n = ${n}`,
    inputs: Float64Array.from({ length: n }, () => next(0.95, 1.05)),
    program,
    c: { file: 'speel', sizes: [], data: [] },
  }
}
