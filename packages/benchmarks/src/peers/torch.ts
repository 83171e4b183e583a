/** PyTorch, one thread, where a Python that has it is found: measured by small scripts beside src. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { firstLine, nativeFolder, ownFile, writeNumbers } from '../native/files.ts'
import type { Product, ProductWork } from '../rows/product.ts'
import type { Block } from '../timing.ts'
import type { Work } from '../work.ts'

const SECONDS = 0.4

/** Debian's own Python first: it is the one that finds Debian's python3-torch. */
const PYTHONS = ['/usr/bin/python3', 'python3']

interface Printed {
  readonly us: number
  readonly losses?: readonly number[]
}

let python: string | undefined

function pythonWithTorch(): string {
  python ??= PYTHONS.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0)
  if (python === undefined) throw new Error("no Python here has torch (Debian's python3-torch)")
  return python
}

function run(script: string, task: object): string {
  const { status, stdout, stderr } = spawnSync(pythonWithTorch(), ['-B', ownFile(`python/${script}`)], {
    cwd: nativeFolder(),
    encoding: 'utf8',
    input: JSON.stringify({ ...task, seconds: SECONDS }),
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  })
  if (status !== 0) throw new Error(`${script}: ${firstLine(stderr?.split('\n').reverse().join('\n'))}`)
  return stdout
}

const measure = (script: string, task: object): Printed => JSON.parse(run(script, task))

/** Its version and the BLAS behind it. @throws Error without PyTorch. */
export const torchVersion = (): string => run('version.py', {}).trim()

export interface TorchTraining {
  readonly losses: readonly number[]
  readonly block: Block
}

/** A train step as a PyTorch user writes it: nn modules, a loss, torch.optim.SGD. @throws Error without PyTorch. */
export function torchTraining(work: Work, steps: number): TorchTraining {
  const { name, batch, example, layers, activation, loss, learningRate, x, y, parameters } = work
  const numbers = writeNumbers(
    `torch-${name}.numbers`,
    Float32Array.from([x, y, ...parameters.map(({ data }) => data)].flatMap((list) => Array.from(list))),
  )
  const shapes = parameters.map(({ shape }) => shape)
  const task = { numbers, batch, example, layers, activation, loss, learningRate, targets: y.length, shapes, steps }
  return { losses: measure('train.py', task).losses ?? [], block: () => measure('train.py', task).us }
}

/** @throws Error without PyTorch. */
export function torchProduct({ n, a, b }: ProductWork): Product {
  const precision = a instanceof Float32Array ? 'float32' : 'float64'
  const name = `torch-product-${precision}-${n}`
  const inputs = precision === 'float32' ? Float32Array.from([...a, ...b]) : Float64Array.from([...a, ...b])
  const task = { numbers: writeNumbers(`${name}.numbers`, inputs), n, precision, output: `${name}.result` }
  return {
    result: () => {
      run('product.py', task)
      const { buffer, byteOffset, byteLength } = readFileSync(`${nativeFolder()}${task.output}`)
      const bytes = buffer.slice(byteOffset, byteOffset + byteLength)
      return precision === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes)
    },
    block: () => measure('product.py', task).us,
  }
}
