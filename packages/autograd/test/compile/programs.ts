/** Random small Programs whose arithmetic is exact, so that every order of summing gives the same bits. */
import {
  type Apply,
  address,
  type Buffer,
  type Carry,
  type Constant,
  type Convert,
  type Counter,
  type Load,
  type Loop,
  loop,
  type Program,
  type Statement,
  type Term,
} from '../../src/compile/program/program.ts'
import type { Op } from '../../src/op.ts'
import { relu } from '../../src/ops/activation.ts'
import { abs, add, mul, neg, square, sub } from '../../src/ops/arithmetic.ts'
import { gt, le, maximum, minimum, where } from '../../src/ops/comparison.ts'

export type FloatType = 'f64' | 'f32'

export function constant(type: FloatType, value: number): Constant {
  return { kind: 'constant', type, value }
}
export function load(body: Statement[], from: Load['address']): Load {
  const term: Load = { kind: 'load', type: from.buffer.type, address: from }
  body.push(term)
  return term
}
export function apply(body: Statement[], op: Op, inputs: readonly Term[], args: unknown = undefined): Apply {
  const type = inputs.at(-1)?.type as FloatType
  const term: Apply = { kind: 'apply', type, op, inputs, args }
  body.push(term)
  return term
}
export function convert(body: Statement[], type: Convert['type'], input: Term): Convert {
  const term: Convert = { kind: 'convert', type, input }
  body.push(term)
  return term
}
export function counter(of: Loop): Counter {
  return { kind: 'counter', type: 'i32', loop: of }
}
export function carry(of: Loop, init: Term, join: Carry['join']): Carry {
  const made: Carry = { kind: 'carry', type: init.type as FloatType, init, next: null, join }
  of.carries.push(made)
  return made
}
export function buffer(
  name: string,
  type: Buffer['type'],
  size: number,
  kind: Buffer['kind'],
  data?: readonly number[],
): Buffer {
  if (data === undefined) return { name, type, size, kind }
  const array = type === 'f64' ? Float64Array : type === 'f32' ? Float32Array : Int32Array
  return { name, type, size, kind, data: array.from(data) }
}

/** Random choices. */
export interface Draw {
  integer(min: number, max: number): number
  pick<T>(list: readonly T[]): T
}

/** Numerical Recipes' linear congruential generator: enough to vary programs. */
export function drawFrom(seed: number): Draw {
  let state = Math.imul(seed, 2654435761) >>> 0
  const integer = (min: number, max: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return min + Math.floor((state / 2 ** 32) * (max - min + 1))
  }
  return { integer, pick: (list) => list[integer(0, list.length - 1)] as (typeof list)[number] }
}

const INPUT = 64
const counts = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17]

/** Loops one inside another, lanes along one of them, over loads, arithmetic, carries, stores and accumulations. */
export class RandomProgram {
  readonly buffers: Buffer[] = []
  readonly body: Statement[] = []
  private readonly draw: Draw
  private readonly type: FloatType
  private readonly inputs: Buffer[]
  private readonly places: Buffer
  private readonly sums: Buffer

  constructor(draw: Draw) {
    this.draw = draw
    this.type = draw.pick(['f64', 'f32'])
    const data = (): number[] => Array.from({ length: INPUT }, () => draw.integer(-4, 4))
    const other = draw.integer(0, 5) === 0 ? (this.type === 'f64' ? 'f32' : 'f64') : this.type
    this.inputs = [this.add('x', this.type, 'input', data()), this.add('y', other, 'input', data())]
    this.places = this.add(
      'places',
      'i32',
      'constant',
      data().map((x) => x + 4),
    )
    this.sums = this.add('sums', this.type, 'output', data())
    const terms: Term[] = [constant(this.type, draw.integer(-2, 2))]
    for (let i = draw.integer(1, 2); i > 0; i--) this.nest([], this.body, terms, draw.integer(1, 3), false)
    this.statements([], this.body, terms, 2)
  }

  get program(): Program {
    return { buffers: this.buffers, body: this.body }
  }

  private add(name: string, type: Buffer['type'], kind: Buffer['kind'], data: readonly number[]): Buffer {
    const made = buffer(name, type, data.length, kind, data)
    this.buffers.push(made)
    return made
  }

  private nest(around: readonly Loop[], body: Statement[], outer: Term[], depth: number, lanes: boolean): void {
    const { draw } = this
    const vector = !lanes && draw.integer(0, 2) > 0
    const made = loop(vector ? draw.pick(counts) : draw.integer(0, 3), { parallel: vector, vector })
    const loops = [...around, made]
    const terms = [...outer]
    const carries = Array.from({ length: draw.integer(0, 2) }, () =>
      carry(made, this.floatOf(outer, draw), draw.pick(['sum', 'max', 'min', 'shift', null])),
    )
    for (const c of carries) if (c.join === 'shift' || c.join === null) terms.push(c)
    this.statements(loops, made.body, terms, draw.integer(1, 5))
    if (depth > 1) {
      for (let i = draw.integer(0, 2); i > 0; i--) this.nest(loops, made.body, terms, depth - 1, lanes || vector)
      this.statements(loops, made.body, terms, draw.integer(0, 3))
    }
    for (const c of carries) this.close(made, c, outer)
    body.push(made)
    for (const c of carries) outer.push({ kind: 'result', type: c.type, carry: c })
  }

  private floatOf(terms: readonly Term[], draw: Draw): Term {
    return draw.pick(terms.filter((term) => term.type === this.type))
  }

  /** What the carry hands on: by its kind an addition, a choice, or something that does not depend on it. */
  private close(made: Loop, c: Carry, outer: readonly Term[]): void {
    const own = made.body.filter((s) => s.kind === 'load' || s.kind === 'apply' || s.kind === 'convert')
    const free = [...outer, ...own.filter((s) => s.type === this.type && !dependsOn(s, made.carries))]
    const x = this.floatOf(free, this.draw)
    if (c.join === 'shift') c.next = x
    else if (c.join === null) c.next = apply(made.body, sub, [x, c])
    else c.next = apply(made.body, { sum: add, max: maximum, min: minimum }[c.join], [c, x])
  }

  private statements(loops: readonly Loop[], body: Statement[], terms: Term[], count: number): void {
    for (let i = 0; i < count; i++) this.statement(loops, body, terms)
  }

  private statement(loops: readonly Loop[], body: Statement[], terms: Term[]): void {
    const { draw, type } = this
    const kind = draw.integer(0, 9)
    if (kind < 3) {
      const loaded = load(body, this.place(draw.pick(this.inputs), loops, body, [0, 1, 1, 2, -1]))
      terms.push(loaded.type === type ? loaded : convert(body, type, loaded))
    } else if (kind < 6) {
      const unary = draw.integer(0, 1) === 0
      const op = unary ? draw.pick([neg, abs, relu]) : draw.pick([add, sub, maximum, minimum, gt])
      terms.push(
        apply(
          body,
          op,
          Array.from({ length: unary ? 1 : 2 }, () => this.floatOf(terms, draw)),
        ),
      )
    } else if (kind === 6) {
      const mask = apply(body, draw.pick([gt, le]), [this.floatOf(terms, draw), this.floatOf(terms, draw)])
      terms.push(apply(body, where, [mask, this.floatOf(terms, draw), this.floatOf(terms, draw)]))
      if (draw.integer(0, 3) === 0) terms.push(mask)
    } else if (kind === 7) {
      const inner = loops.at(-1)
      const small = load(body, this.place(this.inputs[0] as Buffer, loops, body, [0, 1]))
      if (inner !== undefined && draw.integer(0, 1) === 0) terms.push(convert(body, type, counter(inner)))
      else terms.push(type === 'f64' ? apply(body, mul, [small, small]) : apply(body, square, [small]))
    } else if (kind === 8) {
      body.push({
        kind: 'accumulate',
        address: this.place(this.sums, loops, body, [0, 0, 1, 2]),
        value: this.floatOf(terms, draw),
      })
    } else this.store(loops, body, this.floatOf(terms, draw))
  }

  /** To a buffer of its own, where no two iterations meet. */
  private store(loops: readonly Loop[], body: Statement[], value: Term): void {
    const order = this.draw.integer(0, 1) === 0 ? loops : [...loops].reverse()
    let size = 1
    const terms = order.map((along) => {
      const stride = size
      size *= Math.max(1, along.count)
      return { loop: along, stride }
    })
    const out = this.add(
      `out${this.buffers.length}`,
      this.type,
      'output',
      Array.from({ length: size }, () => 0),
    )
    body.push({ kind: 'store', address: address(out, 0, terms), value })
  }

  /** A place that stays inside the buffer for all iterations. */
  private place(of: Buffer, loops: readonly Loop[], body: Statement[], strides: readonly number[]): Load['address'] {
    const { draw } = this
    const irregular = draw.integer(0, 5) === 0
    let room = INPUT - 1 - (irregular ? 8 : 0)
    let base = 0
    const terms: { loop: Loop; stride: number }[] = []
    for (const along of loops) {
      const stride = draw.pick(strides)
      const reach = Math.abs(stride) * Math.max(0, along.count - 1)
      if (stride === 0 || reach > room) continue
      room -= reach
      if (stride < 0) base += reach
      terms.push({ loop: along, stride })
    }
    base += draw.integer(0, room)
    if (!irregular) return address(of, base, terms)
    const index = load(body, this.place(this.places, loops, body, [0, 1]))
    return address(of, base, terms, index)
  }
}

function dependsOn(term: Term, carries: readonly Carry[]): boolean {
  if (term.kind === 'carry') return carries.includes(term)
  if (term.kind === 'apply') return term.inputs.some((x) => dependsOn(x, carries))
  return term.kind === 'convert' && dependsOn(term.input, carries)
}
