/** Makes terms of Loop IR: equal ones once, what is known computed, what changes nothing left out. */
import { carrierOf } from '../../carriers/carrier.ts'
import { UnsupportedError } from '../../errors.ts'
import type { Carrier, Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import type { Apply, Constant, Statement, Term } from '../program/program.ts'
import { operandsOf } from './flat.ts'
import { combine } from './linear.ts'
import { simplify } from './simplify.ts'

/** A block that statements are added to. What it knows, blocks inside it know too. */
export interface Block {
  readonly outer: Block | null
  readonly statements: Statement[]
  readonly known: Map<string, Term>
}

export function block(outer: Block | null, statements: Statement[] = []): Block {
  return { outer, statements, known: new Map() }
}

export class Terms {
  /** Where statements go. */
  at: Block
  /** The words of derivative rules, over terms. */
  readonly k: Carrier<Term>
  /** Cotangents; where they are said to be plain, their products are not shielded against 0·∞. */
  private readonly cotangents: Set<Term>
  private readonly plain: boolean
  private readonly ids: Map<unknown, number>
  private readonly constants: Map<string, Constant>

  constructor(at: Block, plain = false) {
    this.at = at
    this.plain = plain
    this.cotangents = new Set()
    this.ids = new Map()
    this.constants = new Map()
    this.k = carrierOf<Term>({
      apply: (op, a, b, args) =>
        this.apply(op, operandsOf(op) === 1 ? [this.lift(a)] : [this.lift(a), this.lift(b)], args),
      applyList: (op, inputs, args) =>
        this.apply(
          op,
          inputs.map((x) => this.lift(x)),
          args,
        ),
      shape: () => [],
      dtype: () => 'float64',
      constant: (x) => this.constant(typeof x === 'number' ? x : (x.data[0] as number)),
    })
  }

  constant(value: number): Constant {
    const key = Object.is(value, -0) ? '-0' : String(value)
    const known = this.constants.get(key)
    if (known !== undefined) return known
    const made: Constant = { kind: 'constant', type: 'f64', value }
    this.constants.set(key, made)
    return made
  }

  lift(x: Term | number): Term {
    return typeof x === 'number' ? this.constant(x) : x
  }

  /** A number for each distinct term or other object. */
  idOf(thing: unknown): number {
    const known = this.ids.get(thing)
    if (known !== undefined) return known
    this.ids.set(thing, this.ids.size)
    return this.ids.size - 1
  }

  cotangent(term: Term): Term {
    if (this.plain) this.cotangents.add(term)
    return term
  }

  /** The operation, simplified. */
  apply(op: Op, inputs: readonly Term[], args: unknown): Term {
    if (!this.plain || !inputs.some((input) => this.cotangents.has(input))) return this.make(op, inputs, args)
    const made = this.sum(op, inputs) ?? this.make(op === table.mulNoNan ? table.mul : op, inputs, args)
    if (made.kind === 'apply') this.cotangents.add(made)
    return made
  }

  private sum(op: Op, [a, b]: readonly Term[]): Term | undefined {
    if ((op !== table.add && op !== table.sub) || a === undefined || b === undefined) return undefined
    return combine(this, a, b, op === table.add ? 1 : -1)
  }

  /** factor·term, not simplified. */
  scaled(factor: number, term: Term): Term {
    return this.cotangent(this.statement(table.mul, [this.constant(factor), term], undefined))
  }

  times(a: Term, b: Term): Term {
    return this.apply(table.mul, [a, b], undefined)
  }

  private make(op: Op, inputs: readonly Term[], args: unknown): Term {
    const folded = fold(op, inputs, args)
    if (folded !== undefined) return this.constant(folded)
    const simpler = simplify(this, op, inputs)
    if (simpler !== undefined) return simpler
    if (op.scalar === null && op !== table.where) {
      throw new UnsupportedError(`compile: ${op.name} is not an operation on numbers. Differentiate it eagerly.`)
    }
    return this.statement(op, inputs, args)
  }

  private statement(op: Op, inputs: readonly Term[], args: unknown): Apply {
    const key = `${this.idOf(op)}(${inputs.map((x) => this.idOf(x)).join()})${args === undefined ? '' : this.idOf(args)}`
    return this.once(key, (): Apply => ({ kind: 'apply', type: 'f64', op, inputs, args }))
  }

  /** The term known by the key here or in a block around, else a new statement. */
  once<T extends Term & Statement>(key: string, make: () => T): T {
    for (let block: Block | null = this.at; block !== null; block = block.outer) {
      const known = block.known.get(key)
      if (known !== undefined) return known as T
    }
    const made = make()
    this.at.known.set(key, made)
    this.at.statements.push(made)
    return made
  }

  add(a: Term | undefined, b: Term): Term {
    return a === undefined ? b : this.apply(table.add, [a, b], undefined)
  }
}

function fold(op: Op, inputs: readonly Term[], args: unknown): number | undefined {
  if (!inputs.every((input) => input.kind === 'constant')) return undefined
  const [a = 0, b = 0, c = 0] = inputs.map((input) => (input as Constant).value)
  if (op === table.where) return a !== 0 ? b : c
  return op.scalar === null ? undefined : op.scalar(a, b, args)
}
