/** The workers of one program: they start with it, and end when it is closed or forgotten. */

import type { WasmMemory } from '../../../wasm/platform.ts'
import { warnOnce } from '../../warn.ts'
import { reasonForOne, startWorker } from './host.ts'
import type { Words } from './words.ts'

/** How many threads a program can have here: as many as were asked for, or one, which is said once. */
export function threadsHere(asked: number): number {
  const reason = asked > 1 ? reasonForOne() : undefined
  if (reason === undefined) return asked
  warnOnce(`compile: ${reason}, so programs run on one thread.`)
  return 1
}

interface Crew {
  readonly memory: WasmMemory
  readonly words: Words
}

/** Tells workers to stop, those that sleep and those that have not started yet as well. */
function end({ memory, words: { ticket, stop } }: Crew): void {
  const words = new Int32Array(memory.buffer)
  if (Atomics.exchange(words, stop / 4, 1) !== 0) return
  // A ticket with one part more taken: nothing to do, but not what sleepers went to sleep with.
  Atomics.add(words, ticket / 4, 1)
  Atomics.notify(words, ticket / 4)
}

const forgotten = new FinalizationRegistry<Crew>(end)

/**
 * Starts `threads` − 1 workers on a program's module and shared memory.
 * @param run The workers end when this is collected: nobody can run the program any more.
 * @returns What ends them.
 */
export function startCrew(run: object, module: object, memory: WasmMemory, words: Words, threads: number): () => void {
  const failed = (): void => warnOnce('compile: a worker did not start. Programs run on the threads that did.')
  new Int32Array(memory.buffer)[words.mayWait / 4] = mayWait(memory, words) ? 1 : 0
  try {
    for (let thread = 1; thread < threads; thread++) startWorker({ module, memory, thread }, failed)
  } catch {
    failed()
  }
  const crew: Crew = { memory, words }
  forgotten.register(run, crew)
  return () => end(crew)
}

/** Pages may not: their main thread has to stay responsive. */
function mayWait(memory: WasmMemory, { ticket }: Words): boolean {
  try {
    // The word is 0, so that nobody waits.
    Atomics.wait(new Int32Array(memory.buffer), ticket / 4, 1)
    return true
  } catch {
    return false
  }
}
