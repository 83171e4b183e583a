/** What calls and dropped programs leave behind. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('neither calls nor dropped programs grow anything', async () => {
  const script = fileURLToPath(new URL('front/grows.ts', import.meta.url))
  const flags = ['--expose-gc', '--conditions=@adjoint/source', '--import', 'tsx', script]
  const { stdout } = await promisify(execFile)(process.execPath, flags)
  const grown: { readonly [name: string]: number } = JSON.parse(stdout)
  expect(Object.keys(grown)).toHaveLength(12)
  // A number kept for each of 10⁵ calls would be 0.8 MB, the memory of one program of matrices 0.6 MB.
  expect(Object.entries(grown).filter(([, bytes]) => bytes > 500_000)).toEqual([])
}, 60_000)
