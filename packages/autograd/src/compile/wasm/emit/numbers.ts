/** Instructions on one number, or on all lanes of a vector: formulas are written once for both. */
import type { Code, WasmType } from '../../../wasm/code.ts'
import type { Relation } from './uses.ts'

export type FloatType = 'f64' | 'f32'
/** Writes the instructions that leave a value on the stack. */
export type Push = () => unknown

type FloatName = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'
type UnaryName = 'abs' | 'neg' | 'sqrt' | 'ceil' | 'floor' | 'trunc' | 'nearest'

/** Takes and gives back local variables. */
export interface Pool {
  take(type: WasmType): number
  give(local: number): void
}

/**
 * Each method leaves its result on the stack. Masks are vectors of all bits or none in a lane; for one number, an i32
 * of 1 or 0.
 */
export class Numbers {
  readonly code: Code
  readonly type: FloatType
  readonly vector: boolean
  private readonly pool: Pool
  private readonly words: 'f64' | 'f32' | 'f64x2' | 'f32x4'

  constructor(code: Code, type: FloatType, vector: boolean, pool: Pool) {
    this.code = code
    this.type = type
    this.vector = vector
    this.pool = pool
    this.words = vector ? (type === 'f64' ? 'f64x2' : 'f32x4') : type
  }

  constant(x: number): void {
    if (this.type === 'f64') this.vector ? this.code.f64x2(x) : this.code.f64(x)
    else this.vector ? this.code.f32x4(x) : this.code.f32(x)
  }

  apply(name: FloatName, a: Push, b: Push): void {
    a()
    b()
    this.code.op(`${this.words}.${name}`)
  }

  /** The same of two values on the stack. */
  join(name: FloatName): void {
    this.code.op(`${this.words}.${name}`)
  }

  unary(name: UnaryName, a: Push): void {
    a()
    this.code.op(`${this.words}.${name}`)
  }

  compare(relation: Relation, a: Push, b: Push): void {
    a()
    b()
    this.code.op(`${this.words}.${relation}`)
  }

  both(a: Push, b: Push): void {
    a()
    b()
    this.code.op(this.vector ? 'v128.and' : 'i32.and')
  }

  either(a: Push, b: Push): void {
    a()
    b()
    this.code.op(this.vector ? 'v128.or' : 'i32.or')
  }

  /** a where the mask is set, else b. */
  select(mask: Push, a: Push, b: Push): void {
    a()
    b()
    mask()
    this.code.op(this.vector ? 'v128.bitselect' : 'select')
  }

  /** 0 where the mask is set, else x. */
  zeroWhere(mask: Push, x: Push): void {
    if (!this.vector) {
      this.select(mask, () => this.constant(0), x)
      return
    }
    x()
    mask()
    this.code.op('v128.andnot')
  }

  /** The mask as the numbers 1 and 0. */
  truth(mask: Push): void {
    mask()
    if (!this.vector) {
      this.code.op(`${this.type}.convert_i32_s`)
      return
    }
    this.constant(1)
    this.code.op('v128.and')
  }

  /** Keeps what `value` computes in a local variable while `body` reads it. */
  keep(value: Push, body: (x: Push) => void): void {
    const local = this.pool.take(this.vector ? 'v128' : this.type)
    value()
    this.code.set(local)
    body(() => this.code.get(local))
    this.pool.give(local)
  }
}
