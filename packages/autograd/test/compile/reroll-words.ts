/** Scalar programs are written once, over a few words: run on numbers, or recorded as a flat trace. */
import { type FlatTrace, type Kind, NONE, operandsOf } from '../../src/compile/reroll/flat.ts'
import type { Op } from '../../src/op.ts'
import { table } from '../../src/ops/table.ts'

/** A recorded number. */
export interface Ref {
  readonly id: number
}

type In<T> = T | number

export class Words<T> {
  readonly apply: (op: Op, ...inputs: In<T>[]) => In<T>
  constructor(apply: (op: Op, ...inputs: In<T>[]) => In<T>) {
    this.apply = apply
  }
  add = (a: In<T>, b: In<T>): In<T> => this.apply(table.add, a, b)
  sub = (a: In<T>, b: In<T>): In<T> => this.apply(table.sub, a, b)
  mul = (a: In<T>, b: In<T>): In<T> => this.apply(table.mul, a, b)
  div = (a: In<T>, b: In<T>): In<T> => this.apply(table.div, a, b)
  neg = (a: In<T>): In<T> => this.apply(table.neg, a)
  square = (a: In<T>): In<T> => this.apply(table.square, a)
  sqrt = (a: In<T>): In<T> => this.apply(table.sqrt, a)
  exp = (a: In<T>): In<T> => this.apply(table.exp, a)
  log = (a: In<T>): In<T> => this.apply(table.log, a)
  sin = (a: In<T>): In<T> => this.apply(table.sin, a)
  cos = (a: In<T>): In<T> => this.apply(table.cos, a)
  tanh = (a: In<T>): In<T> => this.apply(table.tanh, a)
  relu = (a: In<T>): In<T> => this.apply(table.relu, a)
  normalCdf = (a: In<T>): In<T> => this.apply(table.normalCdf, a)
  maximum = (a: In<T>, b: In<T>): In<T> => this.apply(table.maximum, a, b)
  gt = (a: In<T>, b: In<T>): In<T> => this.apply(table.gt, a, b)
  where = (c: In<T>, a: In<T>, b: In<T>): In<T> => this.apply(table.where, c, a, b)
}

/** A program of the inputs `x`: one result. */
export type ScalarProgram = <T>(w: Words<T>, x: readonly In<T>[]) => In<T>

export const numbers: Words<number> = new Words<number>((op, ...inputs) => evaluate(op, inputs))

function evaluate(op: Op, [a = 0, b = 0, c = 0]: readonly number[]): number {
  if (op === table.where) return a !== 0 ? b : c
  return (op.scalar as NonNullable<Op['scalar']>)(a, b, undefined)
}

/** Records the program: every operation, also on two plain numbers as long as one is recorded. */
export function record(program: ScalarProgram, inputs: number): FlatTrace {
  const kinds: Kind[] = []
  const kindOf = new Map<Op, number>()
  const columns: number[][] = [[], [], [], []]
  const constants: number[] = []
  const operand = (x: Ref | number | undefined): number => {
    if (x === undefined) return NONE
    if (typeof x !== 'number') return x.id
    return -constants.push(x)
  }
  const push = (kind: number, a: number, b: number, c: number): Ref => {
    for (const [i, entry] of [kind, a, b, c].entries()) (columns[i] as number[]).push(entry)
    return { id: (columns[0] as number[]).length - 1 }
  }
  const words = new Words<Ref>((op, ...inputs) => {
    if (inputs.every((x) => typeof x === 'number')) return evaluate(op, inputs as number[])
    let kind = kindOf.get(op)
    if (kind === undefined) {
      kind = kinds.push({ op, args: undefined }) - 1
      kindOf.set(op, kind)
    }
    const [a, b, c] = inputs.slice(0, operandsOf(op))
    return push(kind, operand(a), operand(b), operand(c))
  })
  const x = Array.from({ length: inputs }, () => push(0, NONE, NONE, NONE))
  const result = program(words, x)
  const [kind, a, b, c] = columns.map((column) => Int32Array.from(column)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  return {
    inputs,
    count: kind.length,
    kind,
    kinds,
    a,
    b,
    c,
    outputs: [operand(result)],
    constants: Float64Array.from(constants),
  }
}
