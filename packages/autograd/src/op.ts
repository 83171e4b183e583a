/** What an operation is: one record. Derivative rules are written in the words of a Carrier, never of a number type. */
import type { Algebra } from './algebra.ts'
import type { Data, NdArray } from './data.ts'

// Whoever writes a record writes its rules: both come from here.
export * from './algebra.ts'

/**
 * What rules compute with. Numbers and typed arrays give first-order gradients; Values give gradients that are
 * differentiable again; text gives formulas.
 */
export interface Carrier<T> extends Algebra<T> {
  /** Applies any record, a user's own included. */
  apply(op: Op, a: T | number, b: T | number, args: unknown): T
  applyList(op: Op, inputs: readonly (T | number)[], args: unknown): T
}

/** A derivative rule: the cotangent `g` of the output `y` pulled back to one input. `T` may be any carrier's. */
export type Rule<A> = {
  // A method, so that a record with narrow arguments still is an Op.
  pull<T>(k: Carrier<T>, g: T, y: T, a: T | number, b: T | number, args: A): T | number
}['pull']

/** The same for an operation with a list of inputs: the cotangent of the input at `index`. */
export type ListRule<A> = {
  pull<T>(k: Carrier<T>, g: T, y: T, inputs: readonly (T | number)[], index: number, args: A): T | number
}['pull']

/** The tangent of the output from the tangent of the (only) differentiable input `a`. */
export type TangentRule<A> = {
  push<T>(k: Carrier<T>, t: T | number, y: T, a: T | number, b: T | number, args: A): T | number
}['push']

/** The same for an operation with a list of inputs, some of which have a tangent. */
export type ListTangentRule<A> = {
  push<T>(
    k: Carrier<T>,
    tangents: readonly (T | undefined)[],
    y: T,
    inputs: readonly (T | number)[],
    args: A,
  ): T | number
}['push']

/** An input of an operation that runs over many examples at once: `mapped`, it has them along axis 0. */
export type Batched<T> = { readonly x: T | number; readonly mapped: boolean }

/** The operation over `size` examples at once, where at least one input is mapped; so is the result. */
export type BatchRule<A> = {
  batch<T>(k: Carrier<T>, inputs: readonly Batched<T>[], args: A, size: number): T
}['batch']

type Forward<A> = { run(a: Data, b: Data, args: A): Data }['run']
type ScalarForward<A> = { run(a: number, b: number, args: A): number }['run']
type ListForward<A> = { run(inputs: readonly Data[], args: A): Data }['run']
type Accumulate<A> = { add(sum: NdArray, g: NdArray, b: Data, args: A): void }['add']

/**
 * How forward mode is read off the record: `elementwise`, the pullback is diagonal, so it is the pushforward too;
 * `linear` in each input, the operation itself on the tangent; `custom`, by the record's own `push`.
 */
export type Linearity = 'elementwise' | 'linear' | 'custom'

/** Where to test an operation, and what it must give there: adding an op adds its tests. */
export interface Smooth {
  /** For operations with arguments: those to test it with. */
  readonly args?: unknown
  /** Inputs are drawn from these intervals, one an input; the operation is smooth inside. */
  readonly domain: readonly (readonly [number, number])[]
  /** Points to keep a distance from: kinks and jumps of a unary operation. */
  readonly kinks?: readonly number[]
  /** `[inputs…, value]` from an independent source. */
  readonly reference: readonly (readonly number[])[]
}

/** An operation. Everything else (gradients of any order, forward mode, pictures, tests) is read off this record. */
export interface Op<A = unknown> {
  readonly name: string
  readonly linearity: Linearity
  /** How many inputs it takes; infinitely many for a list. */
  readonly arity: number
  readonly forward: Forward<A>
  /** `forward` of an elementwise operation for numbers alone, which spares scalar graphs a look at what the data are. */
  readonly scalar: ScalarForward<A> | null
  /** For operations with a list of inputs (concat, where), instead of `forward`. */
  readonly forwardList: ListForward<A>
  /** The input that has no gradient (indices, a condition); −1 where every input has one. */
  readonly held: number
  /** Pulls the cotangent back to the first input; null where that input has no gradient. */
  readonly da: Rule<A> | null
  readonly db: Rule<A> | null
  /**
   * For operations that read a part of the first input: adds what `da` gives to an array in place. Many parts of one
   * array then take the time of one array, not of an array of zeros each.
   */
  readonly accumulate: Accumulate<A> | null
  readonly dlist: ListRule<A> | null
  readonly push: TangentRule<A> | null
  /** For operations of a list that are not linear in it. */
  readonly pushList: ListTangentRule<A> | null
  /** For `vmap`, where a rule of one's own is not elementwise. */
  readonly batch: BatchRule<A> | null
  readonly smooth: Smooth | null
}

type OpFields<A> = Partial<Op<A>> & { readonly name: string }

/** Completes a record, always with the same fields in the same order (one hidden class for all). */
export function op<A = unknown>(fields: OpFields<A>): Op<A> {
  return {
    name: fields.name,
    linearity: fields.linearity ?? 'linear',
    arity: fields.arity ?? arityOf(fields),
    forward: fields.forward ?? unreachable,
    scalar: fields.scalar ?? null,
    forwardList: fields.forwardList ?? unreachable,
    held: fields.held ?? -1,
    da: fields.da ?? null,
    db: fields.db ?? null,
    accumulate: fields.accumulate ?? null,
    dlist: fields.dlist ?? null,
    push: fields.push ?? null,
    pushList: fields.pushList ?? null,
    batch: fields.batch ?? null,
    smooth: fields.smooth ?? null,
  }
}

function arityOf<A>({ forwardList, db, held }: OpFields<A>): number {
  if (forwardList) return Number.POSITIVE_INFINITY
  return db || held === 1 ? 2 : 1
}

function unreachable(): never {
  throw new Error('an operation without a forward function was run')
}

/** A differentiable leaf, a constant: the two kinds of Value that no operation made. */
export const LEAF: Op = op({ name: 'leaf' })
export const CONSTANT: Op = op({ name: 'constant' })

/** An argument of a function that is being differentiated: the same data as its input, as a node of its own. */
export const ARGUMENT: Op = op({ name: 'argument', forward: (x) => x, da: (_k, g) => g })

/** One example of a mapped argument while `vmap` records, of a constant one, and what no gradient flows through. */
export const EXAMPLE: Op = op({ name: 'example' })
export const FIXED: Op = op({ name: 'example' })
export const STOPPED: Op = op({ name: 'stopGradient', forward: (x) => x })

/** Whether a gradient can flow to what the operation made. */
export function isLive(op: Op): boolean {
  return op !== CONSTANT && op !== STOPPED && op !== FIXED
}
