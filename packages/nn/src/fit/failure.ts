/** What to say when training can not go on: where it happened, and which operation did it. */
import { DomainError, detectAnomaly } from '@adjoint/autograd'

export interface Failure {
  /** What is not finite: 'the loss became NaN'. */
  readonly what: string
  readonly epoch: number
  /** The batch, from 1, that each attempt belongs to. */
  readonly batch: number
  /** Runs the batch once more. */
  readonly again: () => void
}

export const ADVICE = 'Lower the learning rate, scale the inputs, or look for NaN in the data.'

/** The first of the batches whose second run shows the operation; without any the first batch, and no operation. */
export function describeFailure(failures: readonly [Failure, ...Failure[]]): DomainError {
  for (const { what, epoch, batch, again } of failures) {
    const found = anomaly(again)
    if (found === undefined) continue
    const op = found.message.replace(/^detectAnomaly: /, '')
    return new DomainError(`fit: ${what} in epoch ${epoch}, batch ${batch}: ${op} ${ADVICE}`, { cause: found })
  }
  const [{ what, epoch, batch }] = failures
  return new DomainError(`fit: ${what} in epoch ${epoch}, batch ${batch}. ${ADVICE}`)
}

function anomaly(again: () => void): DomainError | undefined {
  try {
    detectAnomaly(again)
  } catch (error) {
    if (error instanceof DomainError) return error
    // Anything else is not about numbers: say what is known.
  }
  return undefined
}
