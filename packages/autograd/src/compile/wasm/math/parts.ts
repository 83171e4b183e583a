/** Floats taken apart into 2^k and a fraction, and put together again, by their bits (IEEE 754). */
import type { Lanes, Operand, Vector } from './lanes.ts'

/** Bits of the fraction, the bits of 1, and the smallest normal number. */
function layout(f: Lanes): { readonly fraction: number; readonly one: bigint; readonly smallest: number } {
  return f.pick(
    { fraction: 52, one: 0x3ff0_0000_0000_0000n, smallest: 2 ** -1022 },
    { fraction: 23, one: 0x3f80_0000n, smallest: 2 ** -126 },
  )
}

/** Adding this number rounds a small float to the nearest whole number, which then stands in the low bits of the sum. */
function rounder(f: Lanes): number {
  return f.pick(1.5 * 2 ** 52, 1.5 * 2 ** 23)
}

/** The nearest whole number k as a float and, modulo the size of a lane, in the low bits of a vector. */
export interface Whole {
  readonly float: Vector
  readonly bits: Vector
}

export function toWhole(f: Lanes, x: Operand): Whole {
  const bits = f.add(x, rounder(f))
  return { float: f.sub(bits, rounder(f)), bits }
}

/** 2^k where that is a normal number. */
export function powerOfTwo(f: Lanes, bits: Vector): Vector {
  const { fraction, one } = layout(f)
  return f.addBits(f.shiftLeft(bits, fraction), one)
}

/** x·2^k for every k between twice the smallest and twice the largest exponent: in two steps, of which one may round. */
export function scale(f: Lanes, x: Vector, bits: Vector): Vector {
  const half = f.shiftRight32(bits, 1)
  return f.mul(f.mul(x, powerOfTwo(f, half)), powerOfTwo(f, f.subBits(bits, half)))
}

/** A positive normal x as 2^k·m with √½ ≤ m < √2. */
export interface Parts {
  readonly k: Vector
  readonly m: Vector
  /** 2⁻ᵏ; 0 where that is below the normal numbers. */
  readonly inverse: Vector
}

export function takeApart(f: Lanes, x: Vector): Parts {
  const { one } = layout(f)
  const fromRoot = f.subBits(x, f.pick(0x3fe6_a09e_667f_3bcdn, 0x3f35_04f3n))
  const power = f.and(fromRoot, f.pick(0xfff0_0000_0000_0000n, 0xff80_0000n))
  return { k: exponent(f, fromRoot), m: f.subBits(x, power), inverse: f.max(f.subBits(one, power), 0) }
}

/** The exponent field, signed, as a float. */
function exponent(f: Lanes, bits: Vector): Vector {
  if (f.type === 'f32') return f.one('f32x4.convert_i32x4_s', f.shiftRight32(bits, 23))
  // The exponents stand in the high words: lanes 1 and 3 of the four
  f.push(f.shiftRight32(bits, 20))
  f.push(0)
  f.code.shuffle([4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 0, 1, 2, 3]).op('f64x2.convert_low_i32x4_s')
  return f.pop()
}

/** Where x is not a positive normal finite number. */
export function isUnusual(f: Lanes, x: Vector): Vector {
  return f.not(f.and(f.le(layout(f).smallest, x), f.lt(x, Number.POSITIVE_INFINITY)))
}
