/**
 * x modulo π/2 for huge x: x·2/π from the bits of 2/π that matter (Payne & Hanek, SIGNUM Newsletter 18, 1983). x is a
 * 53-bit number M times 2^e; bits of 2/π whose product with 2^e is a multiple of 4 are left out, the next 192 suffice.
 */
import type { Code } from '../../../wasm/code.ts'
import type { Library } from './library.ts'

/** 64 zeros, then 2/π in words of 64 bits, the first ones first. Computed by mpmath: floor(2/π·2^1216). */
const TWO_OVER_PI = [
  0x0n,
  0xa2f9836e4e441529n,
  0xfc2757d1f534ddc0n,
  0xdb6295993c439041n,
  0xfe5163abdebbc561n,
  0xb7246e3a424dd2e0n,
  0x06492eea09d1921cn,
  0xfe1deb1cb129a73en,
  0xe88235f52ebb4484n,
  0xe99c7026b45f7e41n,
  0x3991d639835339f4n,
  0x9c845f8bbdf9283bn,
  0x1ff897ffde05980fn,
  0xef2f118b5a0a6d1fn,
  0x6d367ecf27cb09b7n,
  0x4f463f669e5fea2dn,
  0x7527bac7ebe5f17bn,
  0x3d0739f78a5292ean,
  0x6bfb5fb11f8d5d08n,
  0x56033046fc7b6babn,
]

/** The word of TWO_OVER_PI at an index: a chain of tests, since the module has no data of its own. */
function writeWord(code: Code): void {
  TWO_OVER_PI.forEach((word, i) => {
    code.get(0).i64(BigInt(i)).op('i64.eq')
    code.if(() => code.i64(word).op('return'))
  })
  code.i64(0n)
}

/** The upper 64 bits of a·b, a below 2⁵³, by products of halves. */
function writeHighProduct(code: Code): void {
  const [a, b] = [0, 1]
  const low = (x: number): Code => code.get(x).i64(0xffff_ffffn).op('i64.and')
  const high = (x: number): Code => code.get(x).i64(32n).op('i64.shr_u')
  const [u, v] = [code.local('i64'), code.local('i64')]
  low(a)
  low(b).op('i64.mul').i64(32n).op('i64.shr_u')
  high(a)
  low(b).op('i64.mul', 'i64.add').set(u)
  low(a)
  high(b).op('i64.mul')
  low(u).op('i64.add').set(v)
  high(a)
  high(b).op('i64.mul')
  high(u).op('i64.add')
  high(v).op('i64.add')
}

/**
 * The index of a function f64 → (f64, f64, i64): x·2/π = quadrant + (high + low)/2⁶⁴ modulo 4, the fraction between −½
 * and ½. For finite |x| ≥ 2²⁰.
 */
export function largeReduction(library: Library): number {
  const word = library.define('word of 2/π', { params: ['i64'], results: ['i64'] }, writeWord)
  const highProduct = library.define('i64 high', { params: ['i64', 'i64'], results: ['i64'] }, writeHighProduct)
  return library.define('x·2/π', { params: ['f64'], results: ['f64', 'f64', 'i64'] }, (code) => {
    const [bits, m, start] = [code.local('i64'), code.local('i64'), code.local('i64')]
    const [top, bottom] = [code.local('i64'), code.local('i64')]
    const [quadrant, fraction] = [code.local('i64'), code.local('i64')]
    const [high, sign] = [code.local('f64'), code.local('f64')]
    code.get(0).op('i64.reinterpret_f64').set(bits)
    code
      .get(bits)
      .i64(0xf_ffff_ffff_ffffn)
      .op('i64.and')
      .i64(1n << 52n)
      .op('i64.or')
      .set(m)
    // The first bit that matters: e − 2, after 64 zeros; e is the exponent field less 1075
    code
      .get(bits)
      .i64(52n)
      .op('i64.shr_u')
      .i64(0x7ffn)
      .op('i64.and')
      .i64(1075n + 2n - 64n)
      .op('i64.sub')
      .set(start)

    /** 64 bits of 2/π, `skip` words after the first one. */
    const window = (skip: bigint): void => {
      const at = (i: bigint): Code => code.get(start).i64(6n).op('i64.shr_s').i64(i).op('i64.add').call(word)
      at(skip).get(start).op('i64.shl')
      at(skip + 1n)
        .i64(1n)
        .op('i64.shr_u')
        .i64(63n)
        .get(start)
        .op('i64.sub', 'i64.shr_u', 'i64.or')
    }
    const product = (skip: bigint): void => {
      window(skip)
      code.get(m).op('i64.mul')
    }
    const carried = (skip: bigint): void => {
      code.get(m)
      window(skip)
      code.call(highProduct)
    }
    // M times the window, its upper 128 bits modulo 2¹²⁸
    product(1n)
    code.tee(bottom)
    carried(2n)
    code.op('i64.add').tee(bits).get(bottom).op('i64.lt_u', 'i64.extend_i32_u')
    code.get(bits).set(bottom)
    product(0n)
    carried(1n)
    code.op('i64.add', 'i64.add').set(top)
    // Two bits of quadrant, the rest a signed fraction
    code.get(top).i64(2n).op('i64.shl').get(bottom).i64(62n).op('i64.shr_u', 'i64.or').tee(fraction)
    code.i64(63n).op('i64.shr_u').get(top).i64(62n).op('i64.shr_u', 'i64.add').set(quadrant)
    code.f64(1).get(0).op('f64.copysign').set(sign)
    code.get(fraction).op('f64.convert_i64_s').tee(high).get(sign).op('f64.mul')
    // What the conversion lost, and the bits after the first 64
    code.get(fraction).get(high).op('i64.trunc_sat_f64_s', 'i64.sub', 'f64.convert_i64_s')
    code
      .get(bottom)
      .i64(2n)
      .op('i64.shl')
      .i64(1n)
      .op('i64.shr_u', 'f64.convert_i64_s')
      .f64(2 ** -63)
    code.op('f64.mul', 'f64.add').get(sign).op('f64.mul')
    code.i64(0n).get(quadrant).op('i64.sub').get(quadrant).get(0).f64(0).op('f64.lt', 'select')
  })
}
