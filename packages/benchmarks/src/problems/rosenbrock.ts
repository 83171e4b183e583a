/** Rosenbrock's valley: Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², a chain in which every number is used twice. */
import type { Evaluation, ReferenceProblem, Scalars } from '../scalars.ts'
import { stream } from './stream.ts'

function program<T>({ add, sub, mul, square }: Scalars<T>, x: readonly T[]): T {
  let sum: T | number = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const here = x[i] as T
    const next = x[i + 1] as T
    const valley = mul(100, square(sub(next, square(here))))
    sum = add(sum, add(valley, square(sub(1, here))))
  }
  return sum as T
}

/** The gradient worked out by hand. */
function reference(x: Float64Array): Evaluation {
  const gradient = new Float64Array(x.length)
  let value = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const here = x[i] as number
    const off = (x[i + 1] as number) - here * here
    value += 100 * off * off + (1 - here) * (1 - here)
    gradient[i] = (gradient[i] as number) - 400 * off * here - 2 * (1 - here)
    gradient[i + 1] = (gradient[i + 1] as number) + 200 * off
  }
  return { value, gradient }
}

/** @param n How many numbers, 2 or more. */
export function rosenbrock(n: number): ReferenceProblem {
  const next = stream(1)
  return {
    name: `Rosenbrock, n = ${n}`,
    inputs: Float64Array.from({ length: n }, () => next(-2, 2)),
    program,
    reference,
    c: { file: 'rosen', sizes: [], data: [] },
  }
}
