/** Calling the callbacks. */
import type { Callback, TrainingCallbacks } from './history.ts'

type Event = keyof TrainingCallbacks
type Report<E extends Event> = Parameters<NonNullable<TrainingCallbacks[E]>>[0]

/** Tells every callback, one after the other, waiting for promises; returns what they answered. */
export async function notify<E extends Event>(
  callbacks: readonly Callback[],
  event: E,
  report: Report<E>,
): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const callback of callbacks) {
    const listener = (typeof callback === 'function' ? { onEpoch: callback } : callback) as TrainingCallbacks
    const call = listener[event] as ((report: Report<E>) => unknown) | undefined
    answers.push(await call?.call(listener, report))
  }
  return answers
}
