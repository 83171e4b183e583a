/** Matrix products as statements of a program, in WebAssembly and in JavaScript. */
import { expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { interpret } from '../../src/compile/js/interpret.ts'
import { address, type GemmCall, type Program } from '../../src/compile/program/program.ts'
import { load } from '../../src/compile/wasm/executable.ts'
import { NdArray } from '../../src/data.ts'
import { random, type Value } from '../../src/index.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import { buffer } from '../compile/programs.ts'
import { expectClose } from '../laws/close.ts'
import { naiveMatmul } from './gemmNaive.ts'

const forms = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) => [false, true].map((accumulate) => ({ transposeA, transposeB, accumulate }))),
)
const [m, n, k] = [3, 5, 4]
const numbers = (size: number, step: number): number[] => Array.from({ length: size }, (_, i) => ((i * step) % 9) - 4)

test.each(forms)('%o', ({ transposeA, transposeB, accumulate }) => {
  const shapeA = transposeA ? [k, m] : [m, k]
  const shapeB = transposeB ? [n, k] : [k, n]
  const a = buffer('a', 'f64', m * k, 'input')
  const b = buffer('b', 'f64', k * n, 'input')
  const c = buffer('c', 'f64', m * n, 'state')
  const call: GemmCall = {
    ...{ kind: 'gemm', type: 'f64', m, n, k, transposeA, transposeB, accumulate },
    ...{ a: address(a, 0), b: address(b, 0), c: address(c, 0) },
    ...{ lda: shapeA[1] as number, ldb: shapeB[1] as number, ldc: n },
  }
  const program: Program = { buffers: [a, b, c], body: [call] }
  const [x, y, z] = [numbers(m * k, 7), numbers(k * n, 5), numbers(m * n, 4)]
  const [left, right] = [new NdArray(shapeA, Float64Array.from(x)), new NdArray(shapeB, Float64Array.from(y))]
  const product = naiveMatmul(left, right, { transposeA, transposeB })
  expect(matmul(left, right, { transposeA, transposeB }).data).toEqual(product)
  for (const start of [load, interpret]) {
    const executable = start(program)
    ;[a, b, c].forEach((each, i) => {
      executable.view(each).set([x, y, z][i] as number[])
    })
    executable.run()
    expect(Array.from(executable.view(c))).toEqual(
      Array.from(product, (sum, i) => sum + (accumulate ? (z[i] as number) : 0)),
    )
  }
})

test.each(['wasm', 'js'] as const)('two transposed operands are read as they lie, compiled to %s', (target) => {
  const draw = random(2)
  const [a, b] = [draw.normal([4, 3]), draw.normal([5, 4])]
  const f = (a: Value, b: Value): Value => a.transpose().matmul(b.transpose())
  const compiled = compile(f, { target })
  expectClose(compiled(a, b), f(a, b))
  expect(compiled.explain()).toContain('ᵀ · in1[0]ᵀ')
})
