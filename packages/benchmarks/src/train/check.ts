/** Whether implementations of a train step agree. */
import type { Step } from './task.ts'

/** The largest difference of the losses of two implementations over the next steps, relative to the loss (at least 1). */
export function lossDifference(one: Step, other: Step, steps: number): number {
  let worst = 0
  for (let i = 0; i < steps; i++) {
    const expected = other()
    worst = Math.max(worst, Math.abs(one() - expected) / Math.max(1, Math.abs(expected)))
  }
  return worst
}
