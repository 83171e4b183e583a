/** Where the memory of one parameter is: in arrays, or, once a step was compiled, in Values that the program changes. */
import { constant, type FloatArray, type Value, value, zeros } from '@adjoint/autograd'
import { type Memory, type PlainMemory, toPlain } from './memory.ts'

/** A memory as Values in the parameter's shape, and scalars for its numbers; "nothing yet" is zeros. */
export type Leaves<M extends Memory> = { readonly [name in keyof M]: Value }

export class Cell<M extends Memory> {
  private readonly parameter: Value
  private readonly begin: () => M
  private memory: M | undefined
  private held: Leaves<M> | undefined

  /** @param begin Makes the memory of a parameter that took no step yet. */
  constructor(parameter: Value, begin: () => M) {
    this.parameter = parameter
    this.begin = begin
    this.memory = undefined
    this.held = undefined
  }

  /** For a step outside of a program: to be changed, and written back. */
  read(): M {
    this.memory = (this.held === undefined ? this.memory : this.collect(this.held)) ?? this.begin()
    return this.memory
  }

  /** @param memory Undefined for that before the first step. */
  write(memory: M | undefined): void {
    this.memory = memory
    const { held } = this
    if (held === undefined) return
    for (const [name, x] of Object.entries(memory ?? this.begin())) held[name]?.assign(this.dataOf(x))
  }

  /** For a step that is being compiled, which assigns to them. From now on they are the memory. */
  leaves(): Leaves<M> {
    this.held ??= Object.fromEntries(
      Object.entries(this.memory ?? this.begin()).map(([name, x]) => [name, value(this.dataOf(x))]),
    ) as Leaves<M>
    return this.held
  }

  /** For JSON; null before the first step. */
  plain(): PlainMemory | null {
    const memory = this.held === undefined ? this.memory : this.collect(this.held)
    return memory === undefined ? null : toPlain(memory)
  }

  private dataOf(x: number | FloatArray): Value {
    if (typeof x === 'number') return constant(x)
    const { shape, dtype } = this.parameter
    return x.length === 0 ? zeros(shape, { dtype }) : constant(x, { shape })
  }

  /** A program tells nobody that it ran; all zeros are what is remembered before the first step: undefined. */
  private collect(held: Leaves<M>): M | undefined {
    const numbers = Object.entries(this.begin()).map(([name, fresh]) => {
      const leaf = held[name] as Value
      return [name, typeof fresh === 'number' ? leaf.item() : leaf.data.slice()] as const
    })
    const isEmpty = numbers.every(([, x]) => (typeof x === 'number' ? x === 0 : x.every((y) => y === 0)))
    return isEmpty ? undefined : (Object.fromEntries(numbers) as M)
  }
}
