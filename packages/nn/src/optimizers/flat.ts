/** All parameters, or all their gradients, as one vector; and the few sums over vectors that are needed. */
import type { Value } from '@adjoint/autograd'

function gather(parameters: readonly Value[], numbers: (parameter: Value) => ArrayLike<number>): Float64Array {
  const flat = new Float64Array(parameters.reduce((sum, { size }) => sum + size, 0))
  let at = 0
  for (const parameter of parameters) {
    flat.set(numbers(parameter), at)
    at += parameter.size
  }
  return flat
}

export function flatNumbers(parameters: readonly Value[]): Float64Array {
  return gather(parameters, ({ data }) => data)
}

/** Parameters without a gradient count as gradient 0. */
export function flatGradient(parameters: readonly Value[]): Float64Array {
  return gather(parameters, ({ grad }) => grad.data)
}

/** Puts the point start + t·direction into the parameters. */
export function placeAt(parameters: readonly Value[], start: Float64Array, t: number, direction: Float64Array): void {
  let at = 0
  for (const parameter of parameters) {
    const from = at
    parameter.update((data) => {
      for (let i = 0; i < data.length; i++) {
        data[i] = (start[from + i] as number) + t * (direction[from + i] as number)
      }
    })
    at += parameter.size
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
}

/** Σ|x| */
export function sumAbs(a: Float64Array): number {
  return a.reduce((sum, x) => sum + Math.abs(x), 0)
}

/** max |x|; NaN if there is one. */
export function maxAbs(a: Float64Array): number {
  return a.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}
