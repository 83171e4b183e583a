/** Where every buffer of a Program lies in one arena of bytes. */
import type { Address, Buffer, NumberType, Program, Statement } from './program.ts'

export const bytesOf: Readonly<Record<NumberType, number>> = { f64: 8, f32: 4, i32: 4 }

/** Bytes of a vector of lanes. */
export const VECTOR = 16

export interface Layout {
  /** The byte offset of each buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>
  /** Bytes of the arena. */
  readonly bytes: number
  /** Bytes from one element of a private buffer to the next: a cell for every lane of every unrolled vector. */
  readonly privateStride: number
}

/** Buffers of this size begin a cache line. */
const LARGE = 1024

function align(x: number, to: number): number {
  return Math.ceil(x / to) * to
}

function addressesOf(statement: Statement): Address[] {
  switch (statement.kind) {
    case 'load':
    case 'store':
    case 'accumulate':
      return [statement.address]
    case 'gemm':
      return [statement.a, statement.b, statement.c]
    case 'conv':
      return [statement.images, statement.weights, statement.results, statement.plan]
    case 'host':
      return [...statement.inputs, statement.output].map((span) => span.address)
    case 'clear':
      return [statement.span.address]
    case 'loop':
      return statement.body.flatMap(addressesOf)
    default:
      return []
  }
}

/** The first and the last top-level statement that touches each buffer. */
function lifetimes({ body }: Program): Map<Buffer, { readonly first: number; last: number }> {
  const found = new Map<Buffer, { readonly first: number; last: number }>()
  body.forEach((statement, i) => {
    for (const { buffer } of addressesOf(statement)) {
      const known = found.get(buffer)
      if (known === undefined) found.set(buffer, { first: i, last: i })
      else known.last = i
    }
  })
  return found
}

/** Free stretches of the arena, by offset; neighbours are merged. */
class FreeList {
  private readonly holes: { start: number; end: number }[]
  end: number

  constructor(start: number) {
    this.holes = []
    this.end = start
  }

  /** The smallest hole that is large enough, else new room at the end. */
  take(bytes: number, alignment: number): number {
    let best: { start: number; end: number } | undefined
    for (const hole of this.holes) {
      if (align(hole.start, alignment) + bytes > hole.end) continue
      if (best === undefined || hole.end - hole.start < best.end - best.start) best = hole
    }
    if (best === undefined) {
      const at = align(this.end, alignment)
      this.give(this.end, at)
      this.end = at + bytes
      return at
    }
    const { start, end } = best
    const at = align(start, alignment)
    this.holes.splice(this.holes.indexOf(best), 1)
    this.give(start, at)
    this.give(at + bytes, end)
    return at
  }

  give(start: number, end: number): void {
    if (start >= end) return
    const next = this.holes.findIndex((hole) => hole.start > start)
    const at = next < 0 ? this.holes.length : next
    this.holes.splice(at, 0, { start, end })
    const after = this.holes[at + 1]
    if (after !== undefined && after.start === end) {
      this.holes.splice(at, 2, { start, end: after.end })
    }
    const [before, merged] = [this.holes[at - 1], this.holes[at]]
    if (before !== undefined && merged !== undefined && before.end === merged.start) {
      this.holes.splice(at - 1, 2, { start: before.start, end: merged.end })
    }
  }
}

/**
 * Gives every buffer a place: 16-byte aligned, large ones 64. Buffers that the caller sees or that stay from run to run
 * have places of their own; `scratch` and `private` buffers share memory where their lifetimes (from the first to the
 * last top-level statement that touches them) do not meet.
 * @param unroll How many vectors of a loop run side by side, each with its own cells of private buffers.
 * @example
 * const { offsets, bytes } = plan(program)
 */
export function plan(program: Program, { unroll = 2 }: { readonly unroll?: number } = {}): Layout {
  const privateStride = VECTOR * unroll
  const offsets = new Map<Buffer, number>()
  const sizeOf = ({ kind, type, size }: Buffer): number =>
    align(Math.max(size, 1) * (kind === 'private' ? privateStride : bytesOf[type]), VECTOR)
  const alignmentOf = (bytes: number): number => (bytes >= LARGE ? 64 : VECTOR)
  let end = 0
  const temporary: Buffer[] = []
  for (const buffer of program.buffers) {
    if (buffer.kind === 'scratch' || buffer.kind === 'private') {
      temporary.push(buffer)
      continue
    }
    const bytes = sizeOf(buffer)
    const at = align(end, alignmentOf(bytes))
    offsets.set(buffer, at)
    end = at + bytes
  }

  const alive = lifetimes(program)
  const births = new Map<number, Buffer[]>()
  const deaths = new Map<number, Buffer[]>()
  for (const buffer of temporary) {
    const { first, last } = alive.get(buffer) ?? { first: 0, last: program.body.length }
    births.set(first, [...(births.get(first) ?? []), buffer])
    deaths.set(last, [...(deaths.get(last) ?? []), buffer])
  }
  const free = new FreeList(align(end, 64))
  for (let i = 0; i <= program.body.length; i++) {
    for (const buffer of births.get(i) ?? []) {
      const bytes = sizeOf(buffer)
      offsets.set(buffer, free.take(bytes, alignmentOf(bytes)))
    }
    for (const buffer of deaths.get(i) ?? []) {
      const at = offsets.get(buffer) as number
      free.give(at, at + sizeOf(buffer))
    }
  }
  return { offsets, bytes: align(free.end, 64), privateStride }
}
