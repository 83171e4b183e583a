/**
 * A block of k: C[m, n] = A·B (+ C) for at most DEPTH products in each sum. Blocks of B, and of A where it is
 * transposed, are packed where enough of the result shares them; small and well-placed matrices are read in place
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
 */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { addPack, addPackTransposed } from './pack.ts'
import { Routine, type Variable, type Whole } from './routine.ts'
import { addRow } from './row.ts'
import { addMoves } from './rows.ts'
import { addStrips } from './strips.ts'
import { WIDTH } from './tile.ts'

export const TRANSPOSE_A = 1
export const TRANSPOSE_B = 2
export const ACCUMULATE = 4

/** Products in a sum before it is added to C. It is part of the result: all kernels and all splits of rows agree. */
export const DEPTH = 256
/** Rows of A in a block. */
const HEIGHT = 128
/**
 * Products of little depth do nothing but write C. Where its rows are a multiple of COLLISION bytes apart they meet in
 * few places of the first-level cache: a low block, which goes along rows rather than down, took three quarters of the
 * time.
 */
const SHALLOW = 8
const LOW = 16
const COLLISION = 2048
/** Bytes of a row of B in a block: DEPTH rows fill half of a second-level cache. */
const BREADTH = 2048
/** Bytes that a first-level cache holds for sure, whatever the distances of the rows are. */
const NEAR = 1 << 14
/** Rows, or columns, that pay for a packed block. */
const SHARED = 12
/** Rows that are multiplied one by one with a transposed B. */
const FEW = 2

/**
 * Bytes from row to row of a packed block of Aᵀ: as it is stored, a row for each k, the rows a cache line further apart
 * than they need be, so that they do not meet in the cache. A tile walks down a column of it.
 */
function pitchOf(bytes: number): number {
  return HEIGHT * bytes + 64
}

/** The parts of a workspace, in bytes from its beginning: packed blocks, the last columns of B and of C. */
export function workspaceOf({ bytes }: Lanes): Readonly<Record<'b' | 'a' | 'end' | 'spare' | 'size', number>> {
  const a = DEPTH * BREADTH
  const end = a + DEPTH * pitchOf(bytes)
  const spare = end + DEPTH * WIDTH
  return { b: 0, a, end, spare, size: spare + HEIGHT * WIDTH }
}

/**
 * Adds a function (a, b, c, m, n, k, lda, ldb, ldc, flags, workspace) for k from 1 to DEPTH, with lda, ldb, ldc in
 * bytes.
 */
export function addBlock(module: WasmModule, lanes: Lanes): number {
  const moves = addMoves(module, lanes)
  const row = addRow(module, lanes, moves)
  const packColumns = addPack(module, lanes)
  const packTransposed = addPackTransposed(module, lanes)
  const strips = addStrips(module, lanes, moves, packColumns)
  const part = workspaceOf(lanes)
  const { bytes } = lanes
  const breadth = BREADTH / bytes
  const pitch = pitchOf(bytes)

  const r = new Routine(module, ['a', 'b', 'c', 'm', 'n', 'k', 'lda', 'ldb', 'ldc', 'flags', 'workspace'])
  const { a, b, c, m, n, k, lda, ldb, ldc, flags, workspace } = r.params
  const { transposedA, transposedB, accumulate } = r.variables('transposedA', 'transposedB', 'accumulate')
  const { packsA, packsB, rowA, height } = r.variables('packsA', 'packsB', 'rowA', 'height')
  const { i, j, rows, columns, fromA, fromB, stepA } = r.variables(
    ...(['i', 'j', 'rows', 'columns', 'fromA', 'fromB', 'stepA'] as const),
  )
  const far = (distance: Variable): Whole => r.whole('i32.gt_u', r.product(k, distance), NEAR)
  const shared = (size: Variable): Whole => r.whole('i32.ge_u', size, SHARED)

  r.set(transposedA, r.and(flags, TRANSPOSE_A))
  r.set(transposedB, r.whole('i32.ne', r.and(flags, TRANSPOSE_B), 0))
  r.set(accumulate, r.whole('i32.ne', r.and(flags, ACCUMULATE), 0))
  r.set(rowA, r.select(transposedA, bytes, lda))

  r.if(r.and(transposedB, r.whole('i32.le_u', m, FEW)), () => {
    r.each(i, m, 1, () => {
      r.call(row, a, b, c, n, k, r.select(transposedA, lda, bytes), ldb, accumulate, r.sum(workspace, part.spare))
      r.advance(a, rowA)
      r.advance(c, ldc)
    })
    r.return()
  })
  r.set(packsA, r.and(transposedA, shared(n), far(lda)))
  r.set(packsB, r.or(transposedB, r.and(shared(m), far(ldb))))
  const collides = r.not(r.and(ldc, COLLISION - 1))
  r.set(height, r.select(r.and(collides, r.whole('i32.le_u', k, SHALLOW)), LOW, HEIGHT))
  r.each(j, n, breadth, () => {
    r.set(columns, r.min(r.difference(n, j), breadth))
    r.set(fromB, r.sum(b, r.product(j, r.select(transposedB, ldb, bytes))))
    r.if(packsB, () => {
      const to = r.sum(workspace, part.b)
      r.if(
        transposedB,
        () => r.call(packTransposed, fromB, to, columns, k, ldb, WIDTH),
        () => r.call(packColumns, fromB, to, columns, k, ldb),
      )
      r.set(fromB, to)
    })
    r.each(i, m, height, () => {
      r.set(rows, r.min(r.difference(m, i), height))
      r.set(fromA, r.sum(a, r.product(i, rowA)))
      r.if(
        packsA,
        () => {
          const to = r.sum(workspace, part.a)
          r.call(moves.copy, fromA, to, k, rows, lda, pitch, bytes, bytes)
          r.set(fromA, to)
          r.set(stepA, pitch)
        },
        () => r.set(stepA, r.select(transposedA, lda, bytes)),
      )
      const to = r.sum(c, r.product(i, ldc), r.product(j, bytes))
      const [end, spare] = [r.sum(workspace, part.end), r.sum(workspace, part.spare)]
      r.call(strips, fromA, fromB, to, rows, columns, k, rowA, stepA, ldb, packsB, ldc, accumulate, end, spare)
    })
  })
  return r.index
}
