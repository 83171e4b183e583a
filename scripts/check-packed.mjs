// Checks what a user gets: packs the two packages as they would be published, looks at the tarballs, and puts them to
// use in a project that has nothing but npm (scripts/consumer). `--keep` leaves that project in place to look at.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const work = mkdtempSync(join(tmpdir(), 'adjoint-packed-'))
const consumer = join(work, 'consumer')

step('pack', () => {
  for (const name of ['autograd', 'nn']) {
    run(join(root, 'packages', name), 'npx', '--yes', packageManager, 'pack', '--pack-destination', work)
  }
})
const tarballs = readdirSync(work).map((name) => join(work, name))

for (const tarball of tarballs) {
  step(`contents of ${tarball.slice(work.length + 1)}`, () => checkContents(tarball))
  step('  publint', () => run(root, 'npx', 'publint', 'run', tarball, '--strict'))
  step('  are the types wrong?', () => run(root, 'npx', 'attw', tarball, '--profile', 'esm-only'))
}

cpSync(join(root, 'scripts', 'consumer'), consumer, { recursive: true })

// First with nothing beside the two packages: no entry used here may need an optional peer.
const install = ['install', '--no-audit', '--no-fund', '--no-update-notifier']
step('npm install', () => run(consumer, 'npm', ...install, ...tarballs, pinned('typescript'), pinned('vite')))
step('types, nodenext', () => run(consumer, 'npx', 'tsc', '-p', 'tsconfig.nodenext.json'))
step('types, bundler', () => run(consumer, 'npx', 'tsc', '-p', 'tsconfig.bundler.json'))
step('train under Node', () => expectLine('learned', run(consumer, 'node', 'out/train.js')))
step('vite build', () => run(consumer, 'npx', 'vite', 'build', '--config', 'vite.config.js'))
step('train from the Vite bundle', () => expectLine('learned', run(consumer, 'node', `dist/assets/${bundle()}`)))

// Then with the peers that the testing entries ask for.
step('npm install fast-check vitest', () => run(consumer, 'npm', ...install, pinned('fast-check'), pinned('vitest')))
step('types with peers', () => run(consumer, 'npx', 'tsc', '-p', 'tsconfig.peers.json'))
step('every other entry loads', () => expectLine('loaded', run(consumer, 'node', 'out/entries.js')))
step('the vitest matcher', () => run(consumer, 'npx', 'vitest', 'run', 'matcher.test.ts'))

if (process.argv.includes('--keep')) console.log(`Kept: ${work}`)
else rmSync(work, { recursive: true, force: true })

/** @param {string} tarball */
function checkContents(tarball) {
  const files = run(work, 'tar', '-tzf', tarball).trim().split('\n')
  for (const needed of ['package/dist/index.js', 'package/dist/index.d.ts', 'package/LICENSE', 'package/README.md']) {
    if (!files.includes(needed)) throw new Error(`${needed} is missing`)
  }
  const strays = files.filter(
    (file) => !/^package\/((dist|src)\/.*\.(js|ts|map)|package\.json|LICENSE|.*\.md)$/.test(file),
  )
  if (strays.length > 0) throw new Error(`these do not belong in the package: ${strays.join(', ')}`)
  const manifest = run(work, 'tar', '-xzOf', tarball, 'package/package.json')
  if (/workspace:|@adjoint\/source/.test(manifest))
    throw new Error(`package.json still speaks of the workspace:\n${manifest}`)
}

/** The script of the Vite build that the page starts with; the compiler and its worker are chunks beside it. */
function bundle() {
  const page = readFileSync(join(consumer, 'dist', 'index.html'), 'utf8')
  const script = /<script[^>]* src="\/assets\/([^"]+)"/.exec(page)?.[1]
  if (script === undefined) throw new Error('the page of the Vite build starts no script')
  return script
}

/**
 * A tool at the version that the workspace itself has.
 * @param {string} name
 */
function pinned(name) {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  return `${name}@${manifest.version}`
}

/**
 * @param {string} line
 * @param {string} output
 */
function expectLine(line, output) {
  if (!output.split('\n').includes(line)) throw new Error(`expected the line "${line}", got:\n${output}`)
}

/**
 * Runs a program, and gives what it wrote to stdout; what it wrote elsewhere shows only when it fails.
 * @param {string} cwd
 * @param {string} program
 * @param {string[]} args
 */
function run(cwd, program, ...args) {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', shell: process.platform === 'win32' })
}

/**
 * @param {string} name
 * @param {() => unknown} action
 */
function step(name, action) {
  const started = Date.now()
  try {
    action()
    console.log(`ok      ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  } catch (error) {
    console.log(`FAILED  ${name}\n`)
    const { stdout = '', stderr = '', message } = /** @type {import('node:child_process').ExecException} */ (error)
    console.log(`${message}\n${stdout}${stderr}\n\nThe packed project is left in ${work}`)
    process.exit(1)
  }
}
