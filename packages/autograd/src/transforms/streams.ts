/** What a function changes besides computing: noticed when it runs, set back when it runs again. */
import { type Again, type Assigned, mode, type Stream } from '../node.ts'

/** Where each random stream, and each leaf that was assigned to, stood before the first change. */
export interface Streams {
  readonly drawn: ReadonlyMap<Stream, readonly number[]>
  readonly assigned: Assigned
  /** How many there are. */
  readonly size: number
}

/** Runs `f`, and tells what it changed. What surrounds it has then changed that as well. */
export function noticing<R>(f: () => R): { readonly result: R; readonly streams: Streams } {
  const outer = { streams: mode.streams, assigned: mode.assigned }
  const drawn: NonNullable<typeof mode.streams> = new Map()
  const assigned: NonNullable<typeof mode.assigned> = new Map()
  mode.streams = drawn
  mode.assigned = assigned
  try {
    const result = f()
    return { result, streams: { drawn, assigned, size: drawn.size + assigned.size } }
  } finally {
    mode.streams = outer.streams
    mode.assigned = outer.assigned
    for (const [stream, state] of drawn) if (outer.streams?.has(stream) === false) outer.streams.set(stream, state)
    for (const [leaf, before] of assigned) if (outer.assigned?.has(leaf) === false) outer.assigned.set(leaf, before)
  }
}

/**
 * Runs `f` with streams and leaves as they stood then; afterwards, also when `f` throws, all go on from where they are
 * now. `gone`: no graph that `f` made is used afterwards. Else what it read of such a leaf can have no gradient.
 */
export function replaying<R>({ drawn, assigned }: Streams, f: () => R, gone = false): R {
  return withLeaves(assigned, gone, () => withStreams(drawn, f))
}

/** Runs `f` with the streams as they stood then. */
export function withStreams<R>(drawn: Streams['drawn'], f: () => R): R {
  const outer = mode.streams
  const now: NonNullable<typeof mode.streams> = new Map()
  mode.streams = now
  try {
    // To be set back is a use: where each stood is in `now` from here on.
    for (const [stream, state] of drawn) stream.restore(state)
    return f()
  } finally {
    for (const [stream, state] of now) stream.restore(state)
    mode.streams = outer
  }
}

/** Runs `f` with the numbers that the leaves had then. */
export function withLeaves<R>(assigned: Assigned, gone: boolean, f: () => R): R {
  const outer = mode.assigned
  const now: NonNullable<typeof mode.assigned> = new Map()
  mode.assigned = now
  try {
    for (const [leaf, { raw }] of assigned) {
      now.set(leaf, { raw: leaf.raw, stamp: leaf.stamp })
      leaf.raw = raw
      leaf.stamp = --mode.clock
    }
    return f()
  } finally {
    for (const [leaf, { raw, stamp }] of now) {
      leaf.raw = raw
      // With the old stamp graphs from before are as good as ever. A graph of `f` would take these numbers for those
      // that it read: a new stamp lets it be refused.
      leaf.stamp = gone ? stamp : --mode.clock
    }
    mode.assigned = outer
  }
}

/** Runs `f` a second time: it meets what it met the first time, and does nothing besides computing. */
export function repeating<R>(again: Again, f: () => R): R {
  const { again: outer, compiling } = mode
  const graded = new Map(compiling?.graded)
  const effects = compiling?.effects.length ?? 0
  compiling?.graded.clear()
  mode.again = again
  try {
    return withLeaves(new Map(), true, () => withStreams(new Map(), f))
  } finally {
    mode.again = outer
    if (compiling !== undefined) {
      compiling.replayed.push(...compiling.effects.splice(effects))
      for (const [leaf, { before }] of compiling.graded) leaf.gradient = before
      compiling.graded.clear()
      for (const [leaf, noted] of graded) compiling.graded.set(leaf, noted)
    }
  }
}
