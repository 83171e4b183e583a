/** Random programs of nested loops over scalars, as data that fast-check can make and shrink. */
import * as fc from 'fast-check'
import type { Example } from './reroll-traces.ts'
import type { ScalarProgram } from './reroll-words.ts'

const INPUTS = 24
const LONG_INPUTS = 300

/**
 * Where an operand comes from: place·i + offset in the inputs or in what was pushed, something from before the loop, a
 * variable, a temporary, a constant, one of each iteration that is 0 in the first ones.
 */
interface Source {
  readonly from: 'input' | 'pushed' | 'before' | 'variable' | 'temporary' | 'constant' | 'weight' | 'table'
  readonly stride: number
  readonly inner: number
  readonly offset: number
}

interface Step {
  readonly op: 'add' | 'sub' | 'mul' | 'sin' | 'tanh' | 'maximum' | 'where'
  readonly a: Source
  readonly b: Source
}

/** What becomes of the last temporary: added to a total, pushed to a list, assigned to a variable. */
interface Body {
  readonly steps: readonly Step[]
  readonly ends: readonly ('total' | 'push' | 'assign' | 'both')[]
}

interface RandomLoop {
  readonly count: number
  readonly before: Body
  readonly inner: { readonly count: number; readonly body: Body } | null
  readonly after: Body
}

/** Loops of `least` to `most` iterations. */
function loopOf(source: fc.Arbitrary<Source>, least: number, most: number): fc.Arbitrary<RandomLoop> {
  const step: fc.Arbitrary<Step> = fc.record({
    op: fc.constantFrom('add', 'sub', 'mul', 'mul', 'sin', 'tanh', 'maximum', 'where'),
    a: source,
    b: source,
  })
  const body = (shortest: number): fc.Arbitrary<Body> =>
    fc.record({
      steps: fc.array(step, { minLength: shortest, maxLength: 4 }),
      ends: fc.array(fc.constantFrom('total', 'push', 'assign', 'both'), { maxLength: 2 }),
    })
  return fc.record({
    count: fc.integer({ min: least, max: most }),
    before: body(0),
    inner: fc.option(fc.record({ count: fc.integer({ min: 3, max: 24 }), body: body(1) }), { nil: null }),
    after: body(1),
  })
}

const anywhere: fc.Arbitrary<Source> = fc.record({
  from: fc.constantFrom('input', 'input', 'pushed', 'variable', 'temporary', 'temporary', 'constant', 'table'),
  stride: fc.integer({ min: -1, max: 2 }),
  inner: fc.integer({ min: 0, max: 1 }),
  offset: fc.integer({ min: 0, max: 5 }),
})

/** What moves evenly through all iterations, or not at all. */
const evenly: fc.Arbitrary<Source> = fc.record({
  from: fc.constantFrom('input', 'input', 'before', 'variable', 'temporary', 'temporary', 'constant', 'weight'),
  stride: fc.integer({ min: 0, max: 2 }),
  inner: fc.integer({ min: 0, max: 1 }),
  offset: fc.integer({ min: 0, max: 5 }),
})

function programOf(loops: readonly RandomLoop[]): ScalarProgram {
  return (w, x) => {
    type V = (typeof x)[number]
    const pushed: V[] = [...x.slice(0, 3)]
    let variable: V = x[1] as V
    let total: V = 0
    const at = (list: readonly V[], i: number): V => list[((i % list.length) + list.length) % list.length] as V
    for (const { count, before, inner, after } of loops) {
      const start = pushed.length
      for (let i = 0; i < count; i++) {
        let temporaries: V[] = []
        const run = ({ steps, ends }: Body, j: number) => {
          const read = ({ from, stride, inner: step, offset }: Source): V => {
            const place = stride * i + step * j + offset
            if (from === 'input') return at(x, place)
            if (from === 'pushed') return at(pushed, start - 1 - offset + stride * i)
            if (from === 'before') return at(pushed, start - 1 - offset)
            if (from === 'variable') return variable
            if (from === 'weight') return 0.25 * Math.floor((i + offset) / 24)
            if (from === 'table') return at(x, (i * i * 7 + j * 5 + offset) % 31)
            return from === 'temporary' ? (temporaries.at(-1 - (offset % 2)) ?? variable) : 0.1 * offset + 0.3
          }
          for (const { op, a, b } of steps) {
            const [p, q] = [read(a), read(b)]
            if (op === 'sin' || op === 'tanh') temporaries.push(w[op](p))
            else if (op === 'where') temporaries.push(w.where(w.gt(p, 0.6), p, q))
            // Products stay bounded.
            else temporaries.push(w[op](p, op === 'mul' ? w.sin(q) : q))
          }
          const last = temporaries.at(-1)
          if (last === undefined) return
          for (const end of ends) {
            if (end === 'total' || end === 'both') total = w.add(total, last)
            // Kept small, so that long products do not run away.
            if (end === 'assign' || end === 'both') variable = w.tanh(w.add(last, w.mul(0.5, variable)))
            if (end === 'push') pushed.push(w.sin(last))
          }
        }
        run(before, 0)
        if (inner !== null) {
          for (let j = 0; j < inner.count; j++) {
            run(inner.body, j)
            temporaries = temporaries.slice(-2)
          }
        }
        run(after, 0)
      }
    }
    return w.add(w.add(total, variable), w.tanh(w.mul(at(pushed, -1), at(x, 5))))
  }
}

const few: fc.Arbitrary<RandomLoop> = loopOf(anywhere, 3, 14)
export const randomProgram: fc.Arbitrary<Example> = fc
  .array(few, { minLength: 1, maxLength: 3 })
  .map((loops) => exampleOf(loops))

const short: fc.Arbitrary<RandomLoop> = loopOf(anywhere, 3, 5)
/** With a loop of so many iterations that only a few of them are searched. */
export const longProgram: fc.Arbitrary<Example> = fc
  .tuple(fc.array(short, { maxLength: 1 }), loopOf(evenly, 40, 120), fc.array(short, { maxLength: 1 }))
  .map(([before, long, behind]) => exampleOf([...before, long, ...behind], LONG_INPUTS))

function exampleOf(loops: readonly RandomLoop[], inputs = INPUTS): Example {
  return { name: JSON.stringify(loops), inputs, range: [0.2, 1.2], program: programOf(loops) }
}

const nothing: Body = { steps: [], ends: [] }
const of = (from: Source['from'], more: Partial<Source> = {}): Source => ({
  from,
  stride: 0,
  inner: 0,
  offset: 0,
  ...more,
})
const addInputs: Step = { op: 'add', a: of('input'), b: of('input') }

/** Programs that were once rolled into wrong code. */
export const regressions: readonly Example[] = [
  // In each iteration of the outer loop another one of the cells that the inner loop filled is read.
  exampleOf([
    {
      count: 3,
      before: nothing,
      inner: { count: 3, body: { steps: [addInputs], ends: ['push'] } },
      after: { steps: [{ op: 'add', a: of('input'), b: of('pushed', { stride: -1, offset: 3 }) }], ends: ['total'] },
    },
    { count: 3, before: nothing, inner: null, after: { steps: [addInputs], ends: ['push'] } },
  ]),
  // What is carried is, in the first iteration, a value of that iteration.
  exampleOf([
    {
      count: 3,
      before: nothing,
      inner: { count: 11, body: { steps: [{ op: 'add', a: of('temporary'), b: of('table') }], ends: ['both'] } },
      after: { steps: [addInputs], ends: ['both'] },
    },
  ]),
]
