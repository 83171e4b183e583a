// Installs the workspace when it is not installed yet, or no longer as the lockfile says. Needs only Node and npm:
// pnpm, at the version package.json pins, is run through npx. `npm start`, `npm test` and the others call it first.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.adjoint-setup')

/**
 * What to say when the failed installation's output shows a pattern.
 * @type {[pattern: RegExp, advice: (pnpm: string) => string][]}
 */
const hints = [
  [
    /OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH/,
    (pnpm) => `A package.json changed after pnpm-lock.yaml was written. Update it: npx ${pnpm} install`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL/,
    () => 'The package registry did not answer. "npm ping" shows whether npm reaches it from here.',
  ],
  [
    /E404|ERR_PNPM_FETCH_404|ERR_PNPM_NO_MATCHING_VERSION/,
    () => 'The registry lacks a package. "npm config get registry" shows which one is asked.',
  ],
  [/EACCES|EPERM|ENOSPC/, () => 'A file could not be written: look at the permissions and the free space here.'],
]

requireNode(20, 19)
const packages = readdirSync(join(root, 'packages'))
  .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
  .sort()
const stamp = fingerprint()
if (!isInstalled()) {
  install()
  writeFileSync(stampFile, stamp)
}

/**
 * @param {number} major
 * @param {number} minor
 */
function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  fail(`Adjoint needs Node ${major}.${minor} or newer, and this is Node ${process.versions.node}.`)
}

/** A digest of everything that decides what gets installed. */
function fingerprint() {
  const manifests = packages.map((name) => join('packages', name, 'package.json'))
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function isInstalled() {
  const folders = packages.map((name) => join(root, 'packages', name, 'node_modules'))
  return folders.every(existsSync) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
}

function install() {
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const started = Date.now()
  process.stderr.write(`Setting up: installing what pnpm-lock.yaml names, with ${pnpm} ... `)

  // A production environment would leave out the tools, and pnpm must not stop to ask.
  const { NODE_ENV, ...env } = process.env
  const options = ['--frozen-lockfile', '--prefer-offline', '--prod=false', '--config.confirmModulesPurge=false']
  const run = spawnSync('npx', ['--yes', pnpm, 'install', ...options], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32', // npx is a .cmd file there
  })

  if (run.error) fail(`npx could not be started (${run.error.message}). It comes with npm: is npm installed?`)
  if (run.status !== 0) {
    const output = `${run.stdout}${run.stderr}`
    const hint = hints.find(([pattern]) => pattern.test(output))
    fail(`${output.trimEnd().split('\n').slice(-40).join('\n')}\n\n${hint ? hint[1](pnpm) : 'Setting up failed.'}`)
  }
  process.stderr.write(`done in ${Math.round((Date.now() - started) / 1000)} s\n`)
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`\n${message}\n`)
  process.exit(1)
}
