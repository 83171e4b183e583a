/** Products of vectors, matrices and arrays of any rank. */
import { einsum as contract } from '../compose/einsum.ts'
import * as product from '../compose/product.ts'
import { type Operand, type Value, values } from '../value.ts'
import { readAll, readPair } from './operands.ts'

/**
 * The matrix product, by NumPy's rules: [m, k]·[k, n] gives [m, n]; a vector is a row on the left, a column on the
 * right; leading axes are a batch, and broadcast.
 * @throws ShapeError when the inner sizes differ, for scalars, or when the batches do not broadcast.
 * @example matmul([[1, 2], [3, 4]], [1, 1]) // [3, 7]
 */
export function matmul(a: Operand, b: Operand): Value {
  const [x, y] = readPair('matmul', a, b)
  return x.matmul(y)
}

/**
 * An affine map: x·Wᵀ + b with x [..., in], weights [out, in] as PyTorch lays them out, and an optional bias [out].
 * @throws ShapeError when the last axis of x is not the last of the weights.
 * @example linear([1, 2], [[3, 4], [5, 6]], [0, 1]) // [11, 18]
 */
export function linear(x: Operand, weight: Operand, bias?: Operand): Value {
  const [input, w, b] = readAll('linear', bias === undefined ? [x, weight] : [x, weight, bias])
  return product.linear(values, input as Value, w as Value, b)
}

/**
 * The inner product Σ aᵢ·bᵢ of two vectors; of matrices their product, of a scalar the multiple.
 * @throws ShapeError for more than two axes, or when the inner sizes differ.
 * @example dot([1, 2, 3], [4, 5, 6]) // 32
 */
export function dot(a: Operand, b: Operand): Value {
  const [x, y] = readPair('dot', a, b)
  return x.dot(y)
}

/**
 * aᵢ·bⱼ: [m] and [n] give [m, n]; arrays of other ranks are flattened first.
 * @example outer([1, 2], [3, 4]) // [[3, 4], [6, 8]]
 */
export function outer(a: Operand, b: Operand): Value {
  const [x, y] = readPair('outer', a, b)
  return x.outer(y)
}

/**
 * The vector product along the last axis, which has size 3; leading axes broadcast.
 * @throws ShapeError for another size, or when the shapes do not broadcast.
 * @example cross([1, 0, 0], [0, 1, 0]) // [0, 0, 1]
 */
export function cross(a: Operand, b: Operand): Value {
  const [x, y] = readPair('cross', a, b)
  return x.cross(y)
}

/**
 * The Kronecker product: every element of a times the whole of b, in blocks: [m, n] and [p, q] give [m·p, n·q]. A
 * shorter shape is filled up with 1 at the left.
 * @example kron([[1, 2]], [[1], [10]]) // [[1, 2], [10, 20]]
 */
export function kron(a: Operand, b: Operand): Value {
  const [x, y] = readPair('kron', a, b)
  return x.kron(y)
}

/**
 * Einstein's summation: an index that the result does not name is summed over. A repeated index takes the diagonal,
 * `...` stands for the axes that have no letter, and without `->` the result has the indices that appear once, in
 * alphabetical order.
 * @throws ShapeError for a malformed spec, or one that does not fit the number or the shapes of the operands.
 * @example einsum('ij,jk->ik', [[1, 2]], [[3], [4]]) // [[11]]
 */
export function einsum(spec: string, ...operands: Operand[]): Value {
  return contract(values, spec, readAll('einsum', operands))
}
