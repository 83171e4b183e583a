/** What every target makes of a Program. */
import type { FloatArray } from '../../data.ts'
import type { Buffer } from './program.ts'

export interface Executable {
  /** Runs all statements once. */
  run(): void
  /** The elements of a buffer: inputs and states to be written before a run, outputs to be read after it. */
  view(buffer: Buffer): FloatArray | Int32Array
  /** The WebAssembly module; empty for the interpreter. */
  readonly bytes: Uint8Array
  /** The bytes of all buffers. */
  readonly memory: number
  /** How many threads run it, and how many of its loops and products they share. */
  readonly threads: number
  readonly divided: number
  /** Ends what outlives a run: worker threads. */
  close(): void
}
