/**
 * Functions that walk over memory. Where `Code` writes for a stack machine, instruction by instruction, a routine writes
 * expressions of sizes and addresses, and loops, so that a kernel reads like the loops that it is.
 */
import type { Code } from '../code.ts'
import type { WasmModule } from '../module.ts'
import type { MemoryName, PlainName } from '../opcodes.ts'

export interface Variable {
  readonly local: number
}

/** What is pushed: a whole number, a variable, or what writes an expression of these. */
export type Whole = number | Variable | (() => void)

export class Routine<P extends string> {
  readonly index: number
  readonly code: Code
  readonly params: Readonly<Record<P, Variable>>

  /** A new function of a module; all parameters are i32, and it returns nothing. */
  constructor(module: WasmModule, params: readonly P[]) {
    const { index, code } = module.function({ params: params.map(() => 'i32'), results: [] })
    this.index = index
    this.code = code
    this.params = named(params, (i) => i)
  }

  variables<N extends string>(...names: readonly N[]): Readonly<Record<N, Variable>> {
    return named(names, () => this.code.local('i32'))
  }

  vectors(count: number): Variable[] {
    return Array.from({ length: count }, () => ({ local: this.code.local('v128') }))
  }

  push(...list: readonly Whole[]): void {
    for (const x of list) {
      if (typeof x === 'number') this.code.i32(x)
      else if (typeof x === 'function') x()
      else this.code.get(x.local)
    }
  }

  set(variable: Variable, x: Whole): void {
    this.push(x)
    this.code.set(variable.local)
  }

  /** variable += x */
  advance(variable: Variable, x: Whole): void {
    this.set(variable, this.sum(variable, x))
  }

  private operation(name: PlainName): (first: Whole, ...others: readonly Whole[]) => () => void {
    return (first, ...others) =>
      () => {
        this.push(first)
        for (const x of others) {
          this.push(x)
          this.code.op(name)
        }
      }
  }

  sum(first: Whole, ...others: readonly Whole[]): () => void {
    return this.operation('i32.add')(first, ...others)
  }

  difference(a: Whole, b: Whole): () => void {
    return this.operation('i32.sub')(a, b)
  }

  product(first: Whole, ...others: readonly Whole[]): () => void {
    return this.operation('i32.mul')(first, ...others)
  }

  and(first: Whole, ...others: readonly Whole[]): () => void {
    return this.operation('i32.and')(first, ...others)
  }

  or(first: Whole, ...others: readonly Whole[]): () => void {
    return this.operation('i32.or')(first, ...others)
  }

  /** a op b, for sizes, which are not negative: `lt_u`, `ge_u`, `eq`, `shl`, `shr_u`, `div_u` … */
  whole(name: Extract<PlainName, `i32.${string}`>, a: Whole, b: Whole): () => void {
    return this.operation(name)(a, b)
  }

  not(x: Whole): () => void {
    return () => {
      this.push(x)
      this.code.op('i32.eqz')
    }
  }

  select(condition: Whole, x: Whole, otherwise: Whole): () => void {
    return () => {
      this.push(x, otherwise, condition)
      this.code.op('select')
    }
  }

  min(a: Whole, b: Whole): () => void {
    return this.select(this.whole('i32.lt_u', a, b), a, b)
  }

  if(condition: Whole, then: () => void, otherwise?: () => void): void {
    this.push(condition)
    this.code.if(then, otherwise)
  }

  load(name: MemoryName, address: Whole, offset = 0): () => void {
    return () => {
      this.push(address)
      this.code.mem(name, offset)
    }
  }

  store(name: MemoryName, address: Whole, value: Whole, offset = 0): void {
    this.push(address, value)
    this.code.mem(name, offset)
  }

  /** A vector of zeros. */
  zero(): () => void {
    return () => this.code.i32x4(0)
  }

  call(index: number, ...args: readonly Whole[]): void {
    this.push(...args)
    this.code.call(index)
  }

  return(): void {
    this.code.op('return')
  }

  /** Runs the body `counter` times, 0 or more, and counts it down. */
  times(counter: Variable, body: () => void): void {
    this.if(counter, () => {
      this.code.loop(() => {
        body()
        this.push(this.difference(counter, 1))
        this.code.tee(counter.local).brIf(0)
      })
    })
  }

  /** for (index = 0; index < limit; index += step) */
  each(index: Variable, limit: Whole, step: Whole, body: () => void): void {
    this.set(index, 0)
    this.code.block(() => {
      this.code.loop(() => {
        this.push(this.whole('i32.ge_u', index, limit))
        this.code.brIf(1)
        body()
        this.advance(index, step)
        this.code.br(0)
      })
    })
  }
}

function named<N extends string>(names: readonly N[], local: (i: number) => number): Record<N, Variable> {
  return Object.fromEntries(names.map((name, i) => [name, { local: local(i) }])) as Record<N, Variable>
}
