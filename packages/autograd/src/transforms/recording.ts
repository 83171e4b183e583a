/** Switches that surround a call: recording off, anomalies on. */
import { show, UnsupportedError } from '../errors.ts'
import { mode } from '../node.ts'

/** @throws UnsupportedError for a promise: what a transform surrounds the function with is over before that settles. */
export function checkSynchronous(name: string, result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result) || typeof result.then !== 'function') return
  throw new UnsupportedError(
    `${name}: the function returned a promise, so it is asynchronous; what runs after its first await is not covered. Put the call around the synchronous part.`,
  )
}

function during<R>(name: string, key: 'recording' | 'anomaly', on: boolean, f: () => R): R {
  if (typeof f !== 'function') throw new UnsupportedError(`${name}: got ${show(f)}. Give a function.`)
  const before = mode[key]
  mode[key] = on
  try {
    const result = f()
    checkSynchronous(name, result)
    return result
  } finally {
    mode[key] = before
  }
}

/** Runs `f`, a part of the transform `name`, with recording on or off. */
export function withRecording<R>(name: string, recording: boolean, f: () => R): R {
  return during(name, 'recording', recording, f)
}

/**
 * Runs `f` without recording: its results are constants. For predictions and measurements.
 * @example noGrad(() => model.forward(x))
 */
export function noGrad<R>(f: () => R): R {
  return during('noGrad', 'recording', false, f)
}

/**
 * Runs `f` and throws where a NaN or an infinity first appears, forward or backward.
 * @throws DomainError that names the operation and the Values that it came from.
 * @example detectAnomaly(() => loss(model.forward(x), y).backward())
 */
export function detectAnomaly<R>(f: () => R): R {
  return during('detectAnomaly', 'anomaly', true, f)
}
