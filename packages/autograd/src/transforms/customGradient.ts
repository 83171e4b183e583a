/** A function with a gradient of your own. */
import { type Data, filled } from '../data.ts'
import { GradientError, ShapeError, show, showShape } from '../errors.ts'
import { mode } from '../node.ts'
import { CONSTANT, LEAF, type Op, op } from '../op.ts'
import { sameShape } from '../shape.ts'
import { make, many, type Value, values } from '../value.ts'
import { closedOver } from '../walk.ts'
import { bundle } from './bundle.ts'
import { insideOf, shareOf } from './inside.ts'
import { checkSynchronous, withRecording } from './recording.ts'
import { vjp } from './reverse.ts'
import { argumentValues, type Loose, rebuildArguments, type Valued, valuesLike } from './structure.ts'

/** The function on a list of Values: the result, and the gradients of the list for a cotangent of it. */
export type Call = (list: readonly Value[]) => { readonly root: Value; pull(g: Value): Value[] }

/** What the step of the graph remembers. */
export interface Custom {
  readonly call: Call
  readonly raw: Data
  /** How the value was computed; kept only for a function that is being compiled. */
  readonly root: Value | undefined
  readonly last: number
  /** How many inputs of the step are arguments. */
  readonly count: number
  pull(g: Value): Value[]
}

/** Pictures show arguments that are numbers or text: this is neither. */
export type CustomArgs = { readonly custom: Custom }

export const CUSTOM: Op<CustomArgs> = op<CustomArgs>({
  name: 'customGradient',
  linearity: 'custom',
  forwardList: (_inputs, { custom }) => custom.raw,
  dlist: (k, g, _y, _inputs, index, { custom }) => {
    const { live, toValue, fromValue } = insideOf('customGradient', k)
    const pull = (): Value[] => custom.pull(toValue(g))
    const compute = (): Value[] => (live ? pull() : withRecording('customGradient', false, pull))
    if (index >= custom.count) return 0
    return shareOf(custom, g, index, custom.last, () => compute().map(fromValue))
  },
  // The pullback is linear in the cotangent, so its own pullback is the pushforward.
  pushList: (k, tangents, y, inputs, { custom }) => {
    const { live, toValue, fromValue } = insideOf('customGradient', k)
    const run = (): Value => {
      const along = tangents.slice(0, custom.count).map((t, i) => toValue(t ?? k.mulNoNan(0, inputs[i] ?? 0)))
      const zero = values.mulNoNan(0, toValue(y).detach())
      return vjp((g: Value) => custom.pull(g), zero).pullback(along) as Value
    }
    return fromValue(live ? run() : withRecording('customGradient', false, run))
  },
})

/** Runs the function as one step. */
export function runCustom(call: Call, inputs: readonly Value[]): Value {
  const clock = --mode.clock
  const { root, pull } = call(inputs)
  const last = inputs.findLastIndex((x) => x.op !== CONSTANT)
  const kept = mode.compiling === undefined ? undefined : root
  const custom: Custom = { call, raw: root.raw, root: kept, last, count: inputs.length, pull }
  const live = mode.recording && last >= 0 && isOpen(pull, root, clock, inputs)
  return many(CUSTOM as Op, live ? [...inputs, make(LEAF, 0, 0, 0, undefined)] : inputs, { custom })
}

/**
 * Whether the pullback closes over something differentiable. No gradient flows there, but the gradients depend on it:
 * a leaf among the inputs then tells the transforms to keep them differentiable.
 */
function isOpen(pull: Custom['pull'], root: Value, clock: number, inputs: readonly Value[]): boolean {
  const zero = values.constant(filled(root.shape, 0, root.dtype))
  return pull(zero).some((share) => closedOver(share, clock, inputs).size > 0)
}

/** What errors about its result begin with. */
const PULLBACK = 'the pullback of customGradient'

/** What the pullback returned, as a list: one gradient for one argument, else one for each. */
function gradientsOf(args: readonly unknown[], answer: unknown): Value[] {
  checkSynchronous(PULLBACK, answer)
  const list = args.length === 1 ? [answer] : answer
  if (!Array.isArray(list) || list.length !== args.length) {
    throw new GradientError(
      `customGradient: the pullback returned ${show(answer)} for ${args.length} arguments. Return a list with one gradient for each.`,
    )
  }
  return args.flatMap((arg, i) => valuesLike(PULLBACK, arg, list[i]))
}

function checkGradients(inputs: readonly Value[], gradients: readonly Value[]): Value[] {
  return inputs.map((x, i) => {
    const g = gradients[i] as Value
    if (sameShape(g.shape, x.shape)) return g.dtype === x.dtype ? g : values.cast(g, x.dtype)
    throw new ShapeError(
      `customGradient: the pullback gave the shape ${showShape(g.shape)} for an argument of shape ${showShape(x.shape)}. Return one gradient for each argument, in its shape.`,
    )
  })
}

/** What a function with a gradient of its own returns. */
export interface WithPullback<Args extends readonly unknown[], Result> {
  readonly value: Result
  /** From the cotangent of the result to the gradients: one for one argument, else a list. Linear in the cotangent. */
  pullback(cotangent: Valued<Result>): Args extends readonly [infer Only] ? Loose<Only> : readonly unknown[]
}

/**
 * A function whose gradient is the one that you give: `f` returns the value together with its pullback, as `vjp` does.
 * No gradient flows through the computation of the value, nor to what `f` closes over. What the pullback computes is
 * differentiable as it is written, so higher orders, forward mode and vmap follow from it.
 * @throws GradientError when `f` returns something else; ShapeError when a gradient has not its argument's shape.
 * @example
 * const log1pexp = customGradient((x) => {
 *   const e = x.exp()
 *   return { value: e.add(1).log(), pullback: (g) => g.mul(sub(1, e.add(1).reciprocal())) }
 * })
 */
export function customGradient<Args extends readonly Value[], Result>(
  f: (...args: Args) => WithPullback<Args, Result>,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function customGradient<Args extends readonly unknown[], Result>(
  f: (...args: Args) => WithPullback<Args, Result>,
): (...args: Loose<Args> & readonly unknown[]) => Valued<Result>
export function customGradient(
  f: (...args: never[]) => { readonly value: unknown; pullback(cotangent: never): unknown },
): (...args: unknown[]) => unknown {
  return (...args) => {
    let unpack = (all: Value): unknown => all
    const call: Call = (list) => {
      const result: unknown = f(...(rebuildArguments('customGradient', args, list) as never[]))
      checkSynchronous('customGradient', result)
      if (!isPair(result)) {
        throw new GradientError(
          `customGradient: the function returned ${show(result)}. Return { value, pullback }, as vjp does.`,
        )
      }
      const whole = bundle('customGradient', result.value)
      unpack = whole.unpack
      const pull = (g: Value): Value[] => {
        const answer = result.pullback(whole.unpack(g) as never)
        return checkGradients(list, gradientsOf(args, answer))
      }
      return { root: whole.packed, pull }
    }
    const all = runCustom(call, argumentValues('customGradient', args))
    return unpack(all)
  }
}

function isPair(x: unknown): x is { value: unknown; pullback: (g: never) => unknown } {
  return typeof x === 'object' && x !== null && 'value' in x && 'pullback' in x && typeof x.pullback === 'function'
}
