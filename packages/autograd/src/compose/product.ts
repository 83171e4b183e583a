/** Products of vectors and matrices, as NumPy defines them. */
import { ShapeError, showShape } from '../errors.ts'
import { type Carrier, NN, NT } from '../op.ts'
import { broadcastShapes, sizeOf } from '../shape.ts'
import { indexVector } from './parts.ts'

/** A vector on the left is a row, on the right a column; the axis that this adds is dropped again. */
function multiply<T>(op: string, k: Carrier<T>, a: T, b: T): T {
  const left = k.shape(a)
  const right = k.shape(b)
  if (left.length === 0 || right.length === 0) {
    throw new ShapeError(`${op}: one side is a scalar, ${showShape(left)} · ${showShape(right)}. Use mul to scale.`)
  }
  const inner = left[left.length - 1] as number
  const other = right[Math.max(right.length - 2, 0)] as number
  if (inner !== other) {
    throw new ShapeError(
      `${op}: the inner sizes differ, ${showShape(left)} · ${showShape(right)} (${inner} ≠ ${other}). Transpose one side, or reshape it.`,
    )
  }
  const batch = broadcastShapes(op, left.slice(0, -2), right.slice(0, -2))
  const rows = left.length === 1 ? [] : left.slice(-2, -1)
  const columns = right.length === 1 ? [] : right.slice(-1)
  const row = left.length === 1 ? k.reshape(a, [1, inner]) : a
  // A column is read as a row: its elements stand side by side.
  const product = right.length === 1 ? k.matmul(row, k.reshape(b, [1, inner]), NT) : k.matmul(row, b, NN)
  return rows.length + columns.length === 2 ? product : k.reshape(product, [...batch, ...rows, ...columns])
}

/**
 * The product over the last axis of a and the last but one of b, broadcast over all axes before.
 * @throws ShapeError for a scalar, inner sizes that differ, leading axes that do not broadcast.
 */
export function matmul<T>(k: Carrier<T>, a: T, b: T): T {
  return multiply('matmul', k, a, b)
}

/** x·Wᵀ + b for weights [out, in]: the weights are read as they lie, never transposed in memory. */
export function linear<T>(k: Carrier<T>, x: T, weight: T, bias?: T): T {
  const shape = k.shape(x)
  const [out, inner] = k.shape(weight)
  if (shape.length === 0 || k.shape(weight).length !== 2 || shape[shape.length - 1] !== inner) {
    throw new ShapeError(
      `linear: the input ${showShape(shape)} does not fit the weights ${showShape(k.shape(weight))}. Its last axis is the weights' last axis, [out, in].`,
    )
  }
  const rows = shape.length === 2 ? x : k.reshape(x, [sizeOf(shape.slice(0, -1)), inner as number])
  const product = k.matmul(rows, weight, NT)
  const sum = bias === undefined ? product : k.add(product, bias)
  return shape.length === 2 ? sum : k.reshape(sum, [...shape.slice(0, -1), out as number])
}

/** Σaᵢbᵢ of two vectors; the product of matrices; scaling by a scalar. @throws ShapeError for more than 2 axes. */
export function dot<T>(k: Carrier<T>, a: T, b: T): T {
  const left = k.shape(a)
  const right = k.shape(b)
  if (left.length > 2 || right.length > 2) {
    throw new ShapeError(
      `dot: it takes vectors and matrices, got ${showShape(left)} · ${showShape(right)}. Use matmul or einsum.`,
    )
  }
  return left.length === 0 || right.length === 0 ? k.mul(a, b) : multiply('dot', k, a, b)
}

/** Every product aᵢbⱼ of the flattened arrays: a row for each element of a. */
export function outer<T>(k: Carrier<T>, a: T, b: T): T {
  return k.mul(k.reshape(a, [sizeOf(k.shape(a)), 1]), k.reshape(b, [1, sizeOf(k.shape(b))]))
}

/** a × b along the last axes, which have size 3; the others broadcast. @throws ShapeError */
export function cross<T>(k: Carrier<T>, a: T, b: T): T {
  const left = k.shape(a)
  const right = k.shape(b)
  if (left[left.length - 1] !== 3 || right[right.length - 1] !== 3) {
    throw new ShapeError(
      `cross: the last axes have size 3, got ${showShape(left)} and ${showShape(right)}. Transpose or pad them.`,
    )
  }
  broadcastShapes('cross', left, right)
  const next = indexVector(k, [1, 2, 0])
  const after = indexVector(k, [2, 0, 1])
  const turn = (x: T, by: T): T => k.take(x, by, k.shape(x).length - 1)
  return k.sub(k.mul(turn(a, next), turn(b, after)), k.mul(turn(a, after), turn(b, next)))
}

/** Every element of a times the whole of b, as blocks; the shorter shape is filled up with 1 at the left. */
export function kron<T>(k: Carrier<T>, a: T, b: T): T {
  const rank = Math.max(k.shape(a).length, k.shape(b).length)
  const fill = (x: T): number[] => [...new Array<number>(rank - k.shape(x).length).fill(1), ...k.shape(x)]
  const [left, right] = [fill(a), fill(b)]
  const blocks = k.mul(
    k.reshape(
      a,
      left.flatMap((n) => [n, 1]),
    ),
    k.reshape(
      b,
      right.flatMap((n) => [1, n]),
    ),
  )
  return k.reshape(
    blocks,
    left.map((n, d) => n * (right[d] as number)),
  )
}
