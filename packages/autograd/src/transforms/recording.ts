/** Switches that surround a call: recording off, anomalies on. */
import { UnsupportedError } from '../errors.ts'
import { mode } from '../node.ts'

function during<R>(key: 'recording' | 'anomaly', on: boolean, f: () => R): R {
  const before = mode[key]
  mode[key] = on
  try {
    const result = f()
    if (result instanceof Promise) {
      throw new UnsupportedError(
        `${key === 'anomaly' ? 'detectAnomaly' : 'noGrad'}: the function is asynchronous; what runs after its first await is not covered. Put the call around the synchronous part.`,
      )
    }
    return result
  } finally {
    mode[key] = before
  }
}

export function withRecording<R>(recording: boolean, f: () => R): R {
  return during('recording', recording, f)
}

/**
 * Runs `f` without recording: its results are constants. For predictions and measurements.
 * @example noGrad(() => model.forward(x))
 */
export function noGrad<R>(f: () => R): R {
  return during('recording', false, f)
}

/**
 * Runs `f` and throws where a NaN or an infinity first appears, forward or backward.
 * @throws DomainError that names the operation and the Values that it came from.
 * @example detectAnomaly(() => loss(model.forward(x), y).backward())
 */
export function detectAnomaly<R>(f: () => R): R {
  return during('anomaly', true, f)
}
