/**
 * The language between scheduling and code: counted loops over scalars, in static single assignment. Array programs
 * are lowered to it, scalar programs re-rolled into it; WebAssembly is emitted from it, the `js` target interprets it.
 *
 * A program is a list of statements that run in order. Terms are values: a term is computed where its statement
 * stands, and is used by object identity. Constants need no statement.
 */
import type { FloatArray } from '../../data.ts'
import type { ConvArgs, Op } from '../../op.ts'

/** What a term or an element of a buffer is. Truth values are 0 and 1 of a float type; i32 is for places only. */
export type NumberType = 'f64' | 'f32' | 'i32'

/**
 * A piece of memory. `input`: written by the caller before each run. `output`: read by the caller after it. `state`:
 * stays from run to run. `constant`: written once. `scratch`: free between its first and last use. `private`: scratch
 * of one iteration of the outermost vector loop, so that lanes of a vectorised loop have a copy each.
 */
export interface Buffer {
  readonly name: string
  readonly type: NumberType
  /** In elements. */
  readonly size: number
  readonly kind: 'input' | 'output' | 'state' | 'constant' | 'scratch' | 'private'
  /** The elements of a constant. */
  readonly data?: FloatArray | Int32Array
}

/** The element base + Σ stride·(iteration of loop) + scale·index of a buffer. */
export interface Address {
  readonly buffer: Buffer
  readonly base: number
  readonly terms: readonly { readonly loop: Loop; readonly stride: number }[]
  /** An i32 term for irregular places; null where the place is affine. */
  readonly index: Term | null
  readonly scale: number
}

export interface Constant {
  readonly kind: 'constant'
  readonly type: NumberType
  readonly value: number
}

export interface Load {
  readonly kind: 'load'
  readonly type: NumberType
  readonly address: Address
}

/** An elementwise record of the table (arity 1 or 2), or `where` (three inputs). All inputs have the term's type. */
export interface Apply {
  readonly kind: 'apply'
  readonly type: 'f64' | 'f32'
  readonly op: Op
  readonly inputs: readonly Term[]
  readonly args: unknown
}

/** Between types: float to float; float to i32 truncates toward 0; i32 to float is exact. */
export interface Convert {
  readonly kind: 'convert'
  readonly type: NumberType
  readonly input: Term
}

/** The iteration of an enclosing loop, from 0. */
export interface Counter {
  readonly kind: 'counter'
  readonly type: 'i32'
  readonly loop: Loop
}

/**
 * What one iteration hands to the next: `init` before the first, then `next` of the one before. Inside the body the
 * carry is the value on entry of the iteration. `join` tells what a vectorised loop may do:
 * sum, max, min: `next` is add/maximum/minimum(carry, x) with x free of the carry, and nothing else in the body reads
 * the carry; partial results of the lanes are joined after the loop (a sum in another order).
 * shift: `next` does not depend on the carry at all: it is the neighbour's value.
 * null: a true recurrence; the loop runs iteration after iteration.
 */
export interface Carry {
  readonly kind: 'carry'
  readonly type: 'f64' | 'f32'
  readonly init: Term
  /** Set when the body is complete; a term of the body. */
  next: Term | null
  readonly join: 'sum' | 'max' | 'min' | 'shift' | null
}

/** A carry after the last iteration. */
export interface Result {
  readonly kind: 'result'
  readonly type: 'f64' | 'f32'
  readonly carry: Carry
}

export type Term = Constant | Load | Apply | Convert | Counter | Carry | Result

export interface Store {
  readonly kind: 'store'
  readonly address: Address
  readonly value: Term
}

/** Adds to what the memory holds. Different iterations of a parallel loop may meet in one element. */
export interface Accumulate {
  readonly kind: 'accumulate'
  readonly address: Address
  readonly value: Term
}

export interface Loop {
  readonly kind: 'loop'
  readonly count: number
  readonly body: Statement[]
  readonly carries: Carry[]
  /** Iterations may run in any order and side by side: they meet in joined carries and accumulations only. */
  readonly parallel: boolean
  /** Lanes run along this loop. At most one vector loop on the way from the outermost to the innermost loop. */
  readonly vector: boolean
}

/** C[m, n] = A·B (+ C when it accumulates), rows `lda`, `ldb`, `ldc` elements apart. */
export interface GemmCall {
  readonly kind: 'gemm'
  readonly type: 'f64' | 'f32'
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly a: Address
  readonly b: Address
  readonly c: Address
  readonly lda: number
  readonly ldb: number
  readonly ldc: number
  readonly accumulate: boolean
}

/**
 * One of the three forms of a convolution (ops/conv.ts), for `batch` images of `channels` channels and results of
 * `outs`: it reads two of images, weights and results, and writes the third.
 */
export interface ConvCall {
  readonly kind: 'conv'
  readonly type: 'f64' | 'f32'
  readonly form: 'conv' | 'convInput' | 'convWeight'
  readonly args: ConvArgs
  readonly batch: number
  readonly channels: number
  readonly outs: number
  readonly images: Address
  readonly weights: Address
  readonly results: Address
  /** A constant of type i32, the words of `convPlan`. */
  readonly plan: Address
}

/** The two arrays that a convolution reads, and the one that it writes. */
export function convParts({ form, images, weights, results }: ConvCall): {
  readonly reads: readonly [Address, Address]
  readonly written: Address
} {
  if (form === 'conv') return { reads: [images, weights], written: results }
  if (form === 'convInput') return { reads: [results, weights], written: images }
  return { reads: [images, results], written: weights }
}

/** An operation that stays in JavaScript: `run` reads views of the inputs and fills the view of the output. */
export interface HostCall {
  readonly kind: 'host'
  readonly name: string
  readonly run: (output: FloatArray, inputs: readonly FloatArray[]) => void
  readonly inputs: readonly Span[]
  readonly output: Span
}

/** `size` elements in a row. */
export interface Span {
  readonly address: Address
  readonly size: number
}

/** Zeros over `size` elements in a row. */
export interface Clear {
  readonly kind: 'clear'
  readonly span: Span
}

/** Statements that compute a term, and statements that act. Constants, counters, carries and results need none. */
export type Statement = Load | Apply | Convert | Store | Accumulate | Loop | GemmCall | ConvCall | HostCall | Clear

export interface Program {
  readonly buffers: readonly Buffer[]
  readonly body: readonly Statement[]
}

export function address(
  buffer: Buffer,
  base: number,
  terms: Address['terms'] = [],
  index: Term | null = null,
  scale = 1,
): Address {
  return { buffer, base, terms, index, scale }
}

export function loop(
  count: number,
  { parallel = false, vector = false }: { readonly parallel?: boolean; readonly vector?: boolean } = {},
): Loop {
  return { kind: 'loop', count, body: [], carries: [], parallel, vector }
}
