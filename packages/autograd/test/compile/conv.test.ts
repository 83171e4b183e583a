/** Convolutions in compiled functions. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { interpret } from '../../src/compile/js/interpret.ts'
import { plan } from '../../src/compile/program/plan.ts'
import { printProgram } from '../../src/compile/program/print.ts'
import { address, type ConvCall, loop, type Program } from '../../src/compile/program/program.ts'
import { load } from '../../src/compile/wasm/executable.ts'
import { avgPool2d, conv2d, convTranspose2d, random, scan, type Value, valueAndGrad } from '../../src/index.ts'
import type { ConvArgs } from '../../src/op.ts'
import { convPlan } from '../../src/wasm/gemm/conv.ts'
import { expectClose } from '../laws/close.ts'
import { buffer } from './programs.ts'

const targets = ['wasm', 'js'] as const

/** The compiled function gives the value and the gradients of the eager one; returns its program as text. */
function agree(
  f: (...args: Value[]) => Value,
  args: readonly Value[],
  target: 'wasm' | 'js',
  tolerance: number,
): string {
  const both = valueAndGrad(f, { argument: args.map((_, i) => i) })
  const compiled = compile(both, { target })
  const [got, wanted] = [compiled(...args), both(...args)] as { value: Value; grad: Value[] }[]
  expectClose(got?.value as Value, wanted?.value as Value, tolerance)
  wanted?.grad.forEach((g, i) => {
    expectClose(got?.grad[i] as Value, g, tolerance)
  })
  return compiled.explain().split('program:')[1] ?? ''
}

describe.each(targets)('compiled to %s', (target) => {
  const draw = random(1)

  test.each([
    ['float64', {}, 1e-12],
    ['float64', { stride: 2, padding: [1, 2], dilation: 2 }, 1e-12],
    ['float32', { padding: 'same', groups: 2 }, 1e-5],
  ] as const)('a convolution and its gradients in %s, %o', (dtype, options, tolerance) => {
    const channels = 'groups' in options ? 2 : 4
    const x = draw.normal([3, 4, 9, 8], 0, 1, { dtype })
    const w = draw.normal([6, channels, 3, 3], 0, 0.3, { dtype })
    const b = draw.normal([6], 0, 1, { dtype })
    const f = (x: Value, w: Value, bias: Value): Value =>
      conv2d(x, w, { ...options, bias })
        .tanh()
        .sum()
    const text = agree(f as never, [x, w, b], target, tolerance)
    for (const form of ['conv', 'convInput', 'convWeight']) expect(text).toMatch(new RegExp(`= ${form}\\(.*3×3 at`))
  })

  test.each([
    ['float64', {}, 1e-12],
    ['float32', { stride: 2, padding: [1, 2] }, 1e-5],
    ['float64', { padding: 2, dilation: [2, 1] }, 1e-12],
    ['float32', { stride: 3 }, 1e-5],
  ] as const)('channels by themselves and their gradients in %s, %o', (dtype, options, tolerance) => {
    const x = draw.normal([2, 5, 11, 13], 0, 1, { dtype })
    const w = draw.normal([5, 1, 3, 3], 0, 0.3, { dtype })
    const f = (x: Value, w: Value): Value =>
      conv2d(x, w, { ...options, groups: 5 })
        .tanh()
        .sum()
    const text = agree(f as never, [x, w], target, tolerance)
    expect(text).not.toMatch(/= conv(Input)?\(/)
  })

  test.each([
    ['float32', 2, {}],
    ['float64', 3, { stride: 2, padding: 1 }],
    ['float32', [2, 3], { padding: [0, 1], countIncludePad: false }],
  ] as const)('average pooling in %s, %o, %o', (dtype, kernel, options) => {
    const x = draw.normal([2, 3, 11, 9], 0, 1, { dtype })
    const f = (x: Value): Value => avgPool2d(x, kernel, options).square().sum()
    const text = agree(f as never, [x], target, dtype === 'float32' ? 1e-5 : 1e-12)
    expect(text).not.toMatch(/= conv(Input)?\(/)
    if (dtype === 'float32') expect(text).not.toContain('f64')
  })

  test('a transposed convolution and its gradients', () => {
    const x = draw.normal([2, 3, 4, 5])
    const w = draw.normal([3, 2, 3, 2])
    const f = (x: Value, w: Value): Value => convTranspose2d(x, w, { stride: 2, padding: 1 }).sin().sum()
    agree(f as never, [x, w], target, 1e-12)
  })

  test('in the steps of a loop', () => {
    const x = draw.normal([1, 2, 6, 6])
    const w = draw.normal([2, 2, 3, 3], 0, 0.2)
    const rows = draw.normal([4, 1, 2, 6, 6])
    const f = (x: Value, w: Value, rows: Value): Value =>
      scan((h: Value, row: Value) => ({ carry: conv2d(h, w, { padding: 1 }).add(row).tanh() }), x, rows)
        .carry.square()
        .sum()
    agree(f as never, [x, w, rows], target, 1e-12)
  })

  test('a large batch: gradients of the weights are summed in shares', () => {
    const x = draw.normal([12, 2, 17, 16])
    const w = draw.normal([3, 2, 3, 3], 0, 0.3)
    const text = agree(((x: Value, w: Value) => conv2d(x, w).tanh().sum()) as never, [x, w], target, 1e-12)
    // Of 2 images each: one has fewer than 256 places.
    expect(text).toMatch(/loop \w+ < 6 parallel\n.*= convWeight\(/)
  })

  test('an empty batch', () => {
    const x = draw.normal([0, 2, 4, 4])
    const f = compile((x: Value) => conv2d(x, draw.normal([3, 2, 2, 2])), { target })
    expect(f(x).shape).toEqual([0, 3, 3, 3])
  })
})

const args: ConvArgs = {
  input: [4, 3],
  kernel: [2, 2],
  output: [3, 2],
  stride: [1, 1],
  padding: [0, 0],
  dilation: [1, 1],
  groups: 1,
}
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => ((i * 7) % 11) - 5)

/** Two calls in a loop, each on an image of its own. */
function programOf(form: ConvCall['form']): { program: Program; of: Record<string, ReturnType<typeof buffer>> } {
  const { words } = convPlan('f64', args, 1, 1)
  const kindOf = (other: string): 'input' | 'output' => (form === other ? 'output' : 'input')
  const images = buffer('x', 'f64', 24, kindOf('convInput'))
  const weights = buffer('w', 'f64', 8, kindOf('convWeight'))
  const results = buffer('y', 'f64', 12, kindOf('conv'))
  const words32 = buffer('plan', 'i32', words.length, 'constant', Array.from(words))
  const each = loop(2)
  each.body.push({
    kind: 'conv',
    type: 'f64',
    form,
    args,
    batch: 1,
    channels: 1,
    outs: 1,
    images: address(images, 0, [{ loop: each, stride: 12 }]),
    weights: address(weights, 0, [{ loop: each, stride: 4 }]),
    results: address(results, 0, [{ loop: each, stride: 6 }]),
    plan: address(words32, 0),
  })
  return { program: { buffers: [images, weights, results, words32], body: [each] }, of: { images, weights, results } }
}

describe.each(['conv', 'convInput', 'convWeight'] as const)('%s as a statement', (form) => {
  test('gives the same in WebAssembly and in JavaScript, at places that move', () => {
    const { program, of } = programOf(form)
    const output = Object.values(of).find(({ kind }) => kind === 'output') as ReturnType<typeof buffer>
    const [first, second] = [load, interpret].map((start) => {
      const executable = start(program)
      for (const each of Object.values(of)) executable.view(each).set(numbers(each.size))
      executable.run()
      return Array.from(executable.view(output))
    })
    expect(first).toEqual(second)
    expect(first).not.toEqual(numbers(output.size))
  })

  test('is printed, and its memory planned', () => {
    const { program } = programOf(form)
    expect(printProgram(program)).toContain(`(1 × 1 → 1, 2×2 at 3×2 places, f64)`)
    const { offsets } = plan(program)
    expect(new Set(offsets.values()).size).toBe(4)
  })
})
