/** What all optimizers share: the step over the parameters, and the state that is kept. */
import { DomainError, type FloatArray, GradientError, isCompiling, ShapeError, type Value } from '@adjoint/autograd'
import { checkOptions, complete, show } from '../options.ts'
import { Cell, type Leaves } from './cell.ts'
import { type CommonOptions, type Group, type Parameters, readGroups } from './groups.ts'
import { fillMemory, type Memory, type PlainMemory } from './memory.ts'

/** Options and memories as plain numbers, ready for JSON. */
export interface OptimizerState {
  readonly groups: readonly Readonly<Record<string, unknown>>[]
  /** One entry a parameter, in the order of the groups; null before its first step. */
  readonly parameters: readonly (PlainMemory | null)[]
}

/** From a parameter and its gradient to the parameter after the step; assigns to what it asks for of the memory. */
export type TracedRule<M extends Memory> = (parameter: Value, gradient: Value, memory: () => Leaves<M>) => Value

/**
 * The base of the optimizers. One is written by its `begin` (what it remembers of a parameter) and its `update` (the
 * rule for one parameter).
 */
export abstract class Optimizer<Options extends CommonOptions, M extends Memory> {
  /** The parameters with their options; schedules and users may change the options in here. */
  readonly groups: readonly Group<Options>[]
  /** The options that are true or false. */
  private readonly switches: readonly string[]
  /** One a parameter, in the order of the groups. */
  private readonly cells: readonly Cell<M>[]

  /**
   * @param defaults Every option that there is, with its value unless given.
   * @param options What the caller gave.
   * @throws DomainError for no parameters, one that is given twice, options unknown or out of range.
   */
  constructor(parameters: Parameters<Options>, defaults: Options, options: Partial<Options> = {}) {
    checkOptions(this.name, options, defaults)
    this.groups = readGroups(this.name, parameters).map((group) => {
      checkOptions(this.name, group, { ...defaults, parameters: true })
      return { ...complete<Options>(defaults, options, group), parameters: group.parameters }
    })
    this.switches = Object.keys(defaults).filter((name) => typeof defaults[name as keyof Options] === 'boolean')
    for (const group of this.groups) this.checkGroup(group)
    this.cells = this.groups.flatMap((group) =>
      group.parameters.map((parameter) => new Cell(parameter, () => this.begin(parameter, group))),
    )
  }

  protected get name(): string {
    return this.constructor.name
  }

  /** What to remember of a parameter before its first step. */
  protected abstract begin(parameter: Value, group: Group<Options>): M

  /**
   * Applies the rule: changes `data` (which becomes the parameter) and `memory`. Keeps neither array beyond the call: in
   * a compiled step both are memory of the program.
   */
  protected abstract update(data: FloatArray, gradient: FloatArray, memory: M, group: Group<Options>): void

  private checkGroup(group: Group<Options>): void {
    for (const name of this.switches) {
      const given = group[name as keyof Options]
      if (typeof given === 'boolean') continue
      throw new DomainError(`${this.name}: ${name} is ${show(given)}. Give true or false.`)
    }
    this.check(group)
  }

  /**
   * The rule in operations, for a compiled step, which then computes it like everything else; it gives what `update`
   * gives. Undefined where `update` runs in JavaScript instead, at each call of the program.
   */
  protected traced(_group: Group<Options>): TracedRule<M> | undefined {
    return undefined
  }

  /** Whether `update` was overridden without `traced`, which then is the rule of another class. */
  private get hasOwnUpdate(): boolean {
    let owner: object = this
    while (!Object.hasOwn(owner, 'update') && !Object.hasOwn(owner, 'traced')) owner = Object.getPrototypeOf(owner)
    return !Object.hasOwn(owner, 'traced')
  }

  /** Checks the options of a group; an optimizer with more of them adds its own checks. @throws DomainError */
  protected check({ learningRate, weightDecay }: Options): void {
    this.checkRange('learningRate', learningRate)
    this.checkRange('weightDecay', weightDecay)
  }

  /** @throws DomainError unless 0 ≤ x < high. */
  protected checkRange(option: string, x: number, high: number = Number.POSITIVE_INFINITY): void {
    if (typeof x === 'number' && x >= 0 && x < high) return
    const range = high === Number.POSITIVE_INFINITY ? '0 or more' : `from 0 up to, not including, ${high}`
    throw new DomainError(`${this.name}: ${option} is ${show(x)}. Give a number, ${range}.`)
  }

  /**
   * Updates every parameter from its gradient; parameters without one stay as they are. In a compiled function the
   * update is made at each call of the program, with the options that the groups have then.
   * @param closure Computes the loss and its gradients anew, and returns the loss; called first.
   * @returns What the closure returned.
   * @throws GradientError when no parameter has a gradient; DomainError for a closure that is no function.
   */
  step(closure?: () => Value): Value | undefined {
    if (closure !== undefined && typeof closure !== 'function') {
      throw new DomainError(
        `${this.name}: step got ${show(closure)}. Give a function that returns the loss, or nothing.`,
      )
    }
    const loss = closure?.()
    let index = 0
    let stepped = false
    for (const group of this.groups) {
      const rule = isCompiling() && !this.hasOwnUpdate ? this.traced(group) : undefined
      for (const parameter of group.parameters) {
        const cell = this.cells[index++] as Cell<M>
        if (!parameter.hasGrad) continue
        stepped = true
        if (rule !== undefined) {
          parameter.assign(rule(parameter, parameter.grad, () => cell.leaves()))
          continue
        }
        // Looked up when the edit runs, which in a compiled step is at each call: schedules change the options of the
        // group, and loadStateDict replaces the memories.
        parameter.update((data, gradient) => {
          const memory = cell.read()
          this.update(data, gradient, memory, group)
          cell.write(memory)
        }, parameter.grad)
      }
    }
    if (!stepped) {
      throw new GradientError(
        `${this.name}: step found no gradient on any of its ${index} parameters. Call backward() on the loss after zeroGrad() and before step(), and give the optimizer the parameters of the model that made the loss.`,
      )
    }
    return loss
  }

  /** Forgets the gradient of every parameter. */
  zeroGrad(): void {
    for (const group of this.groups) {
      for (const parameter of group.parameters) parameter.zeroGrad()
    }
  }

  /** A snapshot of the options and of what the optimizer remembers, as plain numbers. */
  stateDict(): OptimizerState {
    return {
      groups: this.groups.map(({ parameters: _, ...options }) => structuredClone(options)),
      parameters: this.cells.map((cell) => cell.plain()),
    }
  }

  /**
   * Puts a snapshot back, or none of it.
   * @throws DomainError for what is no state, or another optimizer's, or when the groups differ in number, or an option
   * is out of range; ShapeError when the parameters differ.
   */
  loadStateDict(state: OptimizerState): this {
    const { groups, parameters }: Partial<OptimizerState> = state ?? {}
    if (!Array.isArray(groups) || !Array.isArray(parameters)) {
      throw new DomainError(`loadStateDict: got ${show(state)} without groups and parameters. Give a stateDict().`)
    }
    if (groups.length !== this.groups.length) {
      throw new DomainError(
        `loadStateDict: the state has ${groups.length} groups, this ${this.name} has ${this.groups.length}. Build it with the same groups.`,
      )
    }
    const all = this.groups.flatMap((group) => group.parameters.map((parameter) => ({ parameter, group })))
    if (parameters.length !== all.length) {
      throw new ShapeError(
        `loadStateDict: the state has ${parameters.length} parameters, this ${this.name} has ${all.length}. Give it the same parameters.`,
      )
    }
    const loaded = all.map(({ parameter, group }, i) => {
      const plain = parameters[i] ?? null
      return plain === null ? undefined : fillMemory(this.begin(parameter, group), plain, parameter, i)
    })
    const options = this.groups.map((group, i) => {
      const { parameters: _, ...own } = group
      const given = groups[i]
      checkOptions(`loadStateDict (${this.name})`, given, own)
      this.checkGroup({ ...group, ...given })
      return structuredClone(given)
    })
    for (const [i, group] of this.groups.entries()) Object.assign(group, options[i])
    for (const [i, cell] of this.cells.entries()) cell.write(loaded[i])
    return this
  }
}

/** The gradient that a traced rule follows: up or down, with the penalty on the weights. */
export function penalised(p: Value, gradient: Value, weightDecay: number, maximize: boolean): Value {
  const signed = maximize ? gradient.neg() : gradient
  return weightDecay === 0 ? signed : signed.add(p.mul(weightDecay))
}
