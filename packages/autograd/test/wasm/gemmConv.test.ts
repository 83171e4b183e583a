import { describe, expect, it } from 'vitest'
import { NdArray } from '../../src/data.ts'
import type { ConvArgs } from '../../src/op.ts'
import { addConv, convPlan } from '../../src/wasm/gemm/conv.ts'
import { addGemm } from '../../src/wasm/gemm/gemm.ts'
import { type Bench, bench, type FloatType, numbers, pick } from './gemmBench.ts'
import { error, type Form, naiveConv } from './gemmNaive.ts'

function benchOf(type: FloatType, form: Form): Bench {
  return bench(type, (module) => {
    const { index, workspace } = addGemm(module, type)
    return { index: addConv(module, type, index)[form], workspace }
  })
}

const forms: readonly Form[] = ['conv', 'convInput', 'convWeight']
const benches = {
  f32: forms.map((form) => benchOf('f32', form)),
  f64: forms.map((form) => benchOf('f64', form)),
}

interface Case {
  readonly args: ConvArgs
  readonly batch: number
  readonly channels: number
  readonly outs: number
}

/** Sizes, strides, paddings, dilations and groups by number; undefined where the kernel does not fit. */
function caseOf(i: number): Case | undefined {
  let draws = 0
  const draw = (...list: [number, ...number[]]): number => pick(list, 29 * i + draws++)
  const pair = (...list: [number, ...number[]]): readonly [number, number] => [draw(...list), draw(...list)]
  const [input, kernel, stride] = [pair(1, 4, 9, 14), pair(1, 2, 3, 5), pair(1, 1, 2, 3)]
  const [padding, dilation, groups] = [pair(0, 1, 2, 4), pair(1, 1, 2, 3), draw(1, 1, 2, 3)]
  const places = (d: 0 | 1): number =>
    Math.floor((input[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1
  const output = [places(0), places(1)] as const
  if (output[0] < 1 || output[1] < 1) return undefined
  const args = { input, kernel, output, stride, padding, dilation, groups }
  return { args, batch: draw(0, 1, 3), channels: groups * draw(1, 2, 5), outs: groups * draw(1, 3, 4, 9) }
}

function arraysOf({ args, batch, channels, outs }: Case): readonly [NdArray, NdArray, NdArray] {
  const of = (seed: number, ...shape: number[]): NdArray =>
    new NdArray(
      shape,
      Float64Array.from(
        numbers(
          shape.reduce((n, x) => n * x, 1),
          seed,
        ),
      ),
    )
  return [
    of(1, batch, channels, ...args.input),
    of(2, outs, channels / args.groups, ...args.kernel),
    of(3, batch, outs, ...args.output),
  ]
}

/** Runs a form on the first images of a batch; what it writes was NaN before. */
function run(on: Bench, form: Form, test: Case, arrays: readonly NdArray[], from = 0, to = test.batch): Float64Array {
  const { bytes, view } = on
  const plan = convPlan(on.type, test.args, test.channels, test.outs)
  const target = forms.indexOf(form) === 0 ? 2 : forms.indexOf(form) === 1 ? 0 : 1
  let end = Math.ceil(plan.workspace / 16) * 16
  const places = arrays.map(({ data }, i) => {
    const at = end
    end = Math.ceil((at + data.length * bytes) / 16) * 16
    if (i === target) view.fill(Number.NaN, at / bytes, at / bytes + data.length)
    else view.set(data, at / bytes)
    return at
  }) as [number, number, number]
  new Int32Array(view.buffer).set(plan.words, end / 4)
  const [x, w, y] = places
  const skip = (i: number): number => ((arrays[i]?.data.length ?? 0) / Math.max(test.batch, 1)) * from * bytes
  on.call(x + skip(0), w, y + skip(2), to - from, end, 0)
  const size = arrays[target]?.data.length ?? 0
  return Float64Array.from(view.subarray((places[target] ?? 0) / bytes, (places[target] ?? 0) / bytes + size))
}

describe.each(['f32', 'f64'] as const)('convolutions in %s', (type) => {
  it.each(forms)('%s is the sum of its products for all sizes, strides, paddings, dilations, groups', (form) => {
    const on = benches[type][forms.indexOf(form)] as Bench
    for (let i = 0; i < 120; i++) {
      const test = caseOf(i)
      if (test === undefined) continue
      const arrays = arraysOf(test)
      const want = naiveConv(form, ...arrays, test.args)
      const got = run(on, form, test, arrays)
      expect(error(got, want), JSON.stringify(test)).toBeLessThan(type === 'f32' ? 2e-6 : 1e-14)
    }
  })

  it('works in bands of rows where an image is large', () => {
    const args: ConvArgs = {
      input: [61, 57],
      kernel: [3, 3],
      output: [31, 29],
      stride: [2, 2],
      padding: [1, 1],
      dilation: [1, 1],
      groups: 1,
    }
    const test: Case = { args, batch: 1, channels: 48, outs: 5 }
    const arrays = arraysOf(test)
    for (const [i, form] of forms.entries()) {
      const want = naiveConv(form, ...arrays, args)
      const got = run(benches[type][i] as Bench, form, test, arrays)
      expect(error(got, want), form).toBeLessThan(type === 'f32' ? 2e-6 : 1e-14)
    }
  })

  it('gives the same bits for parts of a batch', () => {
    const test = { ...(caseOf(4) ?? caseOf(5)), batch: 3 } as Case
    const arrays = arraysOf(test)
    for (const [i, form] of (['conv', 'convInput'] as const).entries()) {
      const on = benches[type][i] as Bench
      const whole = run(on, form, test, arrays)
      const part = whole.length / 3
      expect(run(on, form, test, arrays, 0, 1).slice(0, part)).toEqual(whole.slice(0, part))
      expect(run(on, form, test, arrays, 1, 3).slice(part)).toEqual(whole.slice(part))
    }
  })

  it('keeps infinities of an image where they are seen', () => {
    const args: ConvArgs = {
      input: [4, 4],
      kernel: [2, 2],
      output: [3, 3],
      stride: [1, 1],
      padding: [0, 0],
      dilation: [1, 1],
      groups: 1,
    }
    const test: Case = { args, batch: 1, channels: 1, outs: 1 }
    const [x, w, y] = arraysOf(test)
    x.data[3] = Infinity
    w.data.fill(1)
    const got = run(benches[type][0] as Bench, 'conv', test, [x, w, y])
    expect(Array.from(got, Number.isFinite)).toEqual([true, true, false, true, true, true, true, true, true])
    const gradient = run(benches[type][2] as Bench, 'convWeight', test, [x, w, y])
    expect(Array.from(gradient, Number.isFinite)).toEqual([true, false, true, true])
  })
})
