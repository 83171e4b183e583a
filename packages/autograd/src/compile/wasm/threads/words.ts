/** The words of shared memory by which threads divide a program's work. */

/** Each word has a cache line of its own: threads that wait for one do not slow down who writes another. */
const LINE = 64

/**
 * Byte offsets. `ticket`: what is to be done next. `done`: parts of the present region that are finished. `sleepers`:
 * workers that have to be woken. `stop`: not 0 when workers are to end. `mayWait`: not 0 where the main thread may sleep,
 * which pages forbid. `waits`: not 0 while it does, for `done`.
 */
export interface Words {
  readonly ticket: number
  readonly done: number
  readonly sleepers: number
  readonly stop: number
  readonly mayWait: number
  readonly waits: number
}

export const WORDS_BYTES: number = 4 * LINE

export function wordsAt(start: number): Words {
  return {
    ticket: start,
    done: start + LINE,
    sleepers: start + 2 * LINE,
    stop: start + 3 * LINE,
    mayWait: start + 3 * LINE + 4,
    waits: start + 3 * LINE + 8,
  }
}

/**
 * A ticket is a region of the program, into how many parts it is divided, and the first part that nobody has taken:
 * who adds 1 to it has taken that part, of the region that the ticket named at this moment.
 */
const FIELD = 10
export const COUNT_SHIFT: number = FIELD
export const REGION_SHIFT: number = 2 * FIELD
export const FIELD_MASK: number = 2 ** FIELD - 1
/** Regions with tickets of their own; what is beyond stays on one thread. */
export const MOST_REGIONS: number = 2 ** (32 - REGION_SHIFT)
/** Threads add to a ticket once more than there are parts; the field holds that too. */
export const MOST_PARTS: number = 2 ** (FIELD - 1)
export const MOST_THREADS = 64

export function ticketOf(region: number, parts: number): number {
  return (region << REGION_SHIFT) | (parts << COUNT_SHIFT)
}
