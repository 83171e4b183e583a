/** One element of an expression as terms of a loop body. */
import type { DType } from '../../data.ts'
import type { AxisArgs, SliceArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { stridesOf } from '../../shape.ts'
import { type Expression, isElementwise, type Operation } from '../graph/expression.ts'
import type { Address, Load, Statement, Term } from '../program/program.ts'
import { type Affine, combined, type Index, linear, narrowed, ORIGIN, placed, type Region, scaled } from './index.ts'

export type FloatType = 'f64' | 'f32'

export function typeOf(dtype: DType): FloatType {
  return dtype === 'float32' ? 'f32' : 'f64'
}

/** Where statements are written, and what is known there already. */
export class Site {
  readonly statements: Statement[]
  private readonly terms: Map<string, Term>
  private readonly names: Map<unknown, number>
  /** Every address that was read. */
  readonly reads: Address[]

  constructor(statements: Statement[]) {
    this.statements = statements
    this.terms = new Map()
    this.names = new Map()
    this.reads = []
  }

  private name(x: unknown): number {
    const known = this.names.get(x)
    if (known !== undefined) return known
    this.names.set(x, this.names.size)
    return this.names.size - 1
  }

  key(x: Expression, index: Index): string {
    const forms = index.map(
      ({ base, terms }) => `${base}${terms.map((t) => `+${t.stride}l${this.name(t.loop)}`).join('')}`,
    )
    return `${x.id}:${forms.join()}`
  }

  known(key: string): Term | undefined {
    return this.terms.get(key)
  }

  remember(key: string, term: Term): void {
    this.terms.set(key, term)
  }

  /** Writes the statement of a term, and returns the term. */
  add<T extends Term & Statement>(term: T): T {
    this.statements.push(term)
    return term
  }

  load(region: Region, at: Affine, index: Term | null = null, scale = 1): Load {
    const place = placed(region, at, index, scale)
    this.reads.push(place)
    return this.add({ kind: 'load', type: region.buffer.type, address: place })
  }

  /** The term in another type. */
  convert(term: Term, type: FloatType | 'i32'): Term {
    if (term.type === type) return term
    if (term.kind === 'constant') {
      const { value } = term
      return {
        kind: 'constant',
        type,
        value: type === 'f64' ? value : type === 'f32' ? Math.fround(value) : Math.trunc(value),
      }
    }
    return this.add({ kind: 'convert', type, input: term })
  }
}

/** The memory of what is stored. */
export type Memory = (x: Expression) => Region | undefined

/** The memory of what surely has some. */
export function memoryOf(memory: Memory, x: Expression): Region {
  const region = memory(x)
  if (region === undefined) throw new Error(`${x.op?.name ?? 'a leaf'} has no memory`)
  return region
}

/** The element of `x` at the index. */
export function elementOf(memory: Memory, site: Site, x: Expression, index: Index): Term {
  const type = typeOf(x.dtype)
  if (x.op === null && x.source.kind === 'uniform') return { kind: 'constant', type, value: x.source.value }
  const key = site.key(x, index)
  const known = site.known(key)
  if (known !== undefined) return known
  const region = memory(x)
  const term =
    region === undefined ? compute(memory, site, x as Operation, index) : site.load(region, linear(index, x.shape))
  site.remember(key, term)
  return term
}

function compute(memory: Memory, site: Site, x: Operation, index: Index): Term {
  const { op, inputs, args } = x
  const type = typeOf(x.dtype)
  const at = (input: Expression, place: Index): Term => elementOf(memory, site, input, place)
  const [first] = inputs as readonly [Expression]
  if (isElementwise(op)) {
    const terms = inputs.map((input) => site.convert(at(input, narrowed(index, input.shape)), type))
    return site.add({ kind: 'apply', type, op, inputs: terms, args })
  }
  switch (op) {
    case table.cast:
      return site.convert(at(first, index), type)
    case table.broadcastTo:
      return at(first, narrowed(index, first.shape))
    case table.transpose: {
      const { axes } = args as { readonly axes: readonly number[] }
      return at(
        first,
        axes.map((_, axis) => index[axes.indexOf(axis)] ?? ORIGIN),
      )
    }
    case table.slice: {
      const { start, step } = args as SliceArgs
      return at(
        first,
        index.map((form, axis) => scaled(form, step[axis] ?? 1, start[axis] ?? 0)),
      )
    }
    case table.reshape: {
      // The whole place along the last dimension that has more than one element: right where elements lie in a row.
      const place = linear(index, x.shape)
      const last = first.shape.findLastIndex((n) => n !== 1)
      return at(
        first,
        first.shape.map((_, axis) => (axis === last ? place : ORIGIN)),
      )
    }
    case table.gather:
    case table.take:
      return gathered(memory, site, x, index)
  }
  throw new Error(`${op.name} is not computed element by element`)
}

/** Reads an element at a place that is computed. */
function gathered(memory: Memory, site: Site, { op, inputs, args }: Operation, index: Index): Term {
  const [from, indices] = inputs as readonly [Expression, Expression]
  const { axis } = args as AxisArgs
  const strides = stridesOf(from.shape)
  const isTake = op === table.take
  const rank = isTake ? indices.shape.length : 1
  const own = isTake ? index.slice(axis, axis + rank) : index
  const place = site.convert(elementOf(memory, site, indices, own), 'i32')
  const others = [...index.slice(0, axis), ORIGIN, ...index.slice(axis + rank)]
  return site.load(memoryOf(memory, from), combined(others, strides), place, strides[axis] ?? 1)
}
