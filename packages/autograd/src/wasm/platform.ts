/** What the engine asks of its host: WebAssembly, typed here since the library needs neither DOM nor Node types. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
export type WasmExports = Readonly<Record<string, (...args: number[]) => number | undefined>>
interface Platform {
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: unknown) => { readonly exports: WasmExports }
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
}

/** WebAssembly where the host has it, and lets pages compile it. */
export const webAssembly: Platform | undefined = (globalThis as { WebAssembly?: Platform }).WebAssembly
