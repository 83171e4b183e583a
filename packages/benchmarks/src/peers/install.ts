/** Peers are no dependencies of this workspace: npm fetches them when they are asked for, into an ignored folder. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages of one peer with their exact versions. */
export type Packages = Readonly<Record<string, string>>

const cache = fileURLToPath(new URL('../../node_modules/.cache/peers/', import.meta.url))

function isInstalled(folder: string, packages: Packages): boolean {
  return Object.entries(packages).every(([name, version]) => {
    const manifest = join(folder, 'node_modules', name, 'package.json')
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version
  })
}

/**
 * Installs a peer unless it is there, without running its install scripts.
 * @returns What loads one of its packages.
 * @throws Error with the first line npm said, when npm cannot install it.
 */
export function install(peer: string, packages: Packages): (name: string) => unknown {
  const folder = join(cache, peer)
  if (!isInstalled(folder, packages)) {
    const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
    process.stderr.write(`Installing ${names.join(', ')} with npm --ignore-scripts, outside the workspace ...\n`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
    const options = [
      '--prefix=.',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--loglevel=error',
    ]
    const npm = spawnSync('npm', ['install', ...options], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (npm.status !== 0 || !isInstalled(folder, packages)) {
      const said = `${npm.error?.message ?? ''}\n${npm.stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '')
      throw new Error(`npm could not install ${names.join(', ')}: ${said[0] ?? 'it gave no reason'}`)
    }
  }
  return createRequire(join(folder, 'package.json'))
}
