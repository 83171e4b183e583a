/** Random streams that a function draws from: noticed when it runs, set back when it runs again. */
import { mode, type Stream } from '../node.ts'

/** Where each stream stood before its first use. */
export type Streams = ReadonlyMap<Stream, readonly number[]>

/** Runs `f`, and tells which streams it used. What surrounds it has then used them as well. */
export function noticing<R>(f: () => R): { readonly result: R; readonly streams: Streams } {
  const outer = mode.streams
  const streams = new Map<Stream, readonly number[]>()
  mode.streams = streams
  try {
    return { result: f(), streams }
  } finally {
    mode.streams = outer
    for (const [stream, state] of streams) if (outer?.has(stream) === false) outer.set(stream, state)
  }
}

/** Runs `f` with the streams as they stood then; afterwards, also when `f` throws, all go on from where they are now. */
export function replaying<R>(streams: Streams, f: () => R): R {
  const outer = mode.streams
  const now = new Map<Stream, readonly number[]>()
  mode.streams = now
  try {
    // To be set back is a use: where each stood is in `now` from here on.
    for (const [stream, state] of streams) stream.restore(state)
    return f()
  } finally {
    for (const [stream, state] of now) stream.restore(state)
    mode.streams = outer
  }
}
