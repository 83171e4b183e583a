/**
 * How threads share a region, as WebAssembly: whoever is free takes the next part. A thread that comes late, or never,
 * costs time and nothing else, so no one waits for a worker to start, and a part computes the same on every thread.
 */
import { Routine, type Variable } from '../../../wasm/gemm/routine.ts'
import type { WasmModule } from '../../../wasm/module.ts'
import { COUNT_SHIFT, FIELD_MASK, REGION_SHIFT, type Words } from './words.ts'

/**
 * Looks at the ticket before a worker sleeps, some 250 µs: longer than what lies between most regions. A worker that
 * spins for long is short of time for real work where the processors are shared.
 */
const LOOKS = 100_000
/**
 * Looks at the finished parts before the main thread sleeps, where it may, some 30 µs. Who is late then is mostly a
 * worker whose processor was given to somebody else: it can have that of the main thread.
 */
const PATIENCE = 20_000

export interface Fork {
  /** A function (ticket): runs all parts of a region, with the help of the workers. */
  readonly fork: number
  /** A function (thread) for workers: takes parts until it is told to stop. */
  readonly work: number
}

/**
 * @param dispatch The function (region, part, thread) that runs a part.
 */
export function addFork(module: WasmModule, words: Words, dispatch: number): Fork {
  return { fork: addMain(module, words, dispatch), work: addWorker(module, words, dispatch) }
}

/** Takes a part and runs it; `none` is written where there was none left, `after` behind a part. */
function take(
  r: Routine<string>,
  words: Words,
  dispatch: number,
  thread: Variable | number,
  { none = () => {}, after = () => {} }: { readonly none?: () => void; readonly after?: () => void },
): void {
  const { claim, part } = r.variables('claim', 'part')
  r.push(0, 1)
  r.code.mem('i32.atomic.rmw.add', words.ticket).set(claim.local)
  r.set(part, r.and(claim, FIELD_MASK))
  r.if(
    r.whole('i32.lt_u', part, countOf(r, claim)),
    () => {
      r.call(dispatch, r.whole('i32.shr_u', claim, REGION_SHIFT), part, thread)
      r.push(0, 1)
      r.code.mem('i32.atomic.rmw.add', words.done).op('drop')
      after()
    },
    none,
  )
}

function countOf(r: Routine<string>, ticket: Variable): () => void {
  return r.and(r.whole('i32.shr_u', ticket, COUNT_SHIFT), FIELD_MASK)
}

function addMain(module: WasmModule, words: Words, dispatch: number): number {
  const r = new Routine(module, ['ticket'])
  const { code } = r
  const { ticket } = r.params
  const { seen, looks } = r.variables('seen', 'looks')
  r.store('i32.atomic.store', 0, 0, words.done)
  r.store('i32.atomic.store', 0, ticket, words.ticket)
  r.if(r.load('i32.atomic.load', 0, words.sleepers), () => {
    r.push(0, -1)
    code.mem('memory.atomic.notify', words.ticket).op('drop')
  })
  code.block(() => {
    code.loop(() => {
      take(r, words, dispatch, 0, { none: () => code.br(2) })
      code.br(0)
    })
  })
  // Every part is taken; those of others may still be on their way.
  code.block(() => {
    code.loop(() => {
      r.set(seen, r.load('i32.atomic.load', 0, words.done))
      r.push(r.whole('i32.eq', seen, countOf(r, ticket)))
      code.brIf(1)
      r.advance(looks, 1)
      const tired = r.and(r.whole('i32.gt_u', looks, PATIENCE), r.load('i32.load', 0, words.mayWait))
      r.if(tired, () => {
        // Set before it is seen that the word is still what it was: who changes it afterwards wakes us.
        r.store('i32.atomic.store', 0, 1, words.waits)
        r.push(0, seen)
        code.i64(-1n).mem('memory.atomic.wait32', words.done).op('drop')
        r.store('i32.atomic.store', 0, 0, words.waits)
      })
      code.br(0)
    })
  })
  return r.index
}

function addWorker(module: WasmModule, words: Words, dispatch: number): number {
  const r = new Routine(module, ['thread'])
  const { code } = r
  const { thread } = r.params
  const { ticket, looks } = r.variables('ticket', 'looks')
  const wake = (): void =>
    r.if(r.load('i32.atomic.load', 0, words.waits), () => {
      r.push(0, -1)
      code.mem('memory.atomic.notify', words.done).op('drop')
    })
  code.loop(() => {
    r.if(r.load('i32.atomic.load', 0, words.stop), () => r.return())
    r.set(ticket, r.load('i32.atomic.load', 0, words.ticket))
    r.if(
      r.whole('i32.lt_u', r.and(ticket, FIELD_MASK), countOf(r, ticket)),
      () => {
        take(r, words, dispatch, thread, { after: wake })
        r.set(looks, 0)
      },
      () => r.advance(looks, 1),
    )
    r.if(r.whole('i32.gt_u', looks, LOOKS), () => {
      r.push(0, 1)
      code.mem('i32.atomic.rmw.add', words.sleepers).op('drop')
      // A ticket that has changed since it was read does not put to sleep.
      r.push(0, ticket)
      code.i64(-1n).mem('memory.atomic.wait32', words.ticket).op('drop')
      r.push(0, -1)
      code.mem('i32.atomic.rmw.add', words.sleepers).op('drop')
      r.set(looks, 0)
    })
    code.br(0)
  })
  return r.index
}
