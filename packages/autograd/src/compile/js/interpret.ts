/** Runs a Program in plain JavaScript, statement by statement: for hosts that may not compile WebAssembly. */
import type { Executable } from '../program/executable.ts'
import type { Address, Apply, Buffer, Carry, Loop, NumberType, Program, Statement, Term } from '../program/program.ts'
import { type Access, type Action, convAction, type Elements, gemmAction, hostAction, type Read } from './calls.ts'

const bytesOf: Readonly<Record<NumberType, number>> = { f64: 8, f32: 4, i32: 4 }

function allocate({ type, size, data }: Buffer): Elements {
  if (data !== undefined) return data.slice()
  return type === 'f64' ? new Float64Array(size) : type === 'f32' ? new Float32Array(size) : new Int32Array(size)
}

/** Turns every statement into a function over one file of registers. */
class Translator implements Access {
  private readonly memory: ReadonlyMap<Buffer, Elements>
  private readonly registers: number[]
  private readonly slots: Map<Term, number>
  private readonly counters: Map<Loop, number>

  constructor(memory: ReadonlyMap<Buffer, Elements>) {
    this.memory = memory
    this.registers = []
    this.slots = new Map()
    this.counters = new Map()
  }

  private slot<K>(slots: Map<K, number>, key: K): number {
    const known = slots.get(key)
    if (known !== undefined) return known
    slots.set(key, this.registers.length)
    return this.registers.push(0) - 1
  }

  elements(buffer: Buffer): Elements {
    const elements = this.memory.get(buffer)
    if (elements === undefined) throw new Error(`the buffer ${buffer.name} is not part of the program`)
    return elements
  }

  private read(term: Term): Read {
    if (term.kind === 'constant') {
      const { value } = term
      return () => value
    }
    const { registers } = this
    const slot = this.slotOf(term)
    return () => registers[slot] as number
  }

  private slotOf(term: Term): number {
    if (term.kind === 'counter') return this.slot(this.counters, term.loop)
    return this.slot<Term>(this.slots, term.kind === 'result' ? term.carry : term)
  }

  place({ base, terms, index, scale }: Address): Read {
    const { registers } = this
    const parts = terms.map(({ loop, stride }) => ({ slot: this.slot(this.counters, loop), stride }))
    const affine = (): number => {
      let at = base
      for (const { slot, stride } of parts) at += stride * (registers[slot] as number)
      return at
    }
    if (index === null) return affine
    const offset = this.read(index)
    return () => affine() + scale * offset()
  }

  private assign(term: Term, compute: Read): Action {
    const { registers } = this
    const slot = this.slotOf(term)
    return () => {
      registers[slot] = compute()
    }
  }

  block(statements: readonly Statement[]): Action {
    const actions = statements.map((statement) => this.statement(statement))
    return () => {
      for (const action of actions) action()
    }
  }

  private statement(statement: Statement): Action {
    switch (statement.kind) {
      case 'load': {
        const data = this.elements(statement.address.buffer)
        const at = this.place(statement.address)
        return this.assign(statement, () => data[at()] as number)
      }
      case 'apply':
        return this.assign(statement, this.apply(statement))
      case 'convert': {
        const input = this.read(statement.input)
        if (statement.type === 'i32') return this.assign(statement, () => Math.trunc(input()))
        return this.assign(statement, statement.type === 'f32' ? () => Math.fround(input()) : input)
      }
      case 'store':
      case 'accumulate': {
        const data = this.elements(statement.address.buffer)
        const at = this.place(statement.address)
        const value = this.read(statement.value)
        if (statement.kind === 'store') {
          return () => {
            data[at()] = value()
          }
        }
        return () => {
          const i = at()
          data[i] = (data[i] as number) + value()
        }
      }
      case 'loop':
        return this.loop(statement)
      case 'gemm':
        return gemmAction(this, statement)
      case 'conv':
        return convAction(this, statement)
      case 'host':
        return hostAction(this, statement)
      case 'clear': {
        const data = this.elements(statement.span.address.buffer)
        const at = this.place(statement.span.address)
        return () => {
          data.fill(0, at(), at() + statement.span.size)
        }
      }
    }
  }

  private apply({ op, inputs, args, type }: Apply): Read {
    const reads = inputs.map((input) => this.read(input))
    const [a, b, c] = reads as [Read, Read, Read]
    const compute = ((): Read => {
      if (op.name === 'where') return () => (a() !== 0 ? b() : c())
      const { scalar } = op
      if (scalar === null) throw new Error(`${op.name} is not elementwise`)
      return op.arity === 1 ? () => scalar(a(), 0, args) : () => scalar(a(), b(), args)
    })()
    return type === 'f32' ? () => Math.fround(compute()) : compute
  }

  private loop(loop: Loop): Action {
    const { registers } = this
    const counter = this.slot(this.counters, loop)
    const starts = loop.carries.map((carry) => this.assign(carry, this.read(carry.init)))
    const body = this.block(loop.body)
    const nexts = loop.carries.map((carry) => this.read(nextOf(carry)))
    const slots = loop.carries.map((carry) => this.slotOf(carry))
    const held = nexts.map(() => 0)
    return () => {
      for (const start of starts) start()
      for (let i = 0; i < loop.count; i++) {
        registers[counter] = i
        body()
        for (let j = 0; j < nexts.length; j++) held[j] = (nexts[j] as Read)()
        for (let j = 0; j < nexts.length; j++) registers[slots[j] as number] = held[j] as number
      }
    }
  }
}

export function nextOf({ next }: Carry): Term {
  if (next === null) throw new Error('a carry has no next value')
  return next
}

/** The program as closures over typed arrays. */
export function interpret(program: Program): Executable {
  const memory = new Map(program.buffers.map((buffer) => [buffer, allocate(buffer)]))
  const run = new Translator(memory).block(program.body)
  return {
    run,
    view: (buffer) => {
      const elements = memory.get(buffer)
      if (elements === undefined) throw new Error(`the buffer ${buffer.name} is not part of the program`)
      return elements
    },
    bytes: new Uint8Array(0),
    memory: program.buffers.reduce((sum, { type, size }) => sum + bytesOf[type] * size, 0),
    threads: 1,
    divided: 0,
    close: () => {},
  }
}
