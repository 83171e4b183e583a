/** Every row is measured in a process of its own: fresh, and ended when it takes too long. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { firstLine } from '../native/files.ts'
import { reasonOf } from './times.ts'

/** What can be measured in a process of its own, and where it lies. */
export interface Measurers {
  readonly measureScalar: typeof import('./scalar.ts').measureScalar
  readonly measureFirst: typeof import('./first.ts').measureFirst
  readonly measureStep: typeof import('./step.ts').measureStep
  readonly measureProduct: typeof import('./product.ts').measureProduct
}

type Task<K extends keyof Measurers> = Parameters<Measurers[K]>[0]
type Result<K extends keyof Measurers> = Awaited<ReturnType<Measurers[K]>>

const SECONDS = 180
/** Large traces are objects by the million. */
const HEAP = '--max-old-space-size=6144'

/** The result, or why there is none. */
export function inChild<K extends keyof Measurers>(name: K, task: Task<K>, seconds = SECONDS): Result<K> | string {
  const main = fileURLToPath(new URL('./main.js', import.meta.url))
  const { status, signal, stdout, stderr, error } = spawnSync(
    process.execPath,
    ['--expose-gc', HEAP, main, name, JSON.stringify(task ?? {})],
    { encoding: 'utf8', timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 },
  )
  // What a row warns of belongs to its figures.
  process.stderr.write(stderr ?? '')
  if (signal !== null) return `not done after ${seconds} s`
  const printed = stdout?.trimEnd().split('\n').at(-1) ?? ''
  if (status === 0) return JSON.parse(printed).result
  // A row that throws prints why; a process that dies says it elsewhere.
  if (printed.startsWith('{"error":')) return JSON.parse(printed).error
  return error === undefined ? firstLine(stderr) : reasonOf(error)
}
