/** Two classic test functions for optimizers, each with one minimum, 0, at the end of a curved valley. */
import type { Value } from '@adjoint/autograd'

export interface Course {
  readonly name: string
  /** The height, of Values of any shape: one point, or all the places of a picture at once. */
  readonly f: (x: Value, y: Value) => Value
  readonly start: readonly [x: number, y: number]
  readonly minimum: readonly [x: number, y: number]
  /** From, to: what a picture shows. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

/** (1 − x)² + 100(y − x²)², of Rosenbrock (1960). */
export const rosenbrock: Course = {
  name: 'Rosenbrock',
  f: (x, y) => x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)),
  start: [-1.5, 1.5],
  minimum: [1, 1],
  x: [-2, 2],
  y: [-1, 3],
}

/** (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)², of Beale (1958). */
export const beale: Course = {
  name: 'Beale',
  f: (x, y) => {
    const terms = [1.5, 2.25, 2.625].map((c, i) =>
      y
        .pow(i + 1)
        .sub(1)
        .mul(x)
        .add(c)
        .square(),
    )
    return terms.reduce((sum, term) => sum.add(term))
  },
  start: [1, 1.6],
  minimum: [3, 0.5],
  x: [-0.5, 4.5],
  y: [-2, 2],
}
