/** Runs a Program in plain JavaScript, statement by statement: for hosts that may not compile WebAssembly. */
import { type FloatArray, NdArray } from '../../data.ts'
import { matmul } from '../../kernels/matmul.ts'
import type { Executable } from '../program/executable.ts'
import type {
  Address,
  Apply,
  Buffer,
  Carry,
  GemmCall,
  HostCall,
  Loop,
  NumberType,
  Program,
  Statement,
  Term,
} from '../program/program.ts'

type Elements = FloatArray | Int32Array
type Action = () => void
type Read = () => number

const bytesOf: Readonly<Record<NumberType, number>> = { f64: 8, f32: 4, i32: 4 }

function allocate({ type, size, data }: Buffer): Elements {
  if (data !== undefined) return data.slice()
  return type === 'f64' ? new Float64Array(size) : type === 'f32' ? new Float32Array(size) : new Int32Array(size)
}

/** Turns every statement into a function over one file of registers. */
class Translator {
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

  private elements(buffer: Buffer): Elements {
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

  private place({ base, terms, index, scale }: Address): Read {
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
        return this.gemm(statement)
      case 'host':
        return this.host(statement)
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

  private gemm(call: GemmCall): Action {
    const { m, n, k, transposeA, transposeB, accumulate } = call
    const a = this.rows(call.a, transposeA ? k : m, transposeA ? m : k, call.lda)
    const b = this.rows(call.b, transposeB ? n : k, transposeB ? k : n, call.ldb)
    const data = this.elements(call.c.buffer)
    const at = this.place(call.c)
    return () => {
      const product = matmul(a(), b(), { transposeA, transposeB }).data
      const start = at()
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          const to = start + i * call.ldc + j
          data[to] = (accumulate ? (data[to] as number) : 0) + (product[i * n + j] as number)
        }
      }
    }
  }

  /** A matrix copied out of memory. */
  private rows(address: Address, rows: number, columns: number, stride: number): () => NdArray {
    const data = this.elements(address.buffer) as FloatArray
    const at = this.place(address)
    return () => {
      const start = at()
      const copy = data.slice(0, rows * columns)
      for (let i = 0; i < rows; i++) {
        copy.set(data.subarray(start + i * stride, start + i * stride + columns), i * columns)
      }
      return new NdArray([rows, columns], copy)
    }
  }

  private host({ run, inputs, output }: HostCall): Action {
    const spans = [output, ...inputs].map(({ address, size }) => {
      const data = this.elements(address.buffer) as FloatArray
      const at = this.place(address)
      return () => data.subarray(at(), at() + size)
    })
    return () => {
      const [out, ...rest] = spans.map((span) => span()) as [FloatArray, ...FloatArray[]]
      run(out, rest)
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
    close: () => {},
  }
}
