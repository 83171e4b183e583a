/** The compiled pullbacks of a function. */
import type { Node } from '../node.ts'
import type { Binding } from './bind/binding.ts'
import { type Fn, type Primal, type Pullback, pullbackOf } from './pullback.ts'

/** A compiled function, which may have threads to end. */
export type Compiled = Fn & { close(): void }

/** For how many kinds of programs pullbacks are kept. */
const KEPT = 16

/** What programs close over and were told: those that agree in it share their pullbacks, one for each result. */
type Kind = Omit<Primal, 'index'>

function alike(a: Kind, b: Kind): boolean {
  const same = (x: readonly unknown[], y: readonly unknown[]): boolean =>
    x.length === y.length && x.every((each, i) => Object.is(each, y[i]))
  return same(a.sources, b.sources) && same(a.answers, b.answers)
}

/** The pullbacks of programs of one kind. */
export class Pullbacks {
  readonly kind: Kind
  private readonly compile: (pull: Fn) => Compiled
  private readonly byResult: Map<number, Compiled>

  constructor(kind: Kind, compile: (pull: Fn) => Compiled) {
    this.kind = kind
    this.compile = compile
    this.byResult = new Map()
  }

  /** That of a result. */
  of(index: number): Pullback {
    const made = this.byResult.get(index) ?? this.compile(pullbackOf({ ...this.kind, index }) as Fn)
    this.byResult.set(index, made)
    return made as unknown as Pullback
  }

  /** Ends all programs; the next call makes them anew. */
  close(): void {
    for (const pull of this.byResult.values()) pull.close()
  }
}

/** The pullbacks of programs of all kinds. */
export class PullbackStore {
  private readonly f: Fn
  private readonly compile: (pull: Fn) => Compiled
  private readonly list: Pullbacks[]

  constructor(f: Fn, compile: (pull: Fn) => Compiled) {
    this.f = f
    this.compile = compile
    this.list = []
  }

  /** For a program whose function closes over these sources. */
  of({ follows }: Pick<Binding, 'follows'>, sources: readonly Node[]): Pullbacks {
    const { f, compile, list } = this
    const kind: Kind = { f, sources, answers: follows.map(({ answer }) => answer) }
    const known = list.find((each) => alike(each.kind, kind))
    if (known !== undefined) return known
    const made = new Pullbacks(kind, compile)
    list.push(made)
    if (list.length > KEPT) list.shift()?.close()
    return made
  }

  close(): void {
    for (const pullbacks of this.list) pullbacks.close()
  }
}
