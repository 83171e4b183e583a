/** The body of one WebAssembly function, written instruction by instruction. */
import { Bytes } from './bytes.ts'
import { type LaneMemoryName, type LaneName, type MemoryName, opcodes, type PlainName } from './opcodes.ts'

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'
export const typeCodes: Readonly<Record<WasmType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

export interface Signature {
  readonly params: readonly WasmType[]
  readonly results: readonly WasmType[]
}

const scratch = new DataView(new ArrayBuffer(8))

/**
 * Writes a function. Every method returns the writer, so that a stack expression reads in a row:
 * `f.get(p).mem('v128.load', 16).get(x).op('f64x2.mul').set(y)`.
 */
export class Code {
  readonly signature: Signature
  private readonly locals: WasmType[]
  private readonly bytes: Bytes

  constructor(signature: Signature) {
    this.signature = signature
    this.locals = []
    this.bytes = new Bytes()
  }

  /** How many bytes the body has so far. */
  get size(): number {
    return this.bytes.length
  }

  /** A new local variable; parameters are the locals 0, 1, … */
  local(type: WasmType): number {
    this.locals.push(type)
    return this.signature.params.length + this.locals.length - 1
  }

  private raw(name: string): this {
    const code = opcodes.get(name)
    if (code === undefined) throw new Error(`no WebAssembly instruction is called ${name}`)
    if (code.length === 1) this.bytes.byte(code[0] as number)
    else this.bytes.append(code)
    return this
  }

  op(...names: readonly PlainName[]): this {
    for (const name of names) this.raw(name)
    return this
  }

  /** A load, a store or an atomic at the address on the stack plus a constant offset in bytes (0 or more). */
  mem(name: MemoryName, offset = 0): this {
    this.raw(name)
    this.bytes.unsigned(offset)
    return this
  }

  lane(name: LaneName, index: number): this {
    this.raw(name)
    this.bytes.byte(index)
    return this
  }

  /** Loads (address, vector → vector) or stores (address, vector →) one lane. */
  laneMem(name: LaneMemoryName, index: number, offset = 0): this {
    this.raw(name)
    this.bytes.unsigned(offset)
    this.bytes.byte(index)
    return this
  }

  /** i8x16.shuffle: each byte of the result is one of the 32 bytes of two vectors. */
  shuffle(lanes: readonly number[]): this {
    this.bytes.append([0xfd, 0x0d, ...lanes])
    return this
  }

  get(local: number): this {
    this.bytes.byte(0x20)
    this.bytes.unsigned(local)
    return this
  }

  set(local: number): this {
    this.bytes.byte(0x21)
    this.bytes.unsigned(local)
    return this
  }

  tee(local: number): this {
    this.bytes.byte(0x22)
    this.bytes.unsigned(local)
    return this
  }

  i32(x: number): this {
    this.bytes.byte(0x41)
    this.bytes.signed(x)
    return this
  }

  i64(x: bigint): this {
    this.bytes.byte(0x42)
    this.bytes.signed64(x)
    return this
  }

  f32(x: number): this {
    scratch.setFloat32(0, x, true)
    this.bytes.byte(0x43)
    this.bytes.append(new Uint8Array(scratch.buffer, 0, 4))
    return this
  }

  f64(x: number): this {
    scratch.setFloat64(0, x, true)
    this.bytes.byte(0x44)
    this.bytes.append(new Uint8Array(scratch.buffer, 0, 8))
    return this
  }

  v128(bytes: ArrayLike<number>): this {
    this.bytes.append([0xfd, 0x0c])
    this.bytes.append(bytes)
    return this
  }

  f64x2(a: number, b: number = a): this {
    return this.v128(new Uint8Array(Float64Array.of(a, b).buffer))
  }

  f32x4(x: number): this {
    return this.v128(new Uint8Array(Float32Array.of(x, x, x, x).buffer))
  }

  i64x2(x: bigint): this {
    return this.v128(new Uint8Array(BigInt64Array.of(x, x).buffer))
  }

  i32x4(x: number): this {
    return this.v128(new Uint8Array(Int32Array.of(x, x, x, x).buffer))
  }

  /** Calls a function by its index in the module. */
  call(index: number): this {
    this.bytes.byte(0x10)
    this.bytes.unsigned(index)
    return this
  }

  /** A block whose end `br` of its depth jumps to. */
  block(body: () => void): this {
    return this.nested(0x02, body)
  }

  /** A block whose beginning `br` of its depth jumps to. */
  loop(body: () => void): this {
    return this.nested(0x03, body)
  }

  /** Runs `then` where the i32 on the stack is not 0, else `otherwise`. */
  if(then: () => void, otherwise?: () => void): this {
    this.bytes.append([0x04, 0x40])
    then()
    if (otherwise !== undefined) {
      this.bytes.byte(0x05)
      otherwise()
    }
    this.bytes.byte(0x0b)
    return this
  }

  private nested(code: number, body: () => void): this {
    this.bytes.append([code, 0x40])
    body()
    this.bytes.byte(0x0b)
    return this
  }

  br(depth: number): this {
    this.bytes.byte(0x0c)
    this.bytes.unsigned(depth)
    return this
  }

  brIf(depth: number): this {
    this.bytes.byte(0x0d)
    this.bytes.unsigned(depth)
    return this
  }

  /** memory.fill: address, byte, count on the stack. */
  fill(): this {
    this.bytes.append([0xfc, 0x0b, 0x00])
    return this
  }

  /** memory.copy: destination, source, count on the stack. */
  copy(): this {
    this.bytes.append([0xfc, 0x0a, 0x00, 0x00])
    return this
  }

  /** The function as it stands in the code section. */
  finish(): Uint8Array {
    const body = new Bytes()
    const runs: { type: WasmType; count: number }[] = []
    for (const type of this.locals) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    body.unsigned(runs.length)
    for (const { type, count } of runs) {
      body.unsigned(count)
      body.byte(typeCodes[type])
    }
    body.append(this.bytes.take())
    body.byte(0x0b)
    return body.take()
  }
}
