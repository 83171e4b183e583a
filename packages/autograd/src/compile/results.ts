/** What a function returns: Values, which its program makes, and around them what comes back as it is. */
import { show, TraceError, UnsupportedError } from '../errors.ts'
import { mode } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { derivationOf } from '../transforms/derived.ts'
import { checkSynchronous } from '../transforms/recording.ts'
import { isPlainObject, mapOperands } from '../transforms/structure.ts'
import { Value, values } from '../value.ts'

type Fn = (...args: never[]) => unknown

/** What a function returned, with something else in the place of each Value. */
export type Frame = unknown

/** Stands for a Value in a frame. */
const PLACE: Value = values.constant(0)

/** A function that returns its Values only, and the frame around those of its latest call. */
export class Results {
  readonly f: Fn
  private latest: Frame

  constructor(f: Fn) {
    this.latest = PLACE
    // What a transform returns holds nothing but Values, and a compiler wants to know that it is one.
    this.f = derivationOf(f) === undefined ? (...args) => this.separate(f(...args)) : f
  }

  /** The frame; undefined where the function returns a single Value. */
  get frame(): Frame | undefined {
    return this.latest === PLACE ? undefined : this.latest
  }

  private separate(result: unknown): unknown {
    this.latest = PLACE
    if (result instanceof Value) return result
    checkFinished(result)
    const list: Value[] = []
    this.latest = mapOperands(result, (x) => {
      if (!(x instanceof Value)) return copyOf(x)
      list.push(x)
      return PLACE
    })
    if (mode.compiling !== undefined) checkFound(result, list)
    return list.length === 0 ? undefined : list
  }
}

/** What the function returned, with these Values. */
export function restored(frame: Frame, list: readonly Value[]): unknown {
  let next = 0
  return mapOperands(frame, (x) => (x === PLACE ? list[next++] : copyOf(x)))
}

/** Lists of numbers are the caller's own. */
function copyOf(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(copyOf)
  return ArrayBuffer.isView(x) && 'slice' in x && typeof x.slice === 'function' ? x.slice() : x
}

/** @throws UnsupportedError for what goes on after the call. */
function checkFinished(result: unknown): void {
  checkSynchronous('compile', result)
  if (typeof result !== 'object' || result === null || !('next' in result)) return
  if (!(Symbol.iterator in result || Symbol.asyncIterator in result)) return
  throw new UnsupportedError(
    'compile: the function is a generator, whose steps run after the call. Give a function that returns its Values.',
  )
}

/** @throws TraceError where there is nothing to compute, or a Value where no program can put its own. */
function checkFound(result: unknown, list: readonly Value[]): void {
  const { compiling } = mode
  if (list.length === 0 && compiling?.effects.length === 0 && compiling.graded.size === 0) {
    throw new TraceError(
      `compile: the function returned ${show(result)}, in which there is no Value, and changed none. Return Values.`,
    )
  }
  const holder = holderOf(result, undefined, new Set())
  if (holder === undefined) return
  throw new TraceError(
    `compile: the function returned a Value inside ${show(holder)}, where its program cannot put its own. Return Values in arrays and plain objects.`,
  )
}

/** The object of a class in which there is a Value that the call made. */
function holderOf(x: unknown, holder: unknown, seen: Set<unknown>): unknown {
  if (typeof x !== 'object' || x === null || ArrayBuffer.isView(x) || seen.has(x)) return undefined
  if (x instanceof Value) {
    const isMade = x.stamp <= (mode.compiling?.clock ?? Number.NEGATIVE_INFINITY) && x.op !== CONSTANT
    return isMade ? holder : undefined
  }
  seen.add(x)
  const own = holder ?? (Array.isArray(x) || isPlainObject(x) ? undefined : x)
  const parts = x instanceof Map ? [...x.keys(), ...x.values()] : x instanceof Set ? [...x] : Object.values(x)
  for (const part of parts) {
    const found = holderOf(part, own, seen)
    if (found !== undefined) return found
  }
  return undefined
}
