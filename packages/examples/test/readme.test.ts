/** The README's code runs as it stands, and prints what the README says. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const samples = [...readme.matchAll(/```ts\n(.*?)```\n\n```\n(.*?)```/gs)].map(([, code = '', output = '']) => ({
  code,
  output,
}))

test('the README has three programs', () => {
  expect(samples).toHaveLength(3)
})

test.each(samples)('program %#', ({ code, output }) => {
  // Beside the sources, so that the packages resolve as they do for a user.
  const file = fileURLToPath(new URL(`../src/readme-${code.length}.ts`, import.meta.url))
  writeFileSync(file, code)
  try {
    const options = ['--conditions=@adjoint/source', '--import', import.meta.resolve('tsx')]
    const run = spawnSync(process.execPath, [...options, file], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe(output)
  } finally {
    rmSync(file)
  }
})
