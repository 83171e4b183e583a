import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpret } from '../../src/compile/js/interpret.ts'
import type { Program } from '../../src/compile/program/program.ts'
import { expand, firstDifference } from '../../src/compile/reroll/expand.ts'
import type { FlatTrace } from '../../src/compile/reroll/flat.ts'
import type { Phase } from '../../src/compile/reroll/phase.ts'
import { gradientProgram, valueProgram } from '../../src/compile/reroll/programs.ts'
import { reroll } from '../../src/compile/reroll/reroll.ts'
import type { Item, Rolled } from '../../src/compile/reroll/rolled.ts'
import { gmm, heat, rnn } from './reroll-models.ts'
import { oddPrograms } from './reroll-odd.ts'
import { longProgram, randomProgram, regressions } from './reroll-random.ts'
import { tape } from './reroll-tape.ts'
import { bs, type Example, mlp, rosen, speel } from './reroll-traces.ts'
import { numbers, record } from './reroll-words.ts'

function pointOf({ inputs, range: [low, high] }: Example): Float64Array {
  return Float64Array.from({ length: inputs }, (_, i) => low + (high - low) * ((i * 0.6180339887498949 + 0.3) % 1))
}

function run(program: Program, x: Float64Array): (name: string) => Float64Array {
  const executable = interpret(program)
  const view = (name: string) => {
    const buffer = program.buffers.find((each) => each.name === name)
    if (buffer === undefined) throw new Error(`no buffer ${name}`)
    return executable.view(buffer) as Float64Array
  }
  view('x').set(x)
  executable.run()
  return view
}

/** Loops as count × nodes of a body, inner loops in brackets. */
function shapeOf(items: readonly Item[]): string {
  const loops = items.filter((item) => item.kind === 'loop')
  return loops
    .map(({ count, period, body, sequential }) => {
      const inner = shapeOf(body)
      return `${count} × ${period}${sequential ? ' in order' : ''}${inner === '' ? '' : ` [${inner}]`}`
    })
    .join(', ')
}

/** Compares the rolled form with the trace, its value and gradient with the tape's. */
function verify(trace: FlatTrace, rolled: Rolled, x: Float64Array): void {
  expect(firstDifference(trace, expand(rolled))).toBe(-1)
  const want = tape(trace, x)
  const inputs = Array.from(x, (_, i) => i)
  const close = (got: number, value: number, scale: number) =>
    expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-12 * Math.max(scale, Math.abs(value), 1e-300))
  close(run(valueProgram(rolled), x)('value')[0] as number, want.value, 1)
  for (const plain of [false, true]) {
    const view = run(gradientProgram(rolled, { output: 0, inputs, plain }), x)
    close(view('value')[0] as number, want.value, 1)
    for (const i of inputs) close(view('gradient')[i] as number, want.gradient[i] as number, want.scale[i] as number)
  }
}

const large: readonly { readonly example: Example; readonly shape: string }[] = [
  { example: rosen(1000), shape: '999 × 8' },
  { example: speel(1000), shape: '999 × 1 in order' },
  { example: bs(1000), shape: '1000 × 21' },
  { example: mlp(100, 16, false), shape: '100 × 660 [16 × 5, 16 × 34]' },
  { example: mlp(40, 16, true), shape: '40 × 660 [16 × 5, 16 × 34]' },
  { example: gmm(500, 2, 5), shape: '500 × 82, 5 × 10' },
  { example: gmm(40, 10, 5), shape: '5 × 10, 5 × 10, 40 × 722 [5 × 140], 5 × 114 [45 × 2]' },
  { example: rnn(60, 16), shape: '16 × 36, 59 × 611 in order [16 × 36], 16 × 2' },
  { example: heat(120, 100), shape: '98 × 5, 119 × 490 in order [96 × 5], 98 × 2' },
]

describe('large programs', () => {
  test.each(large)('$example.name', ({ example, shape }) => {
    const trace = record(example.program, example.inputs)
    const rolled = reroll(trace)
    if (rolled === null) throw new Error('not rolled')
    expect(shapeOf(rolled.items)).toBe(shape)
    verify(trace, rolled, pointOf(example))
  })

  test('a trace is the program that ran on numbers', () => {
    const example = gmm(20, 3, 4)
    const x = pointOf(example)
    const want = example.program(numbers, Array.from(x))
    expect(tape(record(example.program, example.inputs), x).value).toBe(want)
  })
})

test.each(oddPrograms)('$name', (example) => {
  const trace = record(example.program, example.inputs)
  const rolled = reroll(trace)
  if (rolled === null) throw new Error('not rolled')
  verify(trace, rolled, pointOf(example))
})

/** Iterations that begin anywhere: the program is a poor one, and right. */
function anyPhase(seed: number): Phase {
  let state = seed
  return (_uses, _piece, period, from) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return from + ((state >> 8) % period)
  }
}

const cut = [
  ...regressions,

  rosen(40),
  bs(30),
  mlp(12, 8, false),
  gmm(20, 2, 5),
  gmm(10, 4, 5),
  rnn(14, 8),
  heat(12, 40),
  ...oddPrograms,
]

test.each(cut)('iterations cut anywhere: $name', (example) => {
  const trace = record(example.program, example.inputs)
  for (const seed of [1, 2, 3]) {
    const rolled = reroll(trace, anyPhase(seed))
    if (rolled !== null) verify(trace, rolled, pointOf(example))
  }
})

describe('random programs of loops', () => {
  test.each([true, false])('any phase: %s', (any) => {
    fc.assert(
      fc.property(randomProgram, fc.integer({ min: 1, max: 1000 }), (example, seed) => {
        const trace = record(example.program, example.inputs)
        const rolled = any ? reroll(trace, anyPhase(seed)) : reroll(trace)
        if (rolled !== null) verify(trace, rolled, pointOf(example))
      }),
      { numRuns: 60 },
    )
  })

  test('with a long one, of which a few iterations are searched', () => {
    fc.assert(
      fc.property(longProgram, (example) => {
        const trace = record(example.program, example.inputs)
        const rolled = reroll(trace)
        if (rolled !== null) verify(trace, rolled, pointOf(example))
      }),
      { numRuns: 40 },
    )
  })
})

describe('memory', () => {
  const buffersOf = (example: Example): readonly string[] => {
    const rolled = reroll(record(example.program, example.inputs)) as Rolled
    const inputs = Array.from({ length: example.inputs }, (_, i) => i)
    const { buffers } = gradientProgram(rolled, { output: 0, inputs, plain: true })
    return buffers.map(({ name }) => name.replace(/\d+$/, ''))
  }

  test('a sequence of which only the last number is read, has no cells and no adjoints in memory', () => {
    expect(buffersOf(speel(1000))).toEqual(['x', 'value', 'gradient', 'history'])
  })

  test('cotangents that are written before they are added to need no zeros', () => {
    const { program, inputs } = heat(20, 60)
    const rolled = reroll(record(program, inputs)) as Rolled
    const all = Array.from({ length: inputs }, (_, i) => i)
    const { body } = gradientProgram(rolled, { output: 0, inputs: all, plain: true })
    expect(body.filter(({ kind }) => kind === 'clear')).toEqual([])
  })
})

describe('what is asked for', () => {
  const example = mlp(20, 8, true)
  const trace = record(example.program, example.inputs)
  const rolled = reroll(trace) as Rolled
  const x = pointOf(example)
  const want = tape(trace, x)

  test.each([
    ['the first inputs', Array.from({ length: 113 }, (_, i) => i)],
    ['some in the middle', [30, 31, 32, 33]],
    ['some here and there', [0, 5, 40, 120, 121]],
    ['none', []],
  ])('%s', (_name, inputs) => {
    const gradient = run(gradientProgram(rolled, { output: 0, inputs }), x)('gradient')
    expect(gradient.length).toBe(inputs.length)
    for (const [k, input] of inputs.entries()) expect(gradient[k]).toBeCloseTo(want.gradient[input] as number, 12)
  })

  test('a graph without loops is left alone', () => {
    let state = 7
    const next = (n: number) => {
      state = (state * 1103515245 + 12345) & 0x7fffffff
      return (state >> 8) % n
    }
    const random = record((w, inputs) => {
      const values = [...inputs]
      const words = ['add', 'sub', 'mul', 'div', 'maximum'] as const
      for (let i = 0; i < 20000; i++) {
        const op = words[next(5)] as (typeof words)[number]
        const value = w[op](values[next(values.length)] ?? 0, values[next(values.length)] ?? 0)
        values.push(next(2) === 0 ? w.tanh(value) : value)
      }
      return values.at(-1) ?? 0
    }, 10)
    expect(reroll(random)).toBeNull()
  })
})

describe('special numbers', () => {
  test('0 wins over ∞ where it does in the eager gradient, and the plain program says that it does not', () => {
    const program: Example['program'] = (w, x) => {
      let sum: (typeof x)[number] = 0
      for (const y of x) sum = w.add(sum, w.mul(w.relu(w.sub(y, 1)), w.log(y)))
      return sum
    }
    const trace = record(program, 30)
    const rolled = reroll(trace) as Rolled
    const x = Float64Array.from({ length: 30 }, (_, i) => i / 10)
    const inputs = Array.from(x, (_, i) => i)
    const want = tape(trace, x)
    expect(Array.from(run(gradientProgram(rolled, { output: 0, inputs }), x)('gradient'))).toEqual(
      Array.from(want.gradient),
    )
    const plain = run(gradientProgram(rolled, { output: 0, inputs, plain: true }), x)('gradient')
    expect(plain[0]).toBeNaN()
  })
})
