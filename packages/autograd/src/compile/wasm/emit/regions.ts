/** What of a module is divided over threads. */

import type { Code } from '../../../wasm/code.ts'
import type { WasmModule } from '../../../wasm/module.ts'
import type { Division } from '../threads/division.ts'
import { ticketOf } from '../threads/words.ts'
import type { Step } from './nest.ts'

/** The functions (part, thread) of a module's regions, numbered in the order in which they are added. */
export class Regions {
  readonly threads: number
  readonly divisions: ReadonlyMap<Step, Division>
  /** The index of the function (ticket) that runs a region; set when it is known. */
  fork: number
  private readonly module: WasmModule
  private readonly parts: number[]

  constructor(module: WasmModule, threads: number, divisions: ReadonlyMap<Step, Division>) {
    this.threads = threads
    this.divisions = divisions
    this.fork = -1
    this.module = module
    this.parts = []
  }

  add({ parts }: Division): { readonly code: Code; readonly ticket: number } {
    const { index, code } = this.module.function({ params: ['i32', 'i32'], results: [] })
    return { code, ticket: ticketOf(this.parts.push(index) - 1, parts) }
  }

  /** Writes (region, part, thread): calls the function of the region, which it finds by halving. */
  dispatch(code: Code): void {
    const among = (from: number, to: number): void => {
      if (to - from === 1) {
        code
          .get(1)
          .get(2)
          .call(this.parts[from] as number)
        return
      }
      const middle = (from + to) >>> 1
      code
        .get(0)
        .i32(middle)
        .op('i32.lt_u')
        .if(
          () => among(from, middle),
          () => among(middle, to),
        )
    }
    if (this.parts.length > 0) among(0, this.parts.length)
  }
}
