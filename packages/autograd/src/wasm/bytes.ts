/** A growing list of bytes. */
import { unsigned } from './opcodes.ts'

export class Bytes {
  private data: Uint8Array
  length: number

  constructor() {
    this.data = new Uint8Array(1024)
    this.length = 0
  }

  private reserve(count: number): void {
    if (this.length + count <= this.data.length) return
    const grown = new Uint8Array(Math.max(this.data.length * 2, this.length + count))
    grown.set(this.data.subarray(0, this.length))
    this.data = grown
  }

  byte(x: number): void {
    if (this.length === this.data.length) this.reserve(1)
    this.data[this.length++] = x
  }

  append(list: ArrayLike<number>): void {
    this.reserve(list.length)
    this.data.set(list, this.length)
    this.length += list.length
  }

  /** Unsigned LEB128. */
  unsigned(n: number): void {
    if (n >= 0 && n < 128) this.byte(n)
    else this.append(unsigned(n))
  }

  /** Signed LEB128 of a whole number of 32 bits. */
  signed(n: number): void {
    let rest = n | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.byte(low)
        return
      }
      this.byte(low | 0x80)
    }
  }

  /** Signed LEB128 of a whole number of 64 bits. */
  signed64(n: bigint): void {
    let rest = BigInt.asIntN(64, n)
    for (;;) {
      const low = Number(rest & 0x7fn)
      rest >>= 7n
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
        this.byte(low)
        return
      }
      this.byte(low | 0x80)
    }
  }

  text(x: string): void {
    const bytes = Array.from(x, (c) => c.charCodeAt(0))
    this.unsigned(bytes.length)
    this.append(bytes)
  }

  /** What was written, in an array of its own. */
  take(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.length)
  }
}
