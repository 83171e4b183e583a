/** How much a program does. */
import { sizeOf } from '../../shape.ts'
import type { Program, Statement } from './program.ts'

function countOf(statements: readonly Statement[]): number {
  let sum = 0
  for (const s of statements) {
    if (s.kind === 'apply' || s.kind === 'accumulate') sum += 1
    else if (s.kind === 'loop') sum += s.count * countOf(s.body)
    else if (s.kind === 'gemm') sum += 2 * s.m * s.n * s.k
    else if (s.kind === 'conv') {
      const { kernel, output, groups } = s.args
      sum += (2 * s.batch * s.outs * s.channels * sizeOf(kernel) * sizeOf(output)) / groups
    }
  }
  return sum
}

/** Operations on numbers in one run; those of host calls are not seen. */
export function countOperations({ body }: Program): number {
  return countOf(body)
}
