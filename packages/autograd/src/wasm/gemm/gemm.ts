/** Products of matrices as a WebAssembly function. */
import type { WasmModule } from '../module.ts'
import { ACCUMULATE, addBlock, DEPTH, TRANSPOSE_A, TRANSPOSE_B, workspaceOf } from './block.ts'
import { type FloatType, lanesOf } from './lanes.ts'
import { Routine, type Variable } from './routine.ts'

export { ACCUMULATE, TRANSPOSE_A, TRANSPOSE_B }

export interface Gemm {
  /** The function's index in the module. */
  readonly index: number
  /** Bytes that a call needs at the address `workspace`; one for each thread. */
  readonly workspace: number
}

/**
 * Adds C[m, n] = op(A)·op(B) (+ C) to a module: a function of (a, b, c, m, n, k, lda, ldb, ldc, flags, workspace), all
 * i32; a, b, c, workspace are addresses in bytes that suit the type, lda, ldb, ldc the elements from row to row as the
 * matrices are stored, flags a sum of TRANSPOSE_A, TRANSPOSE_B, ACCUMULATE. C overlaps neither A nor B.
 *
 * Each element is summed in the order of k, in blocks of 256: the result does not depend on how rows or columns are
 * split over calls or threads.
 */
export function addGemm(module: WasmModule, type: FloatType): Gemm {
  const lanes = lanesOf(type)
  const block = addBlock(module, lanes)
  const r = new Routine(module, ['a', 'b', 'c', 'm', 'n', 'k', 'lda', 'ldb', 'ldc', 'flags', 'workspace'])
  const { a, b, c, m, n, k, lda, ldb, ldc, flags, workspace } = r.params
  const { p, depth } = r.variables('p', 'depth')
  const swap = (x: Variable, y: Variable): void => {
    r.push(x, y)
    r.code.set(x.local).set(y.local)
  }
  const has = (flag: number): (() => void) => r.and(flags, flag)
  const one = (x: Variable): (() => void) => r.whole('i32.eq', x, 1)

  r.if(r.or(r.not(m), r.not(n)), () => r.return())
  // A column whose elements lie in a row is a row: Cᵀ = op(B)ᵀ·op(A)ᵀ.
  r.if(r.and(one(n), one(ldc)), () => {
    swap(a, b)
    swap(lda, ldb)
    swap(m, n)
    const [turnedA, turnedB] = [r.not(has(TRANSPOSE_B)), r.not(has(TRANSPOSE_A))]
    r.set(flags, r.or(has(ACCUMULATE), r.product(turnedA, TRANSPOSE_A), r.product(turnedB, TRANSPOSE_B)))
  })
  for (const distance of [lda, ldb, ldc]) r.set(distance, r.product(distance, lanes.bytes))

  // The empty sum is 0.
  r.if(r.not(r.or(k, has(ACCUMULATE))), () => {
    r.each(p, m, 1, () => {
      r.push(c, 0, r.product(n, lanes.bytes))
      r.code.fill()
      r.advance(c, ldc)
    })
  })
  r.each(p, k, DEPTH, () => {
    r.set(depth, r.min(r.difference(k, p), DEPTH))
    r.call(block, a, b, c, m, n, depth, lda, ldb, ldc, flags, workspace)
    r.advance(a, r.select(has(TRANSPOSE_A), r.product(lda, DEPTH), DEPTH * lanes.bytes))
    r.advance(b, r.select(has(TRANSPOSE_B), DEPTH * lanes.bytes, r.product(ldb, DEPTH)))
    r.set(flags, r.or(flags, ACCUMULATE))
  })
  return { index: r.index, workspace: workspaceOf(lanes).size }
}
