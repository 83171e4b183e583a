/** The small language that the scalar problems are written in: one program serves every engine. */

/** Arithmetic on scalars of an engine. A plain number fits wherever a scalar does. */
export interface Scalars<T> {
  readonly add: (a: T | number, b: T | number) => T
  readonly sub: (a: T | number, b: T | number) => T
  readonly mul: (a: T | number, b: T | number) => T
  readonly div: (a: T | number, b: T | number) => T
  readonly neg: (a: T) => T
  readonly square: (a: T) => T
  readonly sqrt: (a: T) => T
  readonly exp: (a: T) => T
  readonly log: (a: T) => T
  readonly erf: (a: T) => T
  readonly relu: (a: T) => T
  readonly tanh: (a: T) => T
  readonly maximum: (a: T, b: T) => T
}

/** An engine that differentiates: leaves, a backward pass, gradients. */
export interface Engine<T> extends Scalars<T> {
  readonly name: string
  readonly leaf: (x: number) => T
  readonly valueOf: (y: T) => number
  readonly backward: (y: T) => void
  readonly gradientOf: (x: T) => number
}

/** A scalar function of many numbers. */
export interface Problem {
  readonly name: string
  readonly inputs: Float64Array
  readonly program: <T>(s: Scalars<T>, x: readonly T[]) => T
  /** The same with its gradient in C: c/file.c with its sizes after the number of inputs, and its data. */
  readonly c: { readonly file: string; readonly sizes: readonly number[]; readonly data: readonly number[] }
}

/** A problem with its gradient from an independent source. */
export interface ReferenceProblem extends Problem {
  readonly reference: (x: Float64Array) => Evaluation
}

export interface Evaluation {
  readonly value: number
  readonly gradient: Float64Array
}

/** What is timed: leaves from numbers, the program, the backward pass, and the gradient as numbers. */
export function evaluate<T>(engine: Engine<T>, { inputs, program }: Problem): Evaluation {
  const leaves: T[] = []
  for (const x of inputs) leaves.push(engine.leaf(x))
  const y = program(engine, leaves)
  engine.backward(y)
  const gradient = new Float64Array(leaves.length)
  for (let i = 0; i < leaves.length; i++) gradient[i] = engine.gradientOf(leaves[i] as T)
  return { value: engine.valueOf(y), gradient }
}

/** How many operations the program of a problem performs. */
export function countOperations({ inputs, program }: Problem): number {
  let count = 0
  const tick = (): number => count++
  const counting: Scalars<number> = {
    add: tick,
    sub: tick,
    mul: tick,
    div: tick,
    neg: tick,
    square: tick,
    sqrt: tick,
    exp: tick,
    log: tick,
    erf: tick,
    relu: tick,
    tanh: tick,
    maximum: tick,
  }
  program(counting, Array.from(inputs))
  return count
}
