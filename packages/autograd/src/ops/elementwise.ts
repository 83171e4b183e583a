/** Builders of elementwise records: a number function, its derivative, and (for hot operations) its own loop. */
import type { Data } from '../data.ts'
import { map, zip } from '../kernels/broadcast.ts'
import { type MapLoop, mapLoop, type ZipLoop, zipLoop } from '../kernels/loops.ts'
import { type Carrier, type Op, op, type Rule, type Smooth } from '../op.ts'

/** dy/dx at x, where y is the saved output, in the carrier's words. */
export type Derivative<A = unknown> = {
  slope<T>(k: Carrier<T>, x: T | number, y: T, args: A): T | number
}['slope']

export interface UnarySpec<A> {
  readonly forward: { run(x: number, args: A): number }['run']
  readonly derivative: Derivative<A>
  readonly loop?: MapLoop
  readonly smooth?: Smooth
}

/**
 * An elementwise operation of one input.
 * @example
 * unary('cube', { forward: (x) => x ** 3, derivative: (k, x) => k.mul(3, k.square(x)) })
 */
export function unary<A = undefined>(name: string, spec: UnarySpec<A>): Op<A> {
  const { forward, derivative, loop } = spec
  return op<A>({
    name,
    linearity: 'elementwise',
    forward: (a: Data, _: Data, args: A): Data => {
      if (typeof a === 'number') return forward(a, args)
      return map(loop ?? mapLoop((x) => forward(x, args)), a)
    },
    scalar: (a, _, args) => forward(a, args),
    da: (k, g, y, a, _, args) => k.mulNoNan(g, derivative(k, a, y, args)),
    smooth: spec.smooth ?? null,
  })
}

export interface BinarySpec<A> {
  readonly forward: { run(a: number, b: number, args: A): number }['run']
  readonly da: Rule<A> | null
  readonly db: Rule<A> | null
  readonly loop?: ZipLoop
  readonly smooth?: Smooth
}

/**
 * An elementwise operation of two inputs, broadcasting. `da` and `db` pull the cotangent back to each input; the chain
 * rule itself sums over what was broadcast.
 * @example
 * binary('mul', {
 *   forward: (a, b) => a * b,
 *   da: (k, g, y, a, b) => k.mulNoNan(g, b),
 *   db: (k, g, y, a) => k.mulNoNan(g, a),
 * })
 */
export function binary<A = undefined>(name: string, spec: BinarySpec<A>): Op<A> {
  const { forward, loop } = spec
  return op<A>({
    name,
    linearity: 'elementwise',
    arity: 2,
    forward: (a: Data, b: Data, args: A): Data => {
      if (typeof a === 'number' && typeof b === 'number') return forward(a, b, args)
      return zip(name, loop ?? zipLoop((x, y) => forward(x, y, args)), a, b)
    },
    scalar: forward,
    da: spec.da,
    db: spec.db,
    smooth: spec.smooth ?? null,
  })
}
