/** Class Module: a function with parameters. */
import {
  constant,
  DomainError,
  follow,
  type Operand,
  type Random,
  ShapeError,
  UnsupportedError,
  Value,
} from '@adjoint/autograd'
import { type Input, readInput, showShape } from './input.ts'
import { type Row, summarize, traceShapes, tryShapes } from './summary.ts'

/** Numbers by name: a snapshot of a module. Plain arrays fit as well, from JSON for instance. */
export type StateDict = Record<string, Value>

/** Called with a Value of the state and the module that holds it, or with a module and the one that it is inside of. */
type Visit = (name: string, part: Value | Module<unknown>, owner: Module<unknown>) => void

function isRandom(x: unknown): x is Random {
  return typeof x === 'object' && x !== null && 'permutation' in x && 'restore' in x
}

/**
 * The base of everything that has parameters. A field that holds a Value is part of the state: a parameter if it
 * requires a gradient, else a buffer. Fields that hold modules, or lists of modules or Values, are searched in turn.
 * @example
 * class Line extends Module {
 *   readonly slope: Value = value(1)
 *   override forward(x: Input): Value {
 *     return this.slope.mul(x as Operand)
 *   }
 * }
 */
export class Module<Output = Value> {
  /** Whether the module trains or is used: some modules (dropout) behave differently. */
  get training(): boolean {
    return follow(() => this.inTraining)
  }
  set training(training: boolean) {
    this.inTraining = training
  }
  private inTraining = true

  /** The output for an input. Every module writes its own. */
  forward(_x: Input): Output {
    throw new UnsupportedError(
      `${this.constructor.name}: forward is not written. Override forward(x) in the class that extends Module.`,
    )
  }

  /** Everything that may hold state, by name: the fields, unless a module overrides it. */
  protected parts(): readonly (readonly [string, unknown])[] {
    return Object.entries(this)
  }

  /** Calls `visit` for every Value of the state and every module inside, this one included. */
  private walk(prefix: string, path: readonly Module<unknown>[], visit: Visit): void {
    const enter = (name: string, part: unknown): void => {
      if (part instanceof Value) visit(name, part, this)
      else if (Array.isArray(part)) for (const [i, item] of part.entries()) enter(`${name}.${i}`, item)
      // A module that points back to one it is inside of is not entered again.
      else if (part instanceof Module && !path.includes(part)) part.walk(`${name}.`, [...path, part], visit)
    }
    visit(prefix, this, path.at(-2) ?? this)
    for (const [name, part] of this.parts()) enter(prefix + name, part)
  }

  /** All parameters, in the order of the fields. One that is used in two places counts once. */
  parameters(): Value[] {
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  /** Parameters with their names: the path of fields that leads to each, `'layers.0.weight'`. */
  namedParameters(): [name: string, parameter: Value][] {
    const named = new Map<Value, string>()
    this.walk('', [this], (name, part) => {
      if (part instanceof Value && part.requiresGrad && !named.has(part)) named.set(part, name)
    })
    return Array.from(named, ([parameter, name]) => [name, parameter])
  }

  /** The generators of random numbers that modules inside draw from (dropout's, say), each once. */
  streams(): Random[] {
    const found = new Set<Random>()
    this.walk('', [this], (_name, part) => {
      if (part instanceof Module) for (const field of Object.values(part)) if (isRandom(field)) found.add(field)
    })
    return [...found]
  }

  /** Forgets the gradient of every parameter. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad()
  }

  /** Puts this module and all inside it in training mode (or out of it). Returns the module. */
  train(training = true): this {
    this.walk('', [this], (_name, part) => {
      if (part instanceof Module) part.training = training
    })
    return this
  }

  /** Puts this module and all inside it in evaluation mode: to be used, not trained. Returns the module. */
  eval(): this {
    return this.train(false)
  }

  /** A snapshot of the state by name; training on does not change it. */
  stateDict(): StateDict {
    const state: StateDict = {}
    this.walk('', [this], (name, part) => {
      if (part instanceof Value) state[name] = constant(part) // a copy: detach shares the numbers
    })
    return state
  }

  /**
   * Puts a snapshot back, or loads none of it.
   * @throws DomainError when it is none, or names are missing or unknown; ShapeError when a shape differs.
   */
  loadStateDict(state: Readonly<Record<string, Operand>>): this {
    if (typeof state !== 'object' || state === null) {
      throw new DomainError(`loadStateDict: the state is ${state}. Give the stateDict() of a module built alike.`)
    }
    const own = new Map<string, Value>()
    this.walk('', [this], (name, part) => {
      if (part instanceof Value) own.set(name, part)
    })
    const missing = [...own.keys()].filter((name) => !Object.hasOwn(state, name))
    const unknown = Object.keys(state).filter((name) => !own.has(name))
    if (missing.length + unknown.length > 0) {
      const parts = [
        missing.length > 0 && `lacks ${missing.join(', ')}`,
        unknown.length > 0 && `has also ${unknown.join(', ')}`,
      ]
      throw new DomainError(
        `loadStateDict: the state ${parts.filter(Boolean).join(' and ')}. Give the stateDict() of a module built alike.`,
      )
    }
    const loaded = Array.from(own, ([name, target]) => {
      const given = readInput(state[name] as Operand, target.dtype, `loadStateDict (${name})`)
      if (given.rank !== target.rank || given.shape.some((n, axis) => n !== target.shape[axis])) {
        throw new ShapeError(
          `loadStateDict: ${name} is ${showShape(given.shape)} in the state, ${showShape(target.shape)} in the module. Build the module with the same sizes.`,
        )
      }
      return [target, given] as const
    })
    for (const [target, given] of loaded) target.assign(given)
    return this
  }

  /**
   * A table of the layers: name, type, shape of the output, number of parameters; and the total.
   * @param x An example input, in evaluation mode. Default: zeros that fit the first layer, where its sizes tell them;
   * if they fit the model, the shapes are of a batch of 1, else the table has none.
   * @throws What forward throws for an example that does not fit.
   */
  summary(x?: Input): string {
    const rows = this.rows()
    const parts = rows.map(({ part }) => part)
    const guess = x === undefined ? parts.map((part) => part.exampleInput()).find((input) => input !== undefined) : x
    const trace = x === undefined ? tryShapes : traceShapes
    return summarize<Module<unknown>>(this, rows, guess === undefined ? new Map() : trace(this, parts, guess))
  }

  /** The smallest input that fits, where the module's sizes tell it. */
  protected exampleInput(): Value | undefined {
    return undefined
  }

  /** Every module, this one included, once. */
  private rows(): Row<Module<unknown>>[] {
    const rows = new Map<Module<unknown>, { name: string; own: Value[]; inner: boolean }>()
    this.walk('', [this], (name, part, owner) => {
      const row = rows.get(owner)
      if (part instanceof Module) {
        if (row !== undefined && part !== owner) row.inner = true
        if (!rows.has(part)) rows.set(part, { name: name.slice(0, -1), own: [], inner: false })
      } else if (part.requiresGrad && row?.own.includes(part) === false) row.own.push(part)
    })
    return Array.from(rows, ([part, row]) => ({ part, ...row }))
  }
}
