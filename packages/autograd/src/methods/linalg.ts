/** Products of vectors and matrices, and linear algebra. */
import { einsum } from '../compose/einsum.ts'
import * as linalg from '../compose/linalg.ts'
import * as product from '../compose/product.ts'
import type { Node } from '../node.ts'
import { type Operand, readOperand } from '../operand.ts'
import { commonDType } from '../promote.ts'
import { Methods } from './methods.ts'

/** Documented in functions/product.ts and linalg.ts. */
export abstract class LinalgMethods<V extends Node> extends Methods<V> {
  matmul(other: Operand<V>): V {
    return product.matmul(this.k, this.self, readOperand('matmul', other, this.dtype))
  }
  dot(other: Operand<V>): V {
    return product.dot(this.k, this.self, readOperand('dot', other, this.dtype))
  }
  outer(other: Operand<V>): V {
    return product.outer(this.k, this.self, readOperand('outer', other, this.dtype))
  }
  cross(other: Operand<V>): V {
    return product.cross(this.k, this.self, readOperand('cross', other, this.dtype))
  }
  kron(other: Operand<V>): V {
    return product.kron(this.k, this.self, readOperand('kron', other, this.dtype))
  }
  inv(): V {
    return linalg.inv(this.k, this.self)
  }
  det(): V {
    return linalg.det(this.k, this.self)
  }
  slogdet(): { sign: V; logAbsDet: V } {
    return linalg.slogdet(this.k, this.self)
  }
  solve(b: Operand<V>): V {
    return linalg.solve(this.k, this.self, readOperand('solve', b, this.dtype))
  }
  triangularSolve(b: Operand<V>, options?: linalg.TriangularOptions): V {
    return linalg.triangularSolve(this.k, this.self, readOperand('triangularSolve', b, this.dtype), options)
  }
  cholesky(): V {
    return linalg.cholesky(this.k, this.self)
  }
  einsum(spec: string, ...others: Operand<V>[]): V {
    const dtype = commonDType([this, ...others])
    return einsum(this.k, spec, [this.self, ...others.map((x) => readOperand('einsum', x, dtype))])
  }
}
