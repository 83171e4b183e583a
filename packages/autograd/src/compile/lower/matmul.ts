/** Matrix products as calls of the library routine, one for each matrix of a batch. */
import type { MatmulArgs } from '../../op.ts'
import { stridesOf } from '../../shape.ts'
import type { Operation } from '../graph/expression.ts'
import { type Address, type Loop, loop, type Statement } from '../program/program.ts'
import { type Memory, memoryOf, typeOf } from './elements.ts'
import { placed } from './index.ts'
import { layoutOf, type Matrices, matricesOf } from './matrices.ts'
import { nestLoops } from './nest.ts'

export function matmulCalls(memory: Memory, x: Operation, accumulate = false): Statement[] {
  const [a, b] = x.inputs.map((input) => matricesOf(input, memory(input) !== undefined)) as [Matrices, Matrices]
  const { transposeA, transposeB } = x.args as MatmulArgs
  const layoutA = layoutOf(a)
  const layoutB = layoutOf(b)
  if (layoutA === undefined || layoutB === undefined) throw new Error('matmul: an operand does not lie in rows')
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  const inner = a.shape.at(transposeA ? -2 : -1) as number
  const batch = x.shape.slice(0, -2)
  const loops = batch.map((n) => loop(n, { parallel: true }))
  const own = (matrices: Matrices): Address => {
    const lead = batch.length - (matrices.shape.length - 2)
    const terms = loops.flatMap((each: Loop, axis) => {
      const at = axis - lead
      const stride = at < 0 || matrices.shape[at] === 1 ? 0 : (matrices.strides[at] ?? 0)
      return stride === 0 ? [] : [{ loop: each, stride }]
    })
    return placed(memoryOf(memory, matrices.of), { base: 0, terms })
  }
  const call: Statement = {
    kind: 'gemm',
    type: typeOf(x.dtype),
    m: rows,
    n: columns,
    k: inner,
    transposeA: transposeA !== layoutA.turned,
    transposeB: transposeB !== layoutB.turned,
    a: own(a),
    b: own(b),
    c: own({ of: x, strides: stridesOf(x.shape), shape: x.shape }),
    lda: layoutA.step,
    ldb: layoutB.step,
    ldc: columns,
    accumulate,
  }
  const innermost = nestLoops(loops)
  if (innermost === undefined || loops[0] === undefined) return [call]
  innermost.body.push(call)
  return [loops[0]]
}
