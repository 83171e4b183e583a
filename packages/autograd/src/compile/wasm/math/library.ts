/** The functions that formulas have added to a module. */
import type { Code, Signature } from '../../../wasm/code.ts'
import type { WasmModule } from '../../../wasm/module.ts'

export class Library {
  private readonly module: WasmModule
  private readonly known: Map<string, number>

  constructor(module: WasmModule) {
    this.module = module
    this.known = new Map()
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
