import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, plan } from '../../src/compile/program/plan.ts'
import { printProgram } from '../../src/compile/program/print.ts'
import { address, type Buffer, loop, type Statement } from '../../src/compile/program/program.ts'
import { table } from '../../src/ops/table.ts'
import { apply, buffer, carry, constant, load } from './programs.ts'

function touch(of: Buffer): Statement {
  return { kind: 'clear', span: { address: address(of, 0), size: of.size } }
}

test('buffers that live at the same time do not overlap, and begin aligned', () => {
  const kinds = ['input', 'output', 'state', 'constant', 'scratch', 'scratch', 'private'] as const
  const types = ['f64', 'f32', 'i32'] as const
  const anyBuffer = fc.record({
    kind: fc.constantFrom(...kinds),
    type: fc.constantFrom(...types),
    size: fc.integer({ min: 1, max: 400 }),
    first: fc.nat(9),
    length: fc.nat(5),
  })
  fc.assert(
    fc.property(fc.array(anyBuffer, { maxLength: 30 }), (specs) => {
      const buffers = specs.map(({ kind, type, size }, i) => buffer(`b${i}`, type, size, kind))
      const body = Array.from({ length: 15 }, (_, at) => {
        const here = loop(1)
        specs.forEach(({ first, length }, i) => {
          if (at === first || at === first + length) here.body.push(touch(buffers[i] as Buffer))
        })
        return here
      })
      const { offsets, bytes, privateStride } = plan({ buffers, body })
      const spans = specs.map(({ kind, type, size, first, length }, i) => {
        const start = offsets.get(buffers[i] as Buffer) as number
        const end = start + size * (kind === 'private' ? privateStride : bytesOf[type])
        const brief = kind === 'scratch' || kind === 'private'
        expect(start % (end - start >= 1024 ? 64 : 16)).toBe(0)
        expect(end).toBeLessThanOrEqual(bytes)
        return { start, end, first: brief ? first : 0, last: brief ? first + length : 15 }
      })
      spans.forEach((a, i) => {
        for (const b of spans.slice(i + 1)) {
          const together = a.first <= b.last && b.first <= a.last
          if (together) expect(a.end <= b.start || b.end <= a.start).toBe(true)
        }
      })
    }),
  )
})

test('scratch memory is used again when its buffer is done with', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => buffer(name, 'f64', 1000, 'scratch')) as [Buffer, Buffer, Buffer]
  const { bytes, offsets } = plan({ buffers: [a, b, c], body: [touch(a), touch(b), touch(c)] })
  expect(bytes).toBe(8000)
  expect(offsets.get(c)).toBe(offsets.get(a))
})

test('a program prints with its buffers, loops and terms', () => {
  const x = buffer('x', 'f64', 20, 'input')
  const y = buffer('y', 'f64', 10, 'output')
  const along = loop(10, { parallel: true, vector: true })
  const sum = carry(along, constant('f64', 0), 'sum')
  const v = load(along.body, address(x, 1, [{ loop: along, stride: 2 }]))
  const w = apply(along.body, table.clamp as never, [v], { min: 0, max: 1 })
  sum.next = apply(along.body, table.add, [sum, w])
  along.body.push({ kind: 'store', address: address(y, 0, [{ loop: along, stride: 1 }]), value: w })
  const body: Statement[] = [
    along,
    { kind: 'accumulate', address: address(y, 3), value: { kind: 'result', type: 'f64', carry: sum } },
  ]
  expect(printProgram({ buffers: [x, y], body })).toBe(`buffer x: input f64[20], 160 bytes
buffer y: output f64[10], 80 bytes
loop i < 10 vector parallel
  carry %0 from 0 (sum)
  %1 = x[1 + 2i]
  %2 = clamp(%1, {"min":0,"max":1})
  %3 = add(%0, %2)
  y[i] = %2
  next %0 = %3
y[3] += %0`)
})
