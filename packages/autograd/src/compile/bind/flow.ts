/** Whether gradients from outside flow to the results of a program. */
import { GradientError, UnsupportedError } from '../../errors.ts'
import { type Node, nameOf } from '../../node.ts'
import { isLive } from '../../op.ts'
import { inOrder } from '../../pass.ts'
import type { Value } from '../../value.ts'
import { eachInput } from '../../walk.ts'
import type { Recording } from '../trace/recording.ts'

/** Not at all; by a pullback; or no longer, with the error that says why. */
export type Flow = 'none' | 'open' | (() => Error)

/**
 * A result that was computed from a leaf, to which the function then assigns, has no gradient any more, as without
 * `compile`: the same check of the same graph finds it, once for all calls.
 */
export function flowOf(y: Value, { effects, clock }: Pick<Recording, 'effects' | 'clock'>): Flow {
  if (!y.requiresGrad) return 'none'
  if (effects.length === 0) return 'open'
  if (effects.some(({ leaf }) => leaf === y)) return () => assigned(y)
  try {
    inOrder(y, { clock })
    return 'open'
  } catch (error) {
    if (!(error instanceof GradientError)) throw error
    const { message } = error
    return () => new GradientError(message)
  }
}

/** What a gradient of a result goes to: of the arguments that can have one, in order, and of what is outside. */
export interface Reach {
  readonly live: readonly boolean[]
  readonly outside: ReadonlySet<Node>
}

export function reachOf(y: Value, { inputs, clock }: Pick<Recording, 'inputs' | 'clock'>): Reach {
  const seen = new Set<Node>([y])
  const stack: Node[] = [y]
  const visit = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.stamp <= clock) stack.push(node)
  }
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) eachInput(node, visit)
  return { live: inputs.filter((x) => isLive(x.op)).map((x) => seen.has(x)), outside: seen }
}

function assigned(leaf: Value): UnsupportedError {
  return new UnsupportedError(
    `backward: the compiled function returned ${nameOf(leaf)}, to which it assigns: a copy of its numbers. Differentiate by the leaf itself.`,
  )
}
