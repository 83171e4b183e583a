/**
 * Gradients with plain products. The rules multiply with `mulNoNan`, where 0 wins over ∞ and NaN; plain products are
 * several times cheaper, and so are sums of multiples as one multiple; both give the same unless an entry of the gradient
 * comes out as NaN or infinite. Then the exact program runs.
 */
import type { FloatArray } from '../../data.ts'
import { table } from '../../ops/table.ts'
import type { Executable } from '../program/executable.ts'
import { type Apply, address, type Buffer, type Carry, type Load, loop, type Program } from '../program/program.ts'

/** The program, and behind it the sum of a buffer in another one: not finite where any of the elements is not. */
export function withCheck(program: Program, checked: Buffer): { readonly program: Program; readonly check: Buffer } {
  const check: Buffer = { name: 'check', type: 'f64', size: 1, kind: 'output' }
  const all = loop(checked.size, { parallel: true, vector: true })
  const carry: Carry = {
    kind: 'carry',
    type: 'f64',
    init: { kind: 'constant', type: 'f64', value: 0 },
    next: null,
    join: 'sum',
  }
  const element: Load = { kind: 'load', type: 'f64', address: address(checked, 0, [{ loop: all, stride: 1 }]) }
  const next: Apply = { kind: 'apply', type: 'f64', op: table.add, inputs: [carry, element], args: undefined }
  carry.next = next
  all.carries.push(carry)
  all.body.push(element, next)
  const total = { kind: 'store', address: address(check, 0), value: { kind: 'result', type: 'f64', carry } } as const
  return { program: { buffers: [...program.buffers, check], body: [...program.body, all, total] }, check }
}

/** Views of one program and of its exact twin, in the same order. */
export interface Twins {
  readonly inputs: readonly FloatArray[]
  readonly outputs: readonly FloatArray[]
}

/** Runs the plain program, and the exact one where that is needed; the results are in the views of the plain one. */
export function runChecked(
  plain: Executable,
  check: FloatArray,
  own: Twins,
  exact: () => { readonly executable: Executable; readonly views: Twins },
): void {
  plain.run()
  if (Number.isFinite(check[0])) return
  const { executable, views } = exact()
  for (const [i, x] of views.inputs.entries()) x.set(own.inputs[i] as FloatArray)
  executable.run()
  for (const [i, y] of own.outputs.entries()) y.set(views.outputs[i] as FloatArray)
}
