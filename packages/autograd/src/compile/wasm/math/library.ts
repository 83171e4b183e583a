/** The functions and tables that formulas have added to a module. */
import type { Code, Signature } from '../../../wasm/code.ts'
import type { WasmModule } from '../../../wasm/module.ts'

/** The tables of all modules, which are the same for each. */
const tables = new Map<string, Uint8Array>()

export class Library {
  private readonly module: WasmModule
  private readonly known: Map<string, number>
  private readonly tables: Map<string, number>
  /** Finds a place in memory for the bytes of a table. */
  place: ((bytes: number) => number) | null

  constructor(module: WasmModule) {
    this.module = module
    this.known = new Map()
    this.tables = new Map()
    this.place = null
  }

  /** Where a table lies in memory; it is made when it is first asked for. */
  table(key: string, make: () => Float64Array): number {
    const known = this.tables.get(key)
    if (known !== undefined) return known
    if (this.place === null) throw new Error(`the table ${key} has no place in memory: call placeTables first`)
    const bytes = tables.get(key) ?? new Uint8Array(make().buffer)
    tables.set(key, bytes)
    const at = this.place(bytes.length)
    this.tables.set(key, at)
    this.module.data(at, bytes)
    return at
  }

  /** The index of a function, which is written when it is first asked for. */
  define(key: string, signature: Signature, write: (code: Code) => void): number {
    const known = this.known.get(key)
    if (known !== undefined) return known
    const { index, code } = this.module.function(signature)
    this.known.set(key, index)
    write(code)
    return index
  }
}

const libraries = new WeakMap<WasmModule, Library>()

export function libraryOf(module: WasmModule): Library {
  const library = libraries.get(module) ?? new Library(module)
  libraries.set(module, library)
  return library
}

/** Says where in memory the tables of a module's formulas may lie, at multiples of 16 bytes. */
export function placeTables(module: WasmModule, place: (bytes: number) => number): void {
  libraryOf(module).place = place
}
