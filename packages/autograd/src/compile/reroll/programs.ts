/** Programs of a rolled trace: its values, or the value and the gradient of one of them. */
import { address, type Buffer, type Program } from '../program/program.ts'
import { Cotangents } from './cotangents.ts'
import { rangeOf } from './fit.ts'
import { Forward } from './forward.ts'
import { Code } from './frame.ts'
import { type Kept, keep } from './keep.ts'
import { type Activity, activityOf, Demand } from './needs.ts'
import { Reverse } from './reverse.ts'
import { countsOf, type Rolled, type Slot } from './rolled.ts'
import { sweep } from './sweep.ts'
import { Target } from './targets.ts'

/**
 * Reads the inputs from the buffer `x` and writes the results to the buffer `value`, in their order.
 * @example
 * const program = valueProgram(rolled)
 */
export function valueProgram(rolled: Rolled): Program {
  const code = new Code(rolled.trace.inputs)
  const value = code.buffer('value', rolled.outputs.length, 'output')
  const demand = new Demand()
  for (const slot of rolled.outputs) demand.wantSlot(slot, 0)
  const forward = new Forward(rolled, code, new Set())
  const wanted = (leaf: Parameters<typeof demand.has>[0]) => demand.has(leaf, 0)
  forward.prepare(wanted)
  forward.items(rolled.items, wanted, 0)
  for (const [i, slot] of rolled.outputs.entries()) code.store(address(value, i), code.slot(slot))
  return sweep({ buffers: code.buffers, body: code.frame.block.statements })
}

export interface GradientOptions {
  /** Which of the results. */
  readonly output: number
  /** The inputs to differentiate by, in ascending order. */
  readonly inputs: readonly number[]
  /**
   * Whether cotangents are multiplied as plain numbers. That is several times cheaper than products in which 0 wins over
   * ∞ and NaN, and the same wherever no entry of the gradient comes out as NaN: then run the program without it.
   */
  readonly plain?: boolean
}

/**
 * Reads the inputs from the buffer `x`, writes the result to `value` and its derivative by inputs[k] to gradient[k].
 * @example
 * const program = gradientProgram(rolled, { output: 0, inputs: [0, 1] })
 */
export function gradientProgram(rolled: Rolled, { output, inputs, plain = false }: GradientOptions): Program {
  const slot = rolled.outputs[output] as Slot

  const chosen = new Uint32Array(rolled.trace.inputs + 1)
  for (const input of inputs) chosen[input + 1] = 1
  for (let i = 0; i < rolled.trace.inputs; i++) (chosen[i + 1] as number) += chosen[i] as number
  const among = (from: number, to: number) => (chosen[to + 1] as number) - (chosen[from] as number)
  const activity = activityOf(rolled, slot, (from, to) => among(from, to) > 0)

  const valued = new Demand()
  valued.wantSlot(slot, 0)
  const kept = keep(activity, demandOf(activity), rolled.lasts)
  const needed = demandOf(activity, kept)
  const code = new Code(rolled.trace.inputs, { plain, kept })
  const value = code.buffer('value', 1, 'output')
  const gradient = code.buffer('gradient', inputs.length, 'output')

  // Places that only chosen inputs meet are written directly, in the buffer of the gradient.
  const first = inputs[0] ?? 0
  const last = inputs.at(-1) ?? -1
  let direct = last - first + 1 === inputs.length
  for (const [leaf, shares] of activity.shares) {
    for (const [i, operand] of leaf.slots.entries()) {
      if (shares[i] === null || operand.kind !== 'input') continue
      const [from, to] = rangeOf(operand.place, countsOf(leaf.path))
      direct &&= from >= first && to <= last
    }
  }
  const buffer = direct ? gradient : code.buffer('adjoint', rolled.trace.inputs, 'scratch')
  const target = new Target(buffer, [], { group: null, first: direct ? first : 0 })
  const stores = (leaf: Parameters<Demand['has']>[0], depth: number) => valued.has(leaf, 0) && !needed.has(leaf, depth)
  const forward = new Forward(rolled, code, needed.histories, stores)
  const cotangents = new Cotangents(code, activity, target, slot)
  const reverse = new Reverse(code, forward, cotangents, { needed, valued, activity })
  reverse.run(rolled.items, () => cotangents.give(slot, code.terms.constant(1)))
  code.store(address(value, 0), code.slot(slot))
  if (!direct) select(code, target.buffer, gradient, inputs)
  return sweep({ buffers: code.buffers, body: code.frame.block.statements })
}

/** What the derivative rules look at, each in the iteration of its node. */
function demandOf({ shares }: Activity, kept?: Kept): Demand {
  const needed = new Demand(kept)
  for (const [leaf, list] of shares) {
    for (const needs of list) {
      if (needs === null) continue
      for (const [i, operand] of leaf.slots.entries()) {
        if ((needs.operands >> i) & 1) needed.wantSlot(operand, leaf.path.length)
      }
      if (needs.result) needed.want(leaf, leaf.path.length)
    }
  }
  return needed
}

/** gradient[k] = adjoint[inputs[k]] */
function select(code: Code, from: Buffer, to: Buffer, inputs: readonly number[]): void {
  for (const [k, input] of inputs.entries()) code.store(address(to, k), code.loadNow(address(from, input)))
}
