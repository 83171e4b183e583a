import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { interpret } from '../../src/compile/js/interpret.ts'
import { printProgram } from '../../src/compile/program/print.ts'
import type { EmitOptions } from '../../src/compile/wasm/emit/emit.ts'
import { load } from '../../src/compile/wasm/executable.ts'
import { drawFrom, RandomProgram } from './programs.ts'

const variants: readonly EmitOptions[] = [{}, { unroll: 1 }, { simd: false }, { functionSize: 8 }]

/** −0 and 0 are one number here: partial sums may begin with either. */
function contents(list: ArrayLike<number>): number[] {
  return Array.from(list, (x) => x + 0)
}

test('random programs give what the interpreter gives', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { program } = new RandomProgram(drawFrom(seed))
      const expected = interpret(program)
      expected.run()
      for (const options of variants) {
        const actual = load(program, options)
        actual.run()
        for (const buffer of program.buffers) {
          if (buffer.kind !== 'output') continue
          const message = `${JSON.stringify(options)}\n${printProgram(program)}\n${buffer.name}`
          expect(contents(actual.view(buffer)), message).toEqual(contents(expected.view(buffer)))
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('a program runs again over the same memory', () => {
  const { program } = new RandomProgram(drawFrom(7))
  const [actual, expected] = [load(program), interpret(program)]
  for (let i = 0; i < 3; i++) {
    actual.run()
    expected.run()
  }
  for (const buffer of program.buffers) {
    expect(contents(actual.view(buffer))).toEqual(contents(expected.view(buffer)))
  }
})
