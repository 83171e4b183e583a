/**
 * Loops that run step after step, with their carries in memory. A carry whose every value is asked for has a row for
 * each step; one that is only added to is added to in place; any other has two rows, which take turns.
 */
import { sizeOf } from '../../shape.ts'
import type { Expression, Operation } from '../graph/expression.ts'
import type { ScanArgs, ScanBody } from '../graph/scan.ts'
import { type Buffer, loop, type Statement } from '../program/program.ts'
import { type Memory, memoryOf, typeOf } from './elements.ts'
import { type Affine, along, linear, ORIGIN, type Region, regionOver, scaled } from './index.ts'
import { mapLoops } from './map.ts'
import { type Context, shifted } from './regions.ts'
import { isAddedTo, neededCarries } from './scanCarries.ts'
import { stepStatements, type Write } from './scanStep.ts'

function argsOf(x: Operation): ScanArgs {
  return x.args as ScanArgs
}

/** The region in the place of an iteration: `at` counts from the beginning of the buffer. */
function rowAt(buffer: Buffer, at: Affine, size: number): Region {
  return shifted(regionOver(buffer), at, size)
}

/** Writes the elements of an expression to a region. */
export function copyTo(memory: Memory, value: Expression, region: Region): Statement[] {
  return mapLoops(memory, value.shape, [{ value, region, place: (index) => linear(index, value.shape) }])
}

/** Where a carry is when a step begins, and where the step writes it. */
interface Place {
  readonly carry: number
  readonly kind: 'rows' | 'sum' | 'turns'
  readonly begin: Region
  readonly end: Region
  before(t: Affine, turn: Affine): Region
  after(t: Affine, turn: Affine): Region
}

class Loops {
  private readonly context: Context
  private readonly body: ScanBody
  private readonly parts: ReadonlyMap<string, Operation>
  private readonly inputs: readonly Expression[]
  private readonly places: readonly Place[]

  constructor(context: Context, members: readonly Operation[]) {
    const [first] = members as readonly [Operation]
    this.context = context
    this.body = argsOf(first).body
    this.inputs = first.inputs
    this.parts = new Map(members.map((x) => [`${argsOf(x).part} ${argsOf(x).index}`, x]))
    const needed = neededCarries(this.body, members.map(argsOf))
    this.places = needed.map((carry) => this.place(carry, needed))
  }

  private region(part: ScanArgs['part'], index: number): Region | undefined {
    const x = this.parts.get(`${part} ${index}`)
    return x === undefined ? undefined : memoryOf(this.context.memory, x)
  }

  private scratch(carry: number, rows: number): Buffer {
    const { shape, dtype, id } = this.body.carries[carry] as Expression
    const buffer: Buffer = { name: `carry${id}`, type: typeOf(dtype), size: rows * sizeOf(shape), kind: 'scratch' }
    this.context.buffers.add(buffer)
    return buffer
  }

  private place(carry: number, needed: readonly number[]): Place {
    const { body } = this
    const { length, reverse } = body
    const size = sizeOf((body.carries[carry] as Expression).shape)
    const kept = this.region('carries', carry)
    if (kept !== undefined) {
      const buffer = kept.buffer.kind === 'output' ? this.scratch(carry, length + 1) : kept.buffer
      const row = (t: Affine, done: number): Region =>
        rowAt(buffer, reverse ? scaled(t, -1, length - done) : scaled(t, 1, done), size)
      return {
        carry,
        kind: 'rows',
        begin: row(ORIGIN, 0),
        end: row(ORIGIN, length),
        before: (t) => row(t, 0),
        after: (t) => row(t, 1),
      }
    }
    if (isAddedTo(body, carry, needed, [...this.parts.values()].map(argsOf))) {
      const region = this.region('end', carry) ?? regionOver(this.scratch(carry, 1))
      return { carry, kind: 'sum', begin: region, end: region, before: () => region, after: () => region }
    }
    const buffer = this.scratch(carry, 2)
    return {
      carry,
      kind: 'turns',
      begin: rowAt(buffer, { base: length % 2, terms: [] }, size),
      end: rowAt(buffer, ORIGIN, size),
      before: (_t, turn) => rowAt(buffer, turn, size),
      after: (_t, turn) => rowAt(buffer, scaled(turn, -1, 1), size),
    }
  }

  /** What one step does; the step after it writes where this one reads, which `turn` tells. */
  private step(t: Affine, turn: Affine): Statement[] {
    const { body, context, inputs } = this
    const row = body.reverse ? scaled(t, -1, body.length - 1) : t
    const bound = new Map<Expression, Region>()
    for (const { carry, before } of this.places) bound.set(body.carries[carry] as Expression, before(t, turn))
    body.rows.forEach((leaf, i) => {
      const whole = memoryOf(context.memory, inputs[body.carries.length + i] as Expression)
      bound.set(leaf, shifted(whole, row, sizeOf(leaf.shape)))
    })
    const carried = this.places.map(({ carry, kind, after }): Write => {
      const value = body.nexts[carry] as Expression
      return { value, region: after(t, turn), added: kind === 'sum' ? body.carries[carry] : undefined }
    })
    const kept = body.ys.flatMap((value, i): Write[] => {
      const whole = this.region('ys', i)
      return whole === undefined ? [] : [{ value, region: shifted(whole, row, sizeOf(value.shape)), added: undefined }]
    })
    // What is added to in place has no other place.
    const sums = carried.filter(({ added }) => added !== undefined)
    const others = carried.filter(({ added }) => added === undefined)
    return stepStatements(context, body, bound, [...sums, ...others, ...kept])
  }

  /** Two steps an iteration where carries take turns, after a first one of its own where their number is odd. */
  private steps(): Statement[] {
    const { length } = this.body
    if (this.places.every(({ kind }) => kind !== 'turns')) {
      const all = loop(length)
      all.body.push(...this.step(along(all), ORIGIN))
      return [all]
    }
    const odd = length % 2
    const first = odd === 1 ? this.step(ORIGIN, { base: 1, terms: [] }) : []
    if (length < 2) return first
    const outer = loop((length - odd) / 2)
    const inner = loop(2)
    outer.body.push(inner)
    const t: Affine = {
      base: odd,
      terms: [
        { loop: outer, stride: 2 },
        { loop: inner, stride: 1 },
      ],
    }
    inner.body.push(...this.step(t, along(inner)))
    return [...first, outer]
  }

  statements(): Statement[] {
    const { body, context, inputs } = this
    const begin = this.places.flatMap(({ carry, begin }) => copyTo(context.memory, inputs[carry] as Expression, begin))
    const copies = this.places.flatMap(({ carry, end, before }): Statement[] => {
      const leaf = body.carries[carry] as Expression
      const final = this.parts.get(`end ${carry}`)
      const all = this.parts.get(`carries ${carry}`)
      const copy = (from: Region, to: Region, shape: readonly number[]): Statement[] => {
        const value: Expression = { ...leaf, shape }
        const memory: Memory = (x) => (x === value ? from : context.memory(x))
        return from === to ? [] : copyTo(memory, value, to)
      }
      const kept = all === undefined ? undefined : memoryOf(context.memory, all)
      const lowest = before(body.reverse ? { base: body.length - 1, terms: [] } : ORIGIN, ORIGIN)
      return [
        ...(final === undefined ? [] : copy(end, memoryOf(context.memory, final), final.shape)),
        ...(all === undefined || kept === undefined || kept.buffer === lowest.buffer
          ? []
          : copy(lowest, kept, all.shape)),
      ]
    })
    return [...begin, ...this.steps(), ...copies]
  }
}

/** The loop that computes these of its results. */
export function scanLoops(context: Context, members: readonly Operation[]): Statement[] {
  return new Loops(context, members).statements()
}
