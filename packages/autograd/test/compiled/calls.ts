/** Single operations as programs: a program for each operation with the same arguments besides its Values. */
import { Value } from '../../src/value.ts'
import { attempt, caches, outside } from './attempt.ts'

type Call = (this: unknown, ...args: never[]) => unknown

const programs = new Map<string, (...values: Value[]) => unknown>()
caches.push(() => programs.clear())
const identities = new WeakMap<object, number>()
let last = 0

/** What tells one from another: objects of classes and functions by what they are, everything else by what it says. */
function keyOf(x: unknown): string {
  if (typeof x === 'number') return Object.is(x, -0) ? '-0' : String(x)
  if ((typeof x !== 'object' && typeof x !== 'function') || x === null) return `${typeof x} ${JSON.stringify(x)}`
  if (Array.isArray(x)) return `[${x.map(keyOf)}]`
  if (isPlain(x)) return `{${Object.entries(x).map(([name, part]) => `${JSON.stringify(name)}:${keyOf(part)}`)}}`
  if (x instanceof Float64Array || x instanceof Float32Array) return `${x.constructor.name}[${x.join()}]`
  const known = identities.get(x) ?? ++last
  identities.set(x, known)
  return `#${known}`
}

/** Objects of options; records of operations and streams of random numbers, which hold functions, are not. */
function isPlain(x: object): x is Record<string, unknown> {
  return Object.getPrototypeOf(x) === Object.prototype && Object.values(x).every((part) => typeof part !== 'function')
}

/** The structure with `f` of each part that is a place. */
function replace(x: unknown, isPlace: (x: unknown) => boolean, f: (x: unknown) => unknown): unknown {
  if (isPlace(x)) return f(x)
  if (Array.isArray(x)) return x.map((part) => replace(part, isPlace, f))
  if (typeof x !== 'object' || x === null || !isPlain(x)) return x
  return Object.fromEntries(Object.entries(x).map(([name, part]) => [name, replace(part, isPlace, f)]))
}

const HERE = Symbol('a Value')
const isValue = (x: unknown): boolean => x instanceof Value
const isHere = (x: unknown): boolean => x === HERE

/** The operation, as a program of its Values wherever a test calls it; what it got besides is part of the program. */
export function compiledCall<F extends Call>(call: F): F {
  return function (this: unknown, ...args: never[]): unknown {
    if (!outside()) return call.apply(this, args)
    const values: Value[] = []
    const rest = replace([this, ...args], isValue, (x) => {
      values.push(x as Value)
      return HERE
    })
    const key = keyOf([call, rest])
    const program =
      programs.get(key) ??
      ((...given: Value[]): unknown => {
        let next = 0
        const [self, ...others] = replace(rest, isHere, () => given[next++]) as readonly never[]
        return call.apply(self, others)
      })
    programs.set(key, program)
    return attempt(program, ...values)
  } as F
}

/** All functions of an object so. */
export function compiledCalls<T extends object>(functions: T): T {
  const calls = Object.entries(functions).map(([name, f]) => [name, typeof f === 'function' ? compiledCall(f) : f])
  return Object.fromEntries(calls) as T
}
