/** Reverse mode as functions: vjp, grad, valueAndGrad. */
import { numericReader } from '../carriers/numeric.ts'
import { type Data, filled } from '../data.ts'
import { GradientError, show, showShape } from '../errors.ts'
import { backpropagate } from '../graph.ts'
import { checkOptions } from '../guard.ts'
import { mode, type Node } from '../node.ts'
import { seedOf, Value, valueReader, values } from '../value.ts'
import { type Begun, derivedFrom } from './derived.ts'
import { checkSynchronous, withRecording } from './recording.ts'
import { type Loose, rebuild, type Valued, valuesLike, valuesOf } from './structure.ts'
import { settle, type Trace, traceCall } from './trace.ts'

export interface PullBack {
  readonly cotangents: readonly Value[]
  /** Whether they are differentiable themselves. */
  readonly live: boolean
}

/** The cotangents of the traced arguments, then of the sources, for one of `root`; zeros where nothing flows. */
export function pullBack({ inputs, token, recording, ...trace }: Trace, root: Value, seed: Value): PullBack {
  const { sources } = token
  const wanted: readonly Value[] = sources === undefined ? inputs : [...inputs, ...(sources as ReadonlySet<Value>)]
  const zeros = (x: Value): Value => values.constant(filled(x.shape, 0, x.dtype))
  if (!root.requiresGrad) return { cotangents: wanted.map(zeros), live: false }
  const isWanted = (node: Node): boolean => node.args === token || sources?.has(node) === true
  const found = new Map<Node, Value>()
  let live = false
  withRecording('backward', recording, () =>
    backpropagate(root, token, (open, run) => {
      live = recording && (trace.live || open || seed.requiresGrad)
      // While vmap records, gradients of constants are recorded too: they may depend on its examples.
      if (live || mode.tracing > 0) {
        run(valueReader, seed, (node, g) => isWanted(node) && found.set(node, live ? g : g.detach()))
      } else run<Data>(numericReader, seed.raw, (node, g) => isWanted(node) && found.set(node, values.constant(g)))
    }),
  )
  return { cotangents: wanted.map((input) => found.get(input) ?? zeros(input)), live }
}

/** The result of the traced function as a Value. @throws GradientError when it is something else. */
export function resultOf(name: string, result: unknown): Value {
  if (result instanceof Value) return result
  if (typeof result === 'number') return values.constant(result)
  throw new GradientError(`${name}: the function returned ${show(result)}. Return a Value.`)
}

/** The Values of a function's result. @throws GradientError when there is none; UnsupportedError for a promise. */
export function outputsOf(name: string, result: unknown): Value[] {
  checkSynchronous(name, result)
  const outputs = valuesOf(name, result)
  if (outputs.length > 0) return outputs
  throw new GradientError(
    `${name}: the function returned ${show(result)}, in which there is no Value. Return Values. Lists and plain objects may hold them.`,
  )
}

function indicesOf(name: string, argument: number | readonly number[], count: number): readonly number[] {
  const chosen = typeof argument === 'number' ? [argument] : argument
  for (const index of chosen) {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new GradientError(
        `${name}: argument ${index} was asked for, but the function got ${count} argument${count === 1 ? '' : 's'}. Count from 0.`,
      )
    }
  }
  return chosen
}

/** One gradient with the structure of its argument, or a list for a list of arguments. */
export type Gradient<Args extends readonly unknown[], Chosen> = Chosen extends number
  ? Valued<Args[Chosen]>
  : Chosen extends readonly number[]
    ? { -readonly [Place in keyof Chosen]: Valued<Args[Chosen[Place] & keyof Args]> }
    : never

type Chosen = number | readonly number[]
type Calls<Args extends readonly unknown[], Result> = (...args: Loose<Args> & readonly unknown[]) => Result

const known = ['argument']

/** The chosen argument, or arguments. */
function argumentOf(name: string, options: { readonly argument?: Chosen } | undefined): Chosen {
  checkOptions(name, options, known)
  return options?.argument ?? 0
}

/**
 * The function that returns both the value and the gradient of `f`, from one forward pass. Arguments may be numbers,
 * arrays, Values, or nested objects and lists of these; the gradient has the argument's structure, and composes.
 * @throws GradientError when `f` does not return a Value with one element.
 * @example valueAndGrad((x) => x.square())(3) // { value: 9, grad: 6 }, both Values
 */
export function valueAndGrad<Args extends readonly Value[], const By extends Chosen = 0>(
  f: (...args: Args) => Value,
  options?: { readonly argument?: By },
): Calls<Args, { value: Value; grad: Gradient<Args, By> }>
export function valueAndGrad<Args extends readonly unknown[], const By extends Chosen = 0>(
  f: (...args: Args) => Value,
  options?: { readonly argument?: By },
): Calls<Args, { value: Value; grad: Gradient<Args, By> }>
export function valueAndGrad(
  f: (...args: never[]) => Value,
  options?: { readonly argument?: Chosen },
): (...args: unknown[]) => { value: Value; grad: unknown } {
  const argument = argumentOf('valueAndGrad', options)
  const begin = (args: readonly unknown[]) => beginGradient('valueAndGrad', f, args, argument)
  const both = (...args: unknown[]) => begin(args).finish()
  return derivedFrom(both, { begin, argument, withValue: true })
}

interface ValueAndSlope {
  readonly value: Value
  readonly grad: unknown
}

/** The value, and what is left to do for the gradient, under the name of the transform that the user called. */
function beginGradient(
  name: string,
  f: (...args: never[]) => Value,
  args: readonly unknown[],
  argument: Chosen,
): { readonly value: Value; finish(): ValueAndSlope } {
  const chosen = indicesOf(name, argument, args.length)
  const trace = traceCall(name, f, args, chosen)
  const y = resultOf(name, trace.result)
  if (y.size !== 1) {
    throw new GradientError(
      `${name}: the function returned a Value of shape ${showShape(y.shape)}; a gradient needs a single number. Reduce it with sum() or mean(), or use jacobian.`,
    )
  }
  const finish = (): ValueAndSlope => {
    const { cotangents, live } = pullBack(trace, y, values.constant(filled(y.shape, 1, y.dtype)))
    const grads = distribute(args, chosen, cotangents)
    return { value: live ? y : y.detach(), grad: typeof argument === 'number' ? grads[0] : grads }
  }
  return { value: y, finish }
}

/** The gradient by the one argument, under the name of the transform that the user called. */
export function slopeOf<X>(name: string, f: (x: X) => Value): (x: X) => Valued<X> {
  return (x) => beginGradient(name, f, [x], 0).finish().grad as Valued<X>
}

/** For each chosen argument its cotangents, in its structure. The flat list has them in the order of the arguments. */
function distribute(args: readonly unknown[], chosen: readonly number[], cotangents: readonly Value[]): unknown[] {
  let next = 0
  const structured = args.map((arg, index) => {
    if (!chosen.includes(index)) return undefined
    const count = valuesOf('grad', arg).length
    next += count
    return rebuild('grad', arg, cotangents.slice(next - count, next))
  })
  return chosen.map((index) => structured[index])
}

/**
 * The gradient of a scalar function.
 * @throws GradientError when `f` does not return a Value with one element.
 * @example
 * grad((x) => x.pow(3))(2) // 12
 * grad(grad((x) => x.pow(3)))(2) // 12: the second derivative, 6x
 */
export function grad<Args extends readonly Value[], const By extends Chosen = 0>(
  f: (...args: Args) => Value,
  options?: { readonly argument?: By },
): Calls<Args, Gradient<Args, By>>
export function grad<Args extends readonly unknown[], const By extends Chosen = 0>(
  f: (...args: Args) => Value,
  options?: { readonly argument?: By },
): Calls<Args, Gradient<Args, By>>
export function grad(
  f: (...args: never[]) => Value,
  options?: { readonly argument?: Chosen },
): (...args: unknown[]) => unknown {
  const argument = argumentOf('grad', options)
  const begin = (args: readonly unknown[]): Begun => {
    const { value, finish } = beginGradient('grad', f, args, argument)
    return { value, finish: () => finish().grad }
  }
  const slope = (...args: unknown[]): unknown => begin(args).finish()
  return derivedFrom(slope, { begin, argument, withValue: false })
}

/** The value of a function, and the way back from a cotangent of it to the gradients of the arguments. */
export interface Pullback<Args extends readonly unknown[], Result> {
  readonly value: Valued<Result>
  readonly pullback: (cotangent: Loose<Result>) => Args extends readonly [infer Only] ? Valued<Only> : Valued<Args>
}

/**
 * The value of `f` and its pullback: the function from a cotangent of the result to the gradients of the arguments,
 * one for one argument, else a list.
 * @throws ShapeError when the cotangent does not have the structure and shapes of the result.
 * @example
 * const { value, pullback } = vjp((x) => x.square(), [1, 2, 3])
 * pullback([1, 0, 0]) // [2, 0, 0]
 */
export function vjp<Args extends readonly Value[], Result>(
  f: (...args: Args) => Result,
  ...args: NoInfer<Loose<Args> & readonly unknown[]>
): Pullback<Args, Result>
export function vjp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  ...args: NoInfer<Loose<Args> & readonly unknown[]>
): Pullback<Args, Result>
export function vjp(f: (...args: never[]) => unknown, ...args: unknown[]): Pullback<readonly unknown[], unknown> {
  const chosen = args.map((_, index) => index)
  const trace = traceCall('vjp', f, args, chosen)
  const outputs = outputsOf('vjp', trace.result)
  const pullback = (cotangent: unknown): unknown => {
    const seeds = valuesLike('vjp', trace.result, cotangent)
    const sums = outputs.map((y, i) => pullBack(trace, y, y.requiresGrad ? seedOf('vjp', y, seeds[i]) : y).cotangents)
    const totals = trace.inputs.map((_, i) => sums.map((list) => list[i] as Value).reduce((x, y) => x.add(y)))
    const grads = distribute(args, chosen, totals)
    return args.length === 1 ? grads[0] : grads
  }
  const value = rebuild(
    'vjp',
    trace.result,
    outputs.map((y) => settle(trace, y)),
  )
  return { value, pullback } as never
}
