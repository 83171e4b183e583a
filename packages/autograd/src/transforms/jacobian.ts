/** Jacobians and Hessians, by the mode that needs fewer passes. */
import { stack } from '../compose/join.ts'
import { type Data, filled, NdArray } from '../data.ts'
import { type Operand, type Value, values } from '../value.ts'
import { directional, pushForward } from './forward.ts'
import { grad, outputsOf, pullBack } from './reverse.ts'
import { type Loose, mapStructure, rebuild, type Valued } from './structure.ts'
import { type Trace, traceCall } from './trace.ts'

/** Zeros in the shape of x with a 1 at the flat place. */
function basis(x: Value, place: number): Value {
  const data = (filled([1, ...x.shape], 0, x.dtype) as NdArray).data
  data[place] = 1
  const one: Data = x.rank === 0 && x.dtype === 'float64' ? 1 : new NdArray(x.shape, data)
  return values.constant(one)
}

function zeros(x: Value): Value {
  return values.constant(filled(x.shape, 0, x.dtype))
}

/** The blocks ∂y/∂xᵢ, each of shape [...y.shape, ...xᵢ.shape], a row of them by each pullback of a basis cotangent. */
function byRows(trace: Trace, y: Value): Value[] {
  const rows = Array.from({ length: y.size }, (_, e) => pullBack(trace, y, basis(y, e)).cotangents)
  return trace.inputs.map((x, i) =>
    block(
      rows.map((row) => row[i] as Value),
      [...y.shape, ...x.shape],
      x,
    ),
  )
}

/** The same, a column by each basis tangent. */
function byColumns(trace: Trace, y: Value): Value[] {
  return trace.inputs.map((x, i) => {
    const columns = Array.from({ length: x.size }, (_, e) =>
      pushForward(
        trace,
        y,
        trace.inputs.map((other, j) => (i === j ? basis(x, e) : zeros(other))),
      ),
    )
    const first = block(columns, [...x.shape, ...y.shape], y)
    return first.transpose([...y.shape.map((_, d) => x.rank + d), ...x.shape.map((_, d) => d)])
  })
}

function block(list: readonly Value[], shape: readonly number[], like: Value): Value {
  if (list.length === 0) return values.constant(filled(shape, 0, like.dtype))
  return stack(values, list, 0).reshape(shape)
}

/**
 * The Jacobian of `f` at x: for a result of shape [m…] and an argument of shape [n…] a Value of shape [m…, n…]. For
 * structures, the structure of the result with the structure of the argument in the place of each Value. Forward mode
 * where the argument has fewer elements than the result, else reverse mode.
 * @example jacobian((x) => x.square())([1, 2]) // [[2, 0], [0, 4]]
 */
export function jacobian<X = Value, Y = Value>(f: (x: X) => Y): (x: Loose<X>) => JacobianOf<Y, X> {
  return (x) => {
    const trace = traceCall('jacobian', f, [x], [0])
    outputsOf('jacobian', trace.result)
    const size = trace.inputs.reduce((n, input) => n + input.size, 0)
    return mapStructure('jacobian', trace.result, (y) => {
      const blocks = size <= y.size ? byColumns(trace, y) : byRows(trace, y)
      return rebuild('jacobian', x, blocks)
    }) as JacobianOf<Y, X>
  }
}

/** A Value for a Value by a Value; structures nest, the argument's inside the result's. */
export type JacobianOf<Y, X> = Y extends Operand ? Valued<X> : { -readonly [Key in keyof Y]: JacobianOf<Y[Key], X> }

/**
 * The Hessian of a scalar function at x, of shape [n…, n…]: the Jacobian of its gradient.
 * @example hessian((x) => x.pow(3).sum())([1, 2]) // [[6, 0], [0, 12]]
 */
export function hessian<X = Value>(f: (x: X) => Value): (x: Loose<X>) => JacobianOf<Valued<X>, X> {
  const slope = grad<readonly [X]>(f as (x: X) => Value) as unknown as (x: X) => Valued<X>
  return jacobian(slope)
}

/**
 * The Hessian times a vector, without the Hessian: the directional derivative of the gradient.
 * @example hvp((x) => x.pow(3).sum())([1, 2], [1, 1]) // [6, 12]
 */
export function hvp<X = Value>(f: (x: X) => Value): (x: Loose<X>, v: Loose<X>) => Valued<X> {
  const slope = grad<readonly [X]>(f as (x: X) => Value) as unknown as (x: X) => Valued<X>
  return (x, v) => directional('hvp', slope as (x: never) => unknown, [x], [v]).tangent as Valued<X>
}
