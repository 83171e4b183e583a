/** Every operation of the table on every sample: what the laws are run over. */
import fc from 'fast-check'
import { constant, value } from '../../src/create.ts'
import type { DType } from '../../src/data.ts'
import type { Op, Smooth } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'
import { type Shape, sizeOf } from '../../src/shape.ts'
import { type Value, values } from '../../src/value.ts'
import { type Held, type Input, type Sample, samples } from './samples.ts'

export interface Case {
  readonly title: string
  readonly op: Op
  /** Whether any input has a gradient at all. */
  readonly differentiable: boolean
  /** The operation as a function of its differentiable inputs. */
  apply(inputs: readonly Value[]): Value
  /** Random inputs, away from kinks, ties and the borders of the domain. */
  inputs(dtype?: DType): fc.Arbitrary<Value[]>
}

/** Elementwise records are tried as plain numbers, as arrays, and (with two inputs) broadcasting both ways. */
const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3], [3]],
  [[2, 1], [3]],
  [[], [2]],
]

function samplesOf(op: Op): Sample[] {
  const { domain, args } = op.smooth as Smooth
  const shapes: readonly (readonly Shape[])[] = domain.length === 1 ? [[[]], [[3]]] : broadcasts
  return shapes.map((list) => ({ inputs: list.map((shape, i) => ({ shape, domain: domain[i] ?? [-1, 1] })), args }))
}

/** A number of the interval, 0.05 away from the kinks. */
function number([low, high]: readonly [number, number], kinks: readonly number[]): fc.Arbitrary<number> {
  return fc.double({ min: low, max: high, noNaN: true }).filter((x) => kinks.every((kink) => Math.abs(x - kink) > 0.05))
}

function numbers(
  { shape, domain = [-2, 2], distinct, dominant }: Input,
  kinks: readonly number[],
): fc.Arbitrary<number[]> {
  const length = sizeOf(shape)
  const size = { minLength: length, maxLength: length }
  if (distinct)
    return fc.uniqueArray(
      fc.integer({ min: -20, max: 20 }).map((n) => n / 10),
      size,
    )
  const list = fc.array(number(domain, kinks), size)
  if (!dominant) return list
  const n = shape.at(-1) ?? 0
  return list.map((data) => data.map((x, i) => ((i % (n * n)) % (n + 1) === 0 ? x + 4 : x)))
}

function isHeld(input: Input | Held): input is Held {
  return 'held' in input
}

function caseOf(title: string, op: Op, sample: Sample): Case {
  const kinks = op.smooth?.kinks ?? []
  const free = sample.inputs.filter((input): input is Input => !isHeld(input))
  return {
    title,
    op,
    differentiable: op.da !== null || op.dlist !== null,
    apply: (given) => {
      let next = 0
      const list = sample.inputs.map((input) => (isHeld(input) ? constant(input.held) : (given[next++] as Value)))
      if (op.dlist !== null) return values.applyList(op, list, sample.args)
      return values.apply(op, list[0] as Value, list[1] ?? 0, sample.args)
    },
    inputs: (dtype = 'float64') =>
      fc
        .tuple(...free.map((input) => numbers(input, kinks)))
        .map((list) => list.map((data, i) => value(data, { shape: free[i]?.shape ?? [], dtype }))),
  }
}

const shapesOf = ({ inputs }: Sample): string =>
  inputs.map((input) => (isHeld(input) ? 'held' : `[${input.shape.join(', ')}]`)).join(' ')

export const cases: readonly Case[] = Object.entries(table).flatMap(([name, op]) => {
  const given = samples[name as keyof typeof table]
  const list = given === 'smooth' ? samplesOf(op as Op) : given
  return list.map((sample) =>
    caseOf(
      `${name} ${shapesOf(sample)}${sample.args === undefined ? '' : ` ${JSON.stringify(sample.args)}`}`,
      op as Op,
      sample,
    ),
  )
})

/** The cases that have a gradient. */
export const differentiable: readonly Case[] = cases.filter((c) => c.differentiable)

/** A fixed, irregular array in the shape of `like`: cotangents, tangents, weights. */
export function irregular(like: Value, phase = 0): Value {
  return constant(
    Array.from({ length: like.size }, (_, i) => Math.cos(1 + 2.3 * i + phase)),
    { shape: like.shape, dtype: like.dtype },
  )
}

export const inner = (a: Value, b: Value): Value => a.mul(b).sum()

/** As many cases as a law over the whole table can afford: a twentieth of the usual number. */
export const fewRuns = { numRuns: Math.max(1, Math.round((fc.readConfigureGlobal().numRuns ?? 100) / 20)) }
