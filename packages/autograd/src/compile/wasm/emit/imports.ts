/** What a module calls in JavaScript: records without instructions of their own, and whole host calls. */

import type { Op } from '../../../op.ts'
import { where } from '../../../ops/comparison.ts'
import { table } from '../../../ops/table.ts'
import type { WasmType } from '../../../wasm/code.ts'
import type { WasmModule } from '../../../wasm/module.ts'
import type { Apply, HostCall } from '../../program/program.ts'
import { inlineFunction, vectorFunction, type Written } from '../math/index.ts'
import { native } from './native.ts'
import type { Step } from './nest.ts'
import { relations } from './uses.ts'

/** A function of the host that the module imports as env.<name>. */
export type HostImport =
  | { readonly name: string; readonly kind: 'scalar'; readonly step: Apply }
  | { readonly name: string; readonly kind: 'call'; readonly step: HostCall }

const records: ReadonlySet<unknown> = new Set(Object.values(table))

/** Writes the vector function of an application into a module; null where there is none. */
export function vectorOf({ op, type, args }: Apply): ((module: WasmModule) => number) | null {
  // A record of a user may have the name of another.
  return records.has(op) ? vectorFunction(op.name, type, args) : null
}

/** The same to write in place. */
export function formulaOf({ op, type, args }: Apply, module: WasmModule): Written | null {
  return records.has(op) ? (inlineFunction(op.name, type, args)?.(module) ?? null) : null
}

export class Imports {
  readonly list: HostImport[] = []
  private readonly scalars: Map<Op, Map<unknown, number>> = new Map()
  private readonly calls: Map<Step, number> = new Map()

  /** Adds what the step calls. All steps are noted before the module has a function, since imports come first. */
  note(step: Step, module: WasmModule): void {
    if (step.kind === 'host') {
      const params = Array.from({ length: step.inputs.length + 1 }, (): WasmType => 'i32')
      const name = `call${this.list.length}`
      this.list.push({ name, kind: 'call', step })
      this.calls.set(step, module.importFunction(name, { params, results: [] }))
    }
    if (step.kind !== 'apply' || step.op === where || native.has(step.op) || relations.has(step.op)) return
    if (vectorOf(step) !== null) return
    const byArgs = this.scalars.get(step.op) ?? new Map<unknown, number>()
    this.scalars.set(step.op, byArgs)
    if (byArgs.has(step.args)) return
    const name = `scalar${this.list.length}`
    this.list.push({ name, kind: 'scalar', step })
    const params = step.inputs.map((): WasmType => 'f64')
    byArgs.set(step.args, module.importFunction(name, { params, results: ['f64'] }))
  }

  /** Whether the step calls JavaScript. */
  has(step: Step): boolean {
    return step.kind === 'host' || (step.kind === 'apply' && this.scalars.get(step.op)?.has(step.args) === true)
  }

  scalarFunction({ op, args }: Apply): number {
    const index = this.scalars.get(op)?.get(args)
    if (index === undefined) throw new Error(`${op.name} is not imported`)
    return index
  }

  hostFunction(step: Step): number {
    const index = this.calls.get(step)
    if (index === undefined) throw new Error('a host call is not imported')
    return index
  }
}
