/** Vector functions of a module: one WebAssembly function (v128[, v128]) → v128 for each elementwise record it needs. */
import type { Code } from '../../../wasm/code.ts'
import type { WasmModule } from '../../../wasm/module.ts'
import { activation } from './activation.ts'
import { arcs } from './arcs.ts'
import { circular } from './circular.ts'
import { exponential } from './exponential.ts'
import type { Formula, Formulas } from './formula.ts'
import { hyperbolic } from './hyperbolic.ts'
import { type FloatType, Lanes } from './lanes.ts'
import { libraryOf } from './library.ts'
import { logarithm } from './logarithm.ts'
import { normal } from './normal.ts'
import { power } from './power.ts'
import { roots } from './roots.ts'

const formulas: Formulas = {
  ...exponential,
  ...logarithm,
  ...power,
  ...circular,
  ...arcs,
  ...hyperbolic,
  ...normal,
  ...activation,
  ...roots,
}
const binaries: ReadonlySet<string> = new Set(['pow', 'logaddexp', 'atan2', 'hypot', 'direction'])

function formulaOf(name: string): Formula | null {
  return Object.hasOwn(formulas, name) ? (formulas[name] ?? null) : null
}

/**
 * The vector function of an elementwise record, or null where there is none and the record stays in JavaScript. What it
 * returns adds the function to a module, once, and gives its index.
 * @param name the record's name in the table
 * @param args the record's arguments, as `op.scalar` takes them
 * @example
 * const index = vectorFunction('tanh', 'f32', undefined)?.(module)
 */
export function vectorFunction(name: string, type: FloatType, args: unknown): ((module: WasmModule) => number) | null {
  const formula = formulaOf(name)
  if (formula === null) return null
  const params = binaries.has(name) ? (['v128', 'v128'] as const) : (['v128'] as const)
  const key = `${type} ${name} ${Object.values(args ?? {}).join()}`
  return (module) => {
    const library = libraryOf(module)
    return library.define(key, { params, results: ['v128'] }, (code) => {
      const f = new Lanes(type, code, library)
      f.push(formula(f, { local: 0 }, { local: params.length - 1 }, args))
    })
  }
}

/** Writes a formula of inputs in locals, takes more locals as it needs them, and returns the one of the result. */
export type Written = (code: Code, inputs: readonly number[], take?: () => number) => number

/**
 * The same formula written into a function at hand. In a loop this is up to twice as fast as a call, since constants
 * stay in registers; it costs code at each use. Inputs are read only. Null where there is no formula.
 * @example
 * const y = inlineFunction('exp', 'f64', undefined)?.(module)(code, [x])
 */
export function inlineFunction(name: string, type: FloatType, args: unknown): ((module: WasmModule) => Written) | null {
  const formula = formulaOf(name)
  if (formula === null) return null
  return (module) =>
    (code, [a = 0, b = a], take) => {
      const f = new Lanes(type, code, libraryOf(module), { take })
      return formula(f, { local: a }, { local: b }, args).local
    }
}
