/** The transforms, with programs for the functions that they make. */
import * as plain from '../../src/index.ts'
import { asWritten, attempt, compiled, orAsWritten, outside, programOf } from './attempt.ts'

type Fn = (...args: never[]) => unknown
type Make = (f: never, ...options: never[]) => Fn

const made = new WeakMap<Fn, Map<string, Fn>>()

/** The transform, whose functions are compiled; for the same function and options the same program. */
function making<M extends Make>(transform: M): M {
  const replacement: unknown = (f: Fn, ...options: readonly unknown[]) => {
    const make = (): Fn => compiled(transform(f as never, ...(options as never[])))
    if (typeof f !== 'function') return make()
    const key = `${transform.name} ${JSON.stringify(options)}`
    const own = made.get(f) ?? new Map<string, Fn>()
    made.set(f, own)
    const known = own.get(key) ?? make()
    own.set(key, known)
    return known
  }
  return replacement as M
}

export const grad: typeof plain.grad = making(plain.grad)
export const valueAndGrad: typeof plain.valueAndGrad = making(plain.valueAndGrad)
export const jacobian: typeof plain.jacobian = making(plain.jacobian)
export const hessian: typeof plain.hessian = making(plain.hessian)
export const hvp: typeof plain.hvp = making(plain.hvp)
export const vmap: typeof plain.vmap = making(plain.vmap)
export const checkpoint: typeof plain.checkpoint = making(plain.checkpoint)
export const customGradient: typeof plain.customGradient = making(plain.customGradient)

/** Directional derivatives as programs of the arguments and tangents, one for each function and number of arguments. */
const pushes = new WeakMap<Fn, Fn[]>()

function pushOf(f: Fn, count: number): Fn {
  const own = pushes.get(f) ?? []
  pushes.set(f, own)
  own[count] ??= (...given: never[]) => plain.jvp(f, given.slice(0, count), given.slice(count))
  return own[count]
}

export const jvp: typeof plain.jvp = ((f: Fn, args: never[], tangents: never[]) => {
  const fits = Array.isArray(args) && Array.isArray(tangents) && args.length === tangents.length
  if (!outside() || typeof f !== 'function' || !fits) return plain.jvp(f, args, tangents)
  return attempt(pushOf(f, args.length), ...args, ...tangents)
}) as typeof plain.jvp

/** The pullback is a program of its own. */
export const vjp: typeof plain.vjp = ((f: Fn, ...args: never[]) => {
  if (!outside() || typeof f !== 'function') return plain.vjp(f, ...args)
  const run = (g: Fn): unknown => {
    const { value, pullback } = plain.vjp(g, ...args) as { value: unknown; pullback: Fn }
    return { value, pullback: (seed: never) => asWritten(() => pullback(seed)) }
  }
  return orAsWritten(
    () => run(programOf(f)),
    () => run(f),
  )
}) as typeof plain.vjp

const scanning = (f: Fn, init: never, xs: never, ...options: never[]): unknown => {
  const loop = plain.scan as Fn
  if (!outside() || typeof f !== 'function') return loop(f as never, init, xs, ...options)
  const run = (start: never, rows: never): unknown => loop(f as never, start, rows, ...options)
  return attempt(run, init, xs)
}

export const scan: typeof plain.scan = scanning as never
