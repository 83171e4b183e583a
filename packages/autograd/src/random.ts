/** Reproducible random numbers: the same seed gives the same numbers on every machine. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne, mersenneFromState } from 'pure-rand/generator/mersenne'
import { constant, type FillOptions, readDType } from './create.ts'
import { type Data, type DType, filled, NdArray } from './data.ts'
import { drawnLater } from './draws.ts'
import { DomainError, ShapeError, show } from './errors.ts'
import { mode } from './node.ts'
import { checkShape, type Shape, sizeOf } from './shape.ts'
import type { Value } from './value.ts'

/** A stream of random numbers; every call goes on where the last one stopped. All results are constants. */
export interface Random {
  /** Uniform on [low, high). @throws DomainError for bounds that are no finite numbers. */
  uniform(shape: Shape, low?: number, high?: number, options?: FillOptions): Value
  /** Normal with the given mean and standard deviation. @throws DomainError for what is no finite number. */
  normal(shape: Shape, mean?: number, std?: number, options?: FillOptions): Value
  /** Whole numbers from low up to, not including, high. */
  integers(shape: Shape, low: number, high: number, options?: FillOptions): Value
  /** 0 … n − 1 in random order. */
  permutation(n: number): Value
  /** Where the stream stands, as plain numbers: for checkpoints. */
  state(): readonly number[]
  /** Goes on from where another stream stood. @throws DomainError for what is no state. */
  restore(state: readonly number[]): void
}

/**
 * A seeded generator: the Mersenne Twister (Matsumoto & Nishimura, 1998), whose streams of neighbouring seeds differ
 * from the first number on.
 * @param seed A whole number.
 * @example random(1).uniform([2, 3])
 */
export function random(seed: number): Random {
  if (!Number.isInteger(seed)) throw new DomainError(`random: the seed is ${show(seed)}. Give a whole number.`)
  let generator = mersenne(seed)
  // A stream made in a function that is being compiled starts anew at each call: its numbers are constants.
  const inside = mode.compiling !== undefined || mode.again !== undefined
  const unit = (): number => uniformFloat64(generator)
  // A checkpoint around the call has to know where the stream stood, to draw the same numbers again.
  const notice = (): void => {
    if (mode.streams?.has(stream) === false) mode.streams.set(stream, generator.getState())
  }
  /** The numbers now; in a function that is compiled, what stands for those of each run; in one that runs again, those. */
  const take = (fill: () => readonly number[], like: { dtype: DType; shape: Shape }, standIn: () => Data): Value => {
    const noticed = (): readonly number[] => {
      notice()
      return fill()
    }
    if (inside || (mode.compiling === undefined && mode.again === undefined)) return constant(noticed(), like)
    return drawnLater(standIn(), noticed)
  }
  const draw = (
    name: string,
    shape: Shape,
    begin: () => () => number,
    options: FillOptions | undefined,
    standIn = 0,
  ): Value => {
    const dtype = readDType(name, options) ?? 'float64'
    checkShape(name, shape)
    const fill = (): number[] => Array.from({ length: sizeOf(shape) }, begin())
    return take(fill, { dtype, shape }, () => filled(shape, standIn, dtype))
  }
  /** Fisher and Yates: swaps each place with a random one at or before it. */
  const shuffled = (n: number): number[] => {
    const order = Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = uniformInt(generator, 0, i)
      const held = order[i] as number
      order[i] = order[j] as number
      order[j] = held
    }
    return order
  }
  const stream: Random = {
    uniform: (shape, low = 0, high = 1, options) => {
      checkFinite('uniform', { low, high })
      return draw('uniform', shape, () => () => low + (high - low) * unit(), options)
    },
    normal: (shape, mean = 0, std = 1, options) => {
      checkFinite('normal', { mean, std })
      const begin = (): (() => number) => {
        const standard = normals(unit)
        return () => mean + std * standard()
      }
      return draw('normal', shape, begin, options)
    },
    integers: (shape, low, high, options) => {
      if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low) {
        throw new DomainError(
          `integers: no whole numbers from ${low} up to ${high}. Give whole bounds, the second one larger.`,
        )
      }
      return draw('integers', shape, () => () => uniformInt(generator, low, high - 1), options, low)
    },
    permutation: (n) => {
      if (!Number.isInteger(n) || n < 0)
        throw new ShapeError(`permutation: ${n} is not a count. Give a whole number, 0 or more.`)
      const places = (): NdArray =>
        new NdArray(
          [n],
          Float64Array.from({ length: n }, (_, i) => i),
        )
      return take(() => shuffled(n), { dtype: 'float64', shape: [n] }, places)
    },
    state: () => {
      notice()
      return generator.getState()
    },
    restore: (state) => {
      if (!Array.isArray(state) || state.length !== generator.getState().length) {
        throw new DomainError(`random: got ${show(state)} for the state of a stream. Give what state() returned.`)
      }
      notice()
      generator = mersenneFromState(state)
    },
  }
  return stream
}

function checkFinite(op: string, numbers: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(numbers).find((name) => !Number.isFinite(numbers[name]))
  if (wrong === undefined) return
  throw new DomainError(`${op}: ${wrong} is ${show(numbers[wrong])}. Give a finite number; options come last.`)
}

/** Standard normal numbers by Marsaglia's polar method: two from each accepted point of the unit disc. */
function normals(unit: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const x = spare
      spare = undefined
      return x
    }
    for (;;) {
      const u = 2 * unit() - 1
      const v = 2 * unit() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        spare = v * scale
        return u * scale
      }
    }
  }
}
