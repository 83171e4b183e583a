/** Memory for what is computed, and what is handed on while statements are made. */
import type { Op } from '../../op.ts'
import { sizeOf } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import { SCAN_PART, type ScanArgs } from '../graph/scan.ts'
import type { Buffer, Statement } from '../program/program.ts'
import { type Memory, typeOf } from './elements.ts'
import { type Affine, combined, type Region, regionOver } from './index.ts'
import type { Kernel } from './plan.ts'

/** Where statements are made. */
export interface Context {
  readonly memory: Memory
  /** The buffers that were needed besides those of the expressions outside of loops. */
  readonly buffers: Set<Buffer>
  /** Matrix products that are added to what is there. */
  readonly accumulated: ReadonlySet<Expression>
  lower(context: Context, kernel: Kernel): Statement[]
}

/** Memory for what an operation computes. The carries of all steps have one more row: that of the end. */
export function resultRegion(x: Operation, kind: 'output' | 'scratch'): Region {
  const size = sizeOf(x.shape)
  const name = `${x.op.name}${x.id}`
  const type = typeOf(x.dtype)
  if (kind === 'output' || x.op !== (SCAN_PART as Op) || (x.args as ScanArgs).part !== 'carries') {
    return regionOver({ name, type, size, kind })
  }
  const { body } = x.args as ScanArgs
  const row = size / body.length
  const buffer: Buffer = { name, type, size: size + row, kind }
  return { buffer, first: { base: body.reverse ? row : 0, terms: [] } }
}

/** The region so many elements further on. */
export function shifted({ buffer, first }: Region, by: Affine, size: number): Region {
  return { buffer, first: combined([first, by], [1, size]) }
}
