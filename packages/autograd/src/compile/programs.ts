/** The programs of a compiled function: one for each form of its arguments, as many as are worth keeping. */
import { bind } from './bind/bind.ts'
import type { Binding, Target } from './bind/binding.ts'
import { type Frame, Results } from './results.ts'

type Fn = (...args: never[]) => unknown

/** A program, and what its results are put into. */
export interface Bound {
  readonly key: string
  readonly binding: Binding
  readonly frame: Frame | undefined
}

/** How many programs a compiled function keeps. */
const KEPT = 16

export class Programs {
  /** The function, which returns its Values only. */
  readonly f: Fn
  /** The one that was asked for last. */
  latest: Bound | undefined
  private readonly results: Results
  private readonly target: Target
  private readonly all: Map<string, Bound>

  constructor(f: Fn, target: Target) {
    this.results = new Results(f)
    this.f = this.results.f
    this.target = target
    this.all = new Map()
    this.latest = undefined
  }

  get size(): number {
    return this.all.size
  }

  /** The program for arguments with this key: a new one if there is none, or if what it depends on has changed. */
  find(key: string, args: readonly unknown[]): Bound {
    const { latest, all } = this
    if (latest?.key === key && holds(latest.binding)) return latest
    const known = all.get(key)
    const bound = known !== undefined && holds(known.binding) ? known : this.make(key, args)
    if (bound !== known) known?.binding.executable.close()
    all.delete(key)
    all.set(key, bound)
    this.latest = bound
    for (const old of all.values()) {
      if (all.size <= KEPT) break
      this.end(old)
    }
    return bound
  }

  private make(key: string, args: readonly unknown[]): Bound {
    const binding = bind(this.f, args, this.target)
    return { key, binding, frame: this.results.frame }
  }

  end(bound: Bound): void {
    bound.binding.executable.close()
    this.all.delete(bound.key)
    if (this.latest === bound) this.latest = undefined
  }

  close(): void {
    for (const bound of this.all.values()) this.end(bound)
  }
}

/** Whether the constants that are part of the program still have their numbers, and what it follows is as it was. */
function holds({ reads, follows }: Binding): boolean {
  for (const [node, stamp] of reads) if (node.stamp !== stamp) return false
  for (const { read, answer } of follows) if (!Object.is(read(), answer)) return false
  return true
}
