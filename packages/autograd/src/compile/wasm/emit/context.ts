/** What the functions of a module share. */

import type { Conv } from '../../../wasm/gemm/conv.ts'
import type { Gemm } from '../../../wasm/gemm/gemm.ts'
import type { Layout } from '../../program/plan.ts'
import type { Apply } from '../../program/program.ts'
import type { Written } from '../math/index.ts'
import type { Imports } from './imports.ts'
import type { Mode } from './mode.ts'
import type { FloatType } from './numbers.ts'
import type { Places } from './places.ts'
import type { Regions } from './regions.ts'
import type { Schedule } from './schedule.ts'
import type { Uses } from './uses.ts'

export interface Context {
  readonly layout: Layout
  readonly order: Schedule
  readonly places: Places
  readonly uses: Uses
  readonly imports: Imports
  /** The vector function of the record (v128… → v128), or null. */
  vectorFunction(step: Apply): number | null
  /** Writes the record's formula in place, from operands in locals to one, or null where it is better called. */
  formula(step: Apply, mode: Mode): Written | null
  gemm(type: FloatType): Gemm
  conv(type: FloatType): Conv
  readonly workspace: Workspace
  /** What is divided over threads. */
  readonly regions: Regions
}

/** Memory behind the arena that a top-level statement needs while it runs. */
export class Workspace {
  private start: number
  private next: number
  /** The end of the most that was taken. */
  end: number

  constructor(start: number) {
    this.start = Math.ceil(start / 64) * 64
    this.next = this.start
    this.end = this.start
  }

  /** The byte offset of as many free bytes, 64-byte aligned. */
  take(bytes: number): number {
    const at = this.next
    this.next += Math.ceil(bytes / 64) * 64
    this.end = Math.max(this.end, this.next)
    return at
  }

  /** The byte offset of as many bytes that stay: nothing else gets them, now or later. */
  keep(bytes: number): number {
    this.start = this.end
    this.next = this.start
    const at = this.take(bytes)
    this.start = this.next
    return at
  }

  /** The next top-level statement may use it all again. */
  clear(): void {
    this.next = this.start
  }
}
