/** The host's workers: those of `node:worker_threads`, or those of a page. Neither kind is loaded where it is missing. */
import type { Start } from './worker.ts'

type Handler = () => void

interface URL {
  readonly href: string
}
interface Meta {
  readonly url: string
}
interface NodeWorker {
  unref(): void
  on(event: 'error', handler: Handler): void
}
interface NodeThreads {
  readonly Worker: new (script: URL, options: object) => NodeWorker
}
interface PageWorker {
  onerror: ((event: { preventDefault(): void }) => void) | null
  postMessage(message: Start): void
}
interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => NodeThreads | undefined }
  readonly Worker?: unknown
  readonly SharedArrayBuffer?: unknown
  readonly crossOriginIsolated?: boolean
}

declare const URL: new (to: string, base?: string) => URL
declare const Worker: new (script: URL, options: object) => PageWorker
const host = globalThis as unknown as Host

/**
 * worker.ts in two lines. A module of constant text loads from every place that this library may run from: sources,
 * packages, bundles.
 */
const NODE_WORKER = `import { workerData as start } from 'node:worker_threads'
const env = Object.fromEntries(WebAssembly.Module.imports(start.module).map(({ name }) => [name, () => 0]))
new WebAssembly.Instance(start.module, { env: { ...env, memory: start.memory } }).exports.work(start.thread)`

function nodeThreads(): NodeThreads | undefined {
  try {
    return host.process?.getBuiltinModule?.('node:worker_threads')
  } catch {
    return undefined
  }
}

/** Why there can be one thread only; undefined where there can be more. */
export function reasonForOne(): string | undefined {
  if (host.crossOriginIsolated === false) return 'this page is not cross-origin isolated'
  if (host.SharedArrayBuffer === undefined) return 'this host has no SharedArrayBuffer'
  if (nodeThreads() === undefined && host.Worker === undefined) return 'this host has no workers'
  return undefined
}

/**
 * Starts a worker, which does not keep the process alive. One that fails to start is missed by nobody: its share is
 * done by the others.
 * @param failed Is told so.
 * @throws Error where the host refuses at once.
 */
export function startWorker(start: Start, failed: () => void): void {
  const threads = nodeThreads()
  if (threads !== undefined) {
    const script = new URL(`data:text/javascript,${encodeURIComponent(NODE_WORKER)}`)
    const worker = new threads.Worker(script, { workerData: start, execArgv: [], env: {} })
    worker.on('error', failed)
    worker.unref()
    return
  }
  if (host.Worker === undefined) throw new Error('this host has no workers')
  // Written in full, as bundlers look for it.
  const worker = new Worker(new URL('./worker.js', (import.meta as unknown as Meta).url), { type: 'module' })
  worker.onerror = (event) => {
    event.preventDefault()
    failed()
  }
  worker.postMessage(start)
}
