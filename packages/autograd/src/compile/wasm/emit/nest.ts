/** Loops as the emitter walks them: a tree of its own, which passes may rearrange without touching the Program. */
import {
  type Accumulate,
  type Address,
  type Apply,
  type Buffer,
  type Carry,
  convParts,
  type Loop,
  type Statement,
  type Term,
} from '../../program/program.ts'

export interface Nest {
  readonly kind: 'nest'
  readonly loop: Loop
  /** 1 for a loop at the top level. */
  readonly depth: number
  body: Step[]
  readonly carries: Carry[]
  readonly effects: Effects
  /** Iterations side by side in a vector (1: a scalar loop), and vectors side by side. */
  lanes: number
  unroll: number
}

/** From here on the body may use a `shift` carry: its next value has been computed. */
export interface Shift {
  readonly kind: 'shift'
  readonly carry: Carry
}

/**
 * An accumulation into cells that the lanes of the vector loop share, while inner loops run over them: each lane adds
 * to a cell of its own in an area of vectors, and the area is summed after the loop.
 */
export interface Spread {
  readonly kind: 'spread'
  readonly accumulate: Accumulate
  /** Vectors of the area, the place in it (counted in vectors), and the place of its first element in the buffer. */
  readonly size: number
  readonly cell: Address
  readonly first: Address
}

export type Step = Exclude<Statement, Loop> | Nest | Shift | Spread

/** The buffers that a loop reads, overwrites, and adds to. */
export interface Effects {
  readonly reads: ReadonlySet<Buffer>
  readonly stores: ReadonlySet<Buffer>
  readonly adds: ReadonlySet<Buffer>
}

export function effectsOf(body: readonly Statement[], nested: (loop: Loop) => Effects): Effects {
  const [reads, stores, adds] = [new Set<Buffer>(), new Set<Buffer>(), new Set<Buffer>()]
  for (const s of body) {
    if (s.kind === 'load') reads.add(s.address.buffer)
    else if (s.kind === 'store') stores.add(s.address.buffer)
    else if (s.kind === 'accumulate') adds.add(s.address.buffer)
    else if (s.kind === 'clear') stores.add(s.span.address.buffer)
    else if (s.kind === 'gemm') {
      reads.add(s.a.buffer).add(s.b.buffer).add(s.c.buffer)
      stores.add(s.c.buffer)
    } else if (s.kind === 'conv') {
      const parts = convParts(s)
      for (const { buffer } of parts.reads) reads.add(buffer)
      stores.add(parts.written.buffer)
    } else if (s.kind === 'host') {
      for (const { address } of s.inputs) reads.add(address.buffer)
      stores.add(s.output.address.buffer)
    } else if (s.kind === 'loop') {
      const inner = nested(s)
      for (const buffer of inner.reads) reads.add(buffer)
      for (const buffer of inner.stores) stores.add(buffer)
      for (const buffer of inner.adds) adds.add(buffer)
    }
  }
  return { reads, stores, adds }
}

/** The terms that a step reads itself (not those of the loops in it). */
export function termsOf(step: Step): readonly Term[] {
  const index = ({ index }: Address): Term[] => (index === null ? [] : [index])
  switch (step.kind) {
    case 'load':
      return index(step.address)
    case 'apply':
      return step.inputs
    case 'convert':
      return [step.input]
    case 'store':
    case 'accumulate':
      return [...index(step.address), step.value]
    case 'spread':
      return [step.accumulate.value]
    case 'gemm':
      return [step.a, step.b, step.c].flatMap(index)
    case 'conv':
      return [step.images, step.weights, step.results].flatMap(index)
    case 'host':
      return [...step.inputs, step.output].flatMap((span) => index(span.address))
    case 'clear':
      return index(step.span.address)
    case 'shift':
      return [nextOf(step.carry)]
    case 'nest':
      return step.carries.map((carry) => carry.init)
  }
}

export function nextOf(carry: Carry): Term {
  if (carry.next === null) throw new Error('a carry has no next value: set it when the body of the loop is complete')
  return carry.next
}

/** The stride of an address along a loop, in elements. */
export function strideAlong(address: Address, loop: Loop): number {
  let stride = 0
  for (const term of address.terms) if (term.loop === loop) stride += term.stride
  return stride
}

/** Steps that make a term of themselves. */
export function isTerm(
  step: Step,
): step is Exclude<Step, Nest> & (Apply | Extract<Statement, { kind: 'load' | 'convert' }>) {
  return step.kind === 'load' || step.kind === 'apply' || step.kind === 'convert'
}
