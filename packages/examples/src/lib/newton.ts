/** Newton's method for several equations with as many unknowns. */
import { constant, jacobian, type Value } from '@adjoint/autograd'

/**
 * The x where f is 0: each step solves the straight-line model that value and Jacobian make of f.
 * @returns Besides x the length of f before each step, the last one below 1e-9 unless 20 steps were too few.
 */
export function newton(f: (x: Value) => Value, start: readonly number[]): { x: Value; misses: number[] } {
  let x = constant([...start])
  const misses: number[] = []
  for (;;) {
    const miss = f(x)
    misses.push(miss.norm().item())
    if (miss.norm().item() < 1e-9 || misses.length > 20) return { x, misses }
    x = constant(x.sub(jacobian(f)(x).solve(miss)))
  }
}
