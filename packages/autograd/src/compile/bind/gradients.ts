/** Gradients that a function leaves: `backward()` inside of it reaches leaves from outside, and its arguments. */
import { UnsupportedError } from '../../errors.ts'
import { type Node, nameOf } from '../../node.ts'
import { isLive, LEAF } from '../../op.ts'
import { oldGradient, type Value } from '../../value.ts'
import type { Left, Recording } from '../trace/recording.ts'

/** What a run does to the gradient of a leaf, or of an argument. */
interface Mark extends Pick<Left, 'of' | 'fresh' | 'read'> {
  /** For an argument: its place among those that a gradient flows to; else −1. */
  readonly place: number
  /** The place among the computed gradients; −1 where there is none. */
  readonly at: number
}

export class Gradients {
  /** Leaves that have the computed gradient afterwards, whatever theirs was: in a step of training all. */
  private readonly replaced: readonly Mark[]
  private readonly others: readonly Mark[]

  constructor({ gradients, inputs }: Recording) {
    const live: readonly Node[] = inputs.filter((x) => isLive(x.op))
    let count = 0
    const marks = gradients.map(({ of, fresh, read, gradient }): Mark => {
      return { of, fresh, read, place: live.indexOf(of), at: gradient === undefined ? -1 : count++ }
    })
    const isReplaced = ({ place, fresh, read }: Mark): boolean => place < 0 && fresh && !read
    this.replaced = marks.filter(isReplaced)
    this.others = marks.filter((mark) => !isReplaced(mark))
  }

  /**
   * Before a run.
   * @throws TraceError where the function reads a gradient from before; UnsupportedError where it clears or sets that of
   * an argument that was computed.
   */
  check(live: readonly Value[]): void {
    for (const { of, fresh, read, place } of this.others) {
      const node = live[place] ?? of
      if (read && node.gradient !== undefined) throw oldGradient()
      if (fresh && node.op !== LEAF) {
        throw new UnsupportedError(
          `compile: inside the function the gradient of an argument is set or cleared, which was ${nameOf(node)} at this call. Pass a leaf, or do it outside.`,
        )
      }
    }
  }

  /** After a run: as if the passes had been made now. */
  leave(computed: readonly Value[], live: readonly Value[]): void {
    // A leaf may be closed over and an argument as well: all is cleared before anything is added.
    for (const { of, fresh, place } of this.others) if (fresh) (live[place] ?? of).gradient = undefined
    for (const { of, at } of this.replaced) of.gradient = computed[at]
    for (const { of, place, at } of this.others) {
      const node = (live[place] ?? of) as Value
      const g = computed[at]
      if (g === undefined) continue
      if (node.op === LEAF && node.gradient === undefined) node.gradient = g
      // Adds to it, and goes on to what it was computed from.
      else node.backward({ seed: g })
    }
  }
}
