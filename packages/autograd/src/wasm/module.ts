/** A WebAssembly module: functions, imports, one memory. */
import { Bytes } from './bytes.ts'
import { Code, type Signature, typeCodes } from './code.ts'

const FUNCTION = 0x60

interface ImportedFunction {
  readonly name: string
  readonly signature: Signature
}

/** The imported memory, in pages of 64 KiB. A shared one has a maximum. */
export interface MemoryLimits {
  readonly pages: number
  readonly maximum?: number
  readonly shared?: boolean
}

/**
 * Builds a module. Imports come first (they are numbered before functions of the module), all from the namespace `env`.
 */
export class WasmModule {
  private readonly imports: ImportedFunction[]
  private readonly functions: Code[]
  private readonly exports: { name: string; index: number }[]
  private readonly segments: { at: number; bytes: Uint8Array }[]
  private memory: MemoryLimits | undefined

  constructor() {
    this.imports = []
    this.functions = []
    this.exports = []
    this.segments = []
    this.memory = undefined
  }

  /** Imports env.memory. */
  importMemory(limits: MemoryLimits): void {
    this.memory = limits
  }

  /** Imports env.<name>. Returns the index to call. @throws Error after the first function of the module. */
  importFunction(name: string, signature: Signature): number {
    if (this.functions.length > 0) throw new Error('imports come before functions')
    this.imports.push({ name, signature })
    return this.imports.length - 1
  }

  /** A new function; write its body into `code`. */
  function(signature: Signature): { readonly index: number; readonly code: Code } {
    const code = new Code(signature)
    this.functions.push(code)
    return { index: this.imports.length + this.functions.length - 1, code }
  }

  exportFunction(name: string, index: number): void {
    this.exports.push({ name, index })
  }

  /** Bytes that the memory holds from the start. */
  data(at: number, bytes: Uint8Array): void {
    this.segments.push({ at, bytes })
  }

  /** The bytes of the module. */
  finish(): Uint8Array<ArrayBuffer> {
    const types: string[] = []
    const typeOf = ({ params, results }: Signature): number => {
      const key = `${params.join()}>${results.join()}`
      const at = types.indexOf(key)
      return at >= 0 ? at : types.push(key) - 1
    }
    const imported = this.imports.map(({ signature }) => typeOf(signature))
    const own = this.functions.map(({ signature }) => typeOf(signature))
    const signatures: Signature[] = []
    for (const { signature } of [...this.imports, ...this.functions]) signatures[typeOf(signature)] = signature

    const out = new Bytes()
    out.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    section(out, 1, signatures.length, (s) => {
      for (const { params, results } of signatures) {
        s.byte(FUNCTION)
        s.unsigned(params.length)
        s.append(params.map((type) => typeCodes[type]))
        s.unsigned(results.length)
        s.append(results.map((type) => typeCodes[type]))
      }
    })
    section(out, 2, this.imports.length + (this.memory === undefined ? 0 : 1), (s) => {
      if (this.memory !== undefined) {
        const { pages, maximum, shared = false } = this.memory
        s.text('env')
        s.text('memory')
        s.append([0x02, (maximum === undefined ? 0 : 1) | (shared ? 2 : 0)])
        s.unsigned(pages)
        if (maximum !== undefined) s.unsigned(maximum)
      }
      this.imports.forEach(({ name }, i) => {
        s.text('env')
        s.text(name)
        s.byte(0x00)
        s.unsigned(imported[i] as number)
      })
    })
    section(out, 3, own.length, (s) => {
      for (const type of own) s.unsigned(type)
    })
    section(out, 7, this.exports.length, (s) => {
      for (const { name, index } of this.exports) {
        s.text(name)
        s.byte(0x00)
        s.unsigned(index)
      }
    })
    section(out, 10, this.functions.length, (s) => {
      for (const code of this.functions) {
        const body = code.finish()
        s.unsigned(body.length)
        s.append(body)
      }
    })
    section(out, 11, this.segments.length, (s) => {
      for (const { at, bytes } of this.segments) {
        // Active, in memory 0, at i32.const
        s.append([0x00, 0x41])
        s.signed(at)
        s.byte(0x0b)
        s.unsigned(bytes.length)
        s.append(bytes)
      }
    })
    return out.take()
  }
}

function section(out: Bytes, id: number, count: number, write: (s: Bytes) => void): void {
  if (count === 0) return
  const content = new Bytes()
  content.unsigned(count)
  write(content)
  const bytes = content.take()
  out.byte(id)
  out.unsigned(bytes.length)
  out.append(bytes)
}
