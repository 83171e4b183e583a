/** Value and gradient of a flat trace, node by node: what rolled programs are compared with. */
import { numeric } from '../../src/carriers/numeric.ts'
import { type FlatTrace, NONE } from '../../src/compile/reroll/flat.ts'
import { table } from '../../src/ops/table.ts'

export interface Taped {
  readonly value: number
  readonly gradient: Float64Array
  /**
   * What the gradient would be if nothing cancelled: the sum over all ways from the result to a cell of the magnitude of
   * their share. Rounding is relative to that.
   */
  readonly scale: Float64Array
}

export function tape(trace: FlatTrace, x: ArrayLike<number>): Taped {
  const { inputs, count, kind, kinds, constants } = trace
  const v = new Float64Array(count)
  const read = (id: number) => (id >= 0 ? (v[id] as number) : id === NONE ? 0 : (constants[-1 - id] as number))
  for (let i = 0; i < inputs; i++) v[i] = x[i] as number
  const operandsAt = (i: number) => [trace.a, trace.b, trace.c].map((column) => column[i] as number)
  for (let i = inputs; i < count; i++) {
    const { op, args } = kinds[kind[i] as number] as (typeof kinds)[number]
    const [a, b, c] = operandsAt(i).map(read) as [number, number, number]
    v[i] = op === table.where ? (a !== 0 ? b : c) : (op.scalar as NonNullable<typeof op.scalar>)(a, b, args)
  }
  const [output = 0] = trace.outputs
  const g = new Float64Array(count)
  const scale = new Float64Array(count)
  if (output >= 0) {
    g[output] = 1
    scale[output] = 1
  }
  for (let i = count - 1; i >= inputs; i--) {
    const [own, size] = [g[i] as number, scale[i] as number]
    if (size === 0) continue
    const { op, args } = kinds[kind[i] as number] as (typeof kinds)[number]
    const ids = operandsAt(i)
    const values = ids.map(read)
    const [a, b] = values as [number, number]
    const share = (cotangent: number, k: number): number => {
      if (op.dlist !== null && k === op.held) return 0
      if (op.dlist !== null) return op.dlist(numeric, cotangent, v[i] as number, values, k, args) as number
      const rule = k === 0 ? op.da : op.db
      return rule === null ? 0 : (rule(numeric, cotangent, v[i] as number, a, b, args) as number)
    }
    for (const [k, id] of ids.entries()) {
      if (id < 0) continue
      ;(g[id] as number) += share(own, k)
      ;(scale[id] as number) += Math.abs(share(size, k))
    }
  }
  return { value: read(output), gradient: g.slice(0, inputs), scale: scale.slice(0, inputs) }
}
