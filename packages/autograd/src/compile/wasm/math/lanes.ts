/** Formulas over the lanes of vectors, written straight into a WebAssembly function. */
import type { Code } from '../../../wasm/code.ts'
import type { PlainName } from '../../../wasm/opcodes.ts'
import type { Library } from './library.ts'

export type FloatType = 'f64' | 'f32'

/** A value in every lane: what an instruction left in a local variable. Masks have all bits of a lane set, or none. */
export interface Vector {
  readonly local: number
}
/** A vector, a number in every lane, or (bigint) a pattern of bits in every lane. */
export type Operand = Vector | number | bigint

/** The bytes of the lower halves of two vectors, and of the upper ones. */
const FIRST = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const SECOND = FIRST.map((byte) => byte + 8)

interface LanesOptions {
  readonly precision?: FloatType
  readonly take?: (() => number) | undefined
}

/**
 * The words of formulas. Each one writes its instructions and hands back where the result lies, so that a formula
 * reads as nested calls: `f.add(f.mul(x, x), 1)`.
 */
export class Lanes {
  readonly type: FloatType
  /** How many digits the result needs: f64 lanes may serve f32 with shorter polynomials. */
  readonly precision: FloatType
  readonly code: Code
  readonly library: Library
  private readonly floats: 'f64x2' | 'f32x4'
  private readonly integers: 'i64x2' | 'i32x4'

  private readonly take: () => number

  /** @param take Where locals come from. */
  constructor(
    type: FloatType,
    code: Code,
    library: Library,
    { precision = type, take = () => code.local('v128') }: LanesOptions = {},
  ) {
    this.take = take
    this.type = type
    this.precision = precision
    this.code = code
    this.library = library
    this.floats = this.pick('f64x2', 'f32x4')
    this.integers = this.pick('i64x2', 'i32x4')
  }

  /** f64 lanes in the same function, for results of the given precision. */
  inDouble(precision: FloatType): Lanes {
    const { code, library, take } = this
    return new Lanes('f64', code, library, { precision, take })
  }

  /** One of two things, by the type of the lanes. */
  pick<F64, F32>(f64: F64, f32: F32): F64 | F32 {
    return this.type === 'f64' ? f64 : f32
  }

  /** Pushes an operand on the stack. */
  push(x: Operand): Code {
    if (typeof x === 'object') return this.code.get(x.local)
    if (typeof x === 'number') return this.type === 'f64' ? this.code.f64x2(x) : this.code.f32x4(x)
    return this.type === 'f64' ? this.code.i64x2(x) : this.code.i32x4(Number(BigInt.asIntN(32, x)))
  }

  /** Takes a vector from the stack. */
  pop(): Vector {
    const local = this.take()
    this.code.set(local)
    return { local }
  }

  /** An operand in a local of its own. */
  constant(x: Operand): Vector {
    this.push(x)
    return this.pop()
  }

  /** An instruction on one operand. */
  one(name: PlainName, x: Operand): Vector {
    this.push(x).op(name)
    return this.pop()
  }

  /** An instruction on two operands. */
  two(name: PlainName, a: Operand, b: Operand): Vector {
    this.push(a)
    this.push(b).op(name)
    return this.pop()
  }

  add = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.add`, a, b)
  sub = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.sub`, a, b)
  mul = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.mul`, a, b)
  div = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.div`, a, b)
  /** The smaller one; a where either is NaN. One instruction of the processor, unlike the minimum that keeps NaN. */
  min = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.pmin`, a, b)
  /** The larger one; a where either is NaN. */
  max = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.pmax`, a, b)
  sqrt = (x: Operand): Vector => this.one(`${this.floats}.sqrt`, x)
  abs = (x: Operand): Vector => this.one(`${this.floats}.abs`, x)
  neg = (x: Operand): Vector => this.one(`${this.floats}.neg`, x)
  trunc = (x: Operand): Vector => this.one(`${this.floats}.trunc`, x)

  lt = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.lt`, a, b)
  le = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.le`, a, b)
  eq = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.eq`, a, b)
  ne = (a: Operand, b: Operand): Vector => this.two(`${this.floats}.ne`, a, b)
  isNaN = (x: Vector): Vector => this.ne(x, x)

  and = (a: Operand, b: Operand): Vector => this.two('v128.and', a, b)
  or = (a: Operand, b: Operand): Vector => this.two('v128.or', a, b)
  xor = (a: Operand, b: Operand): Vector => this.two('v128.xor', a, b)
  not = (a: Operand): Vector => this.one('v128.not', a)

  /** Sums and differences of bits as whole numbers, modulo the size of a lane. */
  addBits = (a: Operand, b: Operand): Vector => this.two(`${this.integers}.add`, a, b)
  subBits = (a: Operand, b: Operand): Vector => this.two(`${this.integers}.sub`, a, b)
  shiftLeft(x: Operand, count: number): Vector {
    this.push(x).i32(count).op(`${this.integers}.shl`)
    return this.pop()
  }
  /** Each 32-bit part of the lanes, shifted right with its sign. */
  shiftRight32(x: Operand, count: number): Vector {
    this.push(x).i32(count).op('i32x4.shr_s')
    return this.pop()
  }
  /** The entries of a table of pairs of f64 at the numbers in the low words of f64 lanes. */
  pairs(at: Vector, table: number): { readonly first: Vector; readonly second: Vector } {
    const places = this.shiftLeft(at, 4)
    const load = (lane: number): Vector => {
      this.push(places).lane('i32x4.extract_lane', lane).mem('v128.load', table)
      return this.pop()
    }
    const [low, high] = [load(0), load(2)]
    const join = (bytes: readonly number[]): Vector => {
      this.push(low)
      this.push(high).shuffle(bytes)
      return this.pop()
    }
    return { first: join(FIRST), second: join(SECOND) }
  }

  get signBit(): bigint {
    return this.pick(1n << 63n, 1n << 31n)
  }

  /** a where the mask is set, else b. */
  select(mask: Vector, a: Operand, b: Operand): Vector {
    this.push(a)
    this.push(b)
    this.push(mask).op('v128.bitselect')
    return this.pop()
  }
  /** The size of a with the sign of b. */
  copySign(a: Operand, b: Operand): Vector {
    return this.select(this.constant(this.signBit), b, a)
  }
  /** The result, or where the mask is set what `value` computes in its place; skipped where no lane needs it. */
  patch(result: Vector, mask: Vector, value: () => Operand): Vector {
    const patched = this.constant(result)
    this.push(mask)
      .op('v128.any_true')
      .if(() => this.push(this.select(mask, value(), patched)).set(patched.local))
    return patched
  }

  /** c₀ + c₁t + c₂t² + …, even and odd powers side by side in t², which halves the wait of Horner's rule. */
  polynomial(t: Vector, coefficients: readonly number[]): Vector {
    const square = this.mul(t, t)
    const even = this.horner(
      square,
      coefficients.filter((_, i) => i % 2 === 0),
    )
    const odd = this.horner(
      square,
      coefficients.filter((_, i) => i % 2 === 1),
    )
    return this.add(even, this.mul(t, odd))
  }

  private horner(t: Vector, coefficients: readonly number[]): Operand {
    const [last = 0, ...before] = coefficients.toReversed()
    return before.reduce<Operand>((sum, c) => this.add(this.mul(sum, t), c), last)
  }
}
