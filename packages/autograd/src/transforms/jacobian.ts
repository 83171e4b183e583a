/** Jacobians and Hessians, by the mode that needs fewer passes. */
import { stack } from '../compose/join.ts'
import { type Data, filled, NdArray } from '../data.ts'
import { UnsupportedError } from '../errors.ts'
import { type Operand, type Value, values } from '../value.ts'
import { directional, pushForward } from './forward.ts'
import { outputsOf, pullBack, slopeOf } from './reverse.ts'
import { type Loose, mapStructure, rebuild, type Valued } from './structure.ts'
import { type Trace, traceCall } from './trace.ts'
import { vmap } from './vmap.ts'

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

/** From so many passes on, running them all at once pays for recording one; no more at once than this, for memory. */
const FEW = 8
const AT_ONCE = 64

/** What `pass` gives for each basis element of x: for each of its results the list laid along a first axis. */
function overBasis(x: Value, pass: (one: Value) => readonly Value[]): Value[] {
  const { size, shape } = x
  if (size >= FEW) {
    try {
      const parts = Array.from({ length: Math.ceil(size / AT_ONCE) }, (_, part) => {
        const count = Math.min(AT_ONCE, size - part * AT_ONCE)
        const data = (filled([count, ...shape], 0, x.dtype) as NdArray).data
        for (let e = 0; e < count; e++) data[e * size + part * AT_ONCE + e] = 1
        return vmap((one: Value) => pass(one))(values.constant(new NdArray([count, ...shape], data)))
      })
      return (parts[0] as Value[]).map((first, i) =>
        parts.length === 1
          ? first
          : values.concat(
              parts.map((list) => list[i] as Value),
              0,
            ),
      )
    } catch (error) {
      // An operation of one's own without a batch rule: one pass after the other.
      if (!(error instanceof UnsupportedError)) throw error
    }
  }
  const lists = Array.from({ length: size }, (_, e) => pass(basis(x, e)))
  return (lists[0] ?? []).map((_, i) =>
    stack(
      values,
      lists.map((list) => list[i] as Value),
      0,
    ),
  )
}

/** The blocks ∂y/∂xᵢ, each of shape [...y.shape, ...xᵢ.shape], a row of them by each pullback of a basis cotangent. */
function byRows(trace: Trace, y: Value): Value[] {
  const rows = overBasis(y, (g) => pullBack(trace, y, g).cotangents)
  return trace.inputs.map((x, i) => block(rows[i], [...y.shape, ...x.shape], x))
}

/** The same, a column by each basis tangent. */
function byColumns(trace: Trace, y: Value): Value[] {
  return trace.inputs.map((x, i) => {
    const zero = trace.inputs.map(zeros)
    const [columns] = overBasis(x, (t) => [
      pushForward(
        trace,
        y,
        zero.map((z, j) => (i === j ? t : z)),
      ),
    ])
    const first = block(columns, [...x.shape, ...y.shape], y)
    return first.transpose([...y.shape.map((_, d) => x.rank + d), ...x.shape.map((_, d) => d)])
  })
}

function block(rows: Value | undefined, shape: readonly number[], like: Value): Value {
  return rows === undefined ? values.constant(filled(shape, 0, like.dtype)) : rows.reshape(shape)
}
/**
 * The Jacobian of `f` at x: for a result of shape [m…] and an argument of shape [n…] a Value of shape [m…, n…]. For
 * structures, the structure of the result with the structure of the argument in the place of each Value. Forward mode
 * where the argument has fewer elements than the result, else reverse mode.
 * @example jacobian((x) => x.square())([1, 2]) // [[2, 0], [0, 4]]
 */
export function jacobian<X = Value, Y = Value>(f: (x: X) => Y): (x: Loose<X>) => JacobianOf<Y, X> {
  return (x) => allBlocks('jacobian', f as (x: never) => Y, x) as JacobianOf<Y, X>
}

/** The Jacobian, under the name of the transform that the user called. */
function allBlocks(name: string, f: (x: never) => unknown, x: unknown): unknown {
  const trace = traceCall(name, f, [x], [0])
  outputsOf(name, trace.result)
  const size = trace.inputs.reduce((n, input) => n + input.size, 0)
  return mapStructure(name, trace.result, (y) => {
    const blocks = size <= y.size ? byColumns(trace, y) : byRows(trace, y)
    return rebuild(name, x, blocks)
  })
}

/** A Value for a Value by a Value; structures nest, the argument's inside the result's. */
export type JacobianOf<Y, X> = Y extends Operand ? Valued<X> : { -readonly [Key in keyof Y]: JacobianOf<Y[Key], X> }

/**
 * The Hessian of a scalar function at x, of shape [n…, n…]: the Jacobian of its gradient.
 * @example hessian((x) => x.pow(3).sum())([1, 2]) // [[6, 0], [0, 12]]
 */
export function hessian<X = Value>(f: (x: X) => Value): (x: Loose<X>) => JacobianOf<Valued<X>, X> {
  const slope = slopeOf('hessian', f)
  return (x) => allBlocks('hessian', slope as (x: never) => unknown, x) as JacobianOf<Valued<X>, X>
}

/**
 * The Hessian times a vector, without the Hessian: the directional derivative of the gradient.
 * @example hvp((x) => x.pow(3).sum())([1, 2], [1, 1]) // [6, 12]
 */
export function hvp<X = Value>(f: (x: X) => Value): (x: Loose<X>, v: Loose<X>) => Valued<X> {
  const slope = slopeOf('hvp', f)
  return (x, v) => directional('hvp', slope as (x: never) => unknown, [x], [v]).tangent as Valued<X>
}
