/** A Program compiled to WebAssembly, ready to run. */
import type { FloatArray } from '../../data.ts'
import { type WasmMemory, webAssembly } from '../../wasm/platform.ts'
import type { Executable } from '../program/executable.ts'
import { type Layout, plan } from '../program/plan.ts'
import type { Address, Buffer, HostCall, Program } from '../program/program.ts'
import { type EmitOptions, emit, PAGE, pagesOf } from './emit/emit.ts'
import type { HostImport } from './emit/imports.ts'
import { startCrew, threadsHere } from './threads/crew.ts'

type Elements = FloatArray | Int32Array
type Floats = (at: number, size: number) => FloatArray

/**
 * Compiles a program and gives it memory. Views of its buffers stay valid: the memory never grows.
 * @throws Error where the host has no WebAssembly, or the page may not compile it.
 * @example
 * const executable = load(program)
 * executable.view(x).set([1, 2, 3])
 * executable.run()
 */
export function load(program: Program, options: EmitOptions = {}): Executable {
  if (webAssembly === undefined) throw new Error("this host has no WebAssembly: compile for the target 'js'")
  const layout = plan(program, { unroll: options.unroll ?? 2 })
  const asked = threadsHere(options.threads ?? 1)
  const { bytes, imports, memory: size, divided, words } = emit(program, layout, { ...options, threads: asked })
  const threads = divided > 0 ? asked : 1
  const pages = pagesOf(size)
  const memory = new webAssembly.Memory(
    threads > 1 ? { initial: pages, maximum: pages, shared: true } : { initial: pages },
  )
  const view = (buffer: Buffer): Elements => elements(memory, layout, buffer)
  for (const buffer of program.buffers) {
    if (buffer.data !== undefined) view(buffer).set(buffer.data)
  }
  const functions = imports.map((host) => [host.name, hostFunction(host, memory)] as const)
  const module = new webAssembly.Module(bytes)
  const env = { memory, ...Object.fromEntries(functions) }
  const run = new webAssembly.Instance(module, { env }).exports.run
  if (run === undefined) throw new Error('the module exports no function run')
  const close = threads > 1 ? startCrew(run, module, memory, words, threads) : () => {}
  return { run, view, bytes, memory: pages * PAGE, threads, divided, close }
}

function elements(memory: WasmMemory, { offsets }: Layout, buffer: Buffer): Elements {
  const at = offsets.get(buffer)
  if (at === undefined) throw new Error(`the buffer ${buffer.name} is not part of the program`)
  if (buffer.type === 'i32') return new Int32Array(memory.buffer, at, buffer.size)
  return floats(memory, buffer)(at, buffer.size)
}

function floats(memory: WasmMemory, { type }: Buffer): Floats {
  if (type === 'f64') return (at, size) => new Float64Array(memory.buffer, at, size)
  return (at, size) => new Float32Array(memory.buffer, at, size)
}

function hostFunction(host: HostImport, memory: WasmMemory): unknown {
  if (host.kind === 'call') return callOf(host.step, memory)
  const { op, args } = host.step
  const { scalar, name } = op
  if (scalar === null) throw new Error(`${name} has no function of numbers: it cannot be applied element by element`)
  return op.arity === 1 ? (a: number) => scalar(a, 0, args) : (a: number, b: number) => scalar(a, b, args)
}

/** Makes views of the bytes that the module names; those of places that do not move are made once. */
function callOf({ run, output, inputs }: HostCall, memory: WasmMemory): (...at: number[]) => void {
  const spans = [output, ...inputs].map(({ address, size }) => {
    const make = floats(memory, address.buffer)
    if (moves(address)) return (at: number) => make(at, size)
    let known: FloatArray | undefined
    return (at: number) => {
      known ??= make(at, size)
      return known
    }
  })
  return (...at) => {
    const [out, ...rest] = spans.map((span, i) => span(at[i] as number)) as [FloatArray, ...FloatArray[]]
    run(out, rest)
  }
}

function moves({ terms, index }: Address): boolean {
  return index !== null || terms.length > 0
}
