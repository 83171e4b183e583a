/** A Program as text, for `explain()`. */
import { type Address, type Buffer, convParts, type Program, type Statement, type Term } from './program.ts'

/**
 * The program, one statement a line. Buffers come first with their sizes; terms are numbered as they appear.
 * @example
 * printProgram(program)
 * // buffer x: input f64[1000], 8000 bytes
 * // loop i < 1000 vector
 * //   %0 = x[i]
 * //   %1 = mul(%0, 2)
 * //   y[i] = %1
 */
export function printProgram({ buffers, body }: Program): string {
  const printer = new Printer()
  printer.block(body, '')
  return [...buffers.map(describeBuffer), ...printer.lines].join('\n')
}

function describeBuffer({ name, kind, type, size }: Buffer): string {
  return `buffer ${name}: ${kind} ${type}[${size}], ${size * (type === 'f64' ? 8 : 4)} bytes`
}

const letters = 'ijklmnpqrstuvwxyz'

class Printer {
  readonly lines: string[] = []
  private readonly names: Map<object, string> = new Map()
  private terms = 0
  private loops = 0

  private nameOf(thing: object, make: () => string): string {
    const known = this.names.get(thing)
    if (known !== undefined) return known
    const name = make()
    this.names.set(thing, name)
    return name
  }

  private loopName(loop: object): string {
    return this.nameOf(loop, () => {
      const n = this.loops++
      return `${letters[n % letters.length]}${n < letters.length ? '' : Math.floor(n / letters.length)}`
    })
  }

  private define(term: Term): string {
    return this.nameOf(term, () => `%${this.terms++}`)
  }

  private read(term: Term): string {
    if (term.kind === 'constant') return `${Object.is(term.value, -0) ? '-0' : term.value}`
    if (term.kind === 'counter') return this.loopName(term.loop)
    return this.define(term.kind === 'result' ? term.carry : term)
  }

  private place({ buffer, base, terms, index, scale }: Address): string {
    const parts = terms
      .filter(({ stride }) => stride !== 0)
      .map(({ loop, stride }) => (stride === 1 ? this.loopName(loop) : `${stride}${this.loopName(loop)}`))
    if (index !== null) parts.push(scale === 1 ? this.read(index) : `${scale}·${this.read(index)}`)
    if (base !== 0 || parts.length === 0) parts.unshift(`${base}`)
    return `${buffer.name}[${parts.join(' + ').replaceAll('+ -', '- ')}]`
  }

  block(statements: readonly Statement[], indent: string): void {
    for (const statement of statements) this.statement(statement, indent)
  }

  private statement(s: Statement, indent: string): void {
    const line = (text: string): number => this.lines.push(indent + text)
    switch (s.kind) {
      case 'load':
        line(`${this.define(s)} = ${this.place(s.address)}`)
        return
      case 'apply': {
        const args = s.args === undefined ? [] : [JSON.stringify(s.args)]
        line(`${this.define(s)} = ${s.op.name}(${[...s.inputs.map((x) => this.read(x)), ...args].join(', ')})`)
        return
      }
      case 'convert':
        line(`${this.define(s)} = ${s.type}(${this.read(s.input)})`)
        return
      case 'store':
        line(`${this.place(s.address)} = ${this.read(s.value)}`)
        return
      case 'accumulate':
        line(`${this.place(s.address)} += ${this.read(s.value)}`)
        return
      case 'loop': {
        const marks = [s.vector ? ' vector' : '', s.parallel ? ' parallel' : ''].join('')
        line(`loop ${this.loopName(s)} < ${s.count}${marks}`)
        for (const carry of s.carries) {
          line(`  carry ${this.define(carry)} from ${this.read(carry.init)} (${carry.join ?? 'in order'})`)
        }
        this.block(s.body, `${indent}  `)
        for (const carry of s.carries) {
          if (carry.next !== null) line(`  next ${this.define(carry)} = ${this.read(carry.next)}`)
        }
        return
      }
      case 'gemm': {
        const a = `${this.place(s.a)}${s.transposeA ? 'ᵀ' : ''}`
        const b = `${this.place(s.b)}${s.transposeB ? 'ᵀ' : ''}`
        line(`${this.place(s.c)} ${s.accumulate ? '+=' : '='} ${a} · ${b}  (${s.m} × ${s.k} × ${s.n}, ${s.type})`)
        return
      }
      case 'conv': {
        const { reads, written } = convParts(s)
        const { kernel, output } = s.args
        const sizes = `${s.batch} × ${s.channels} → ${s.outs}, ${kernel.join('×')} at ${output.join('×')} places, ${s.type}`
        line(`${this.place(written)} = ${s.form}(${reads.map((x) => this.place(x)).join(', ')})  (${sizes})`)
        return
      }
      case 'host':
        line(`${this.place(s.output.address)} = ${s.name}(${s.inputs.map((x) => this.place(x.address)).join(', ')})`)
        return
      case 'clear':
        line(`${this.place(s.span.address)} = 0  (${s.span.size})`)
    }
  }
}
