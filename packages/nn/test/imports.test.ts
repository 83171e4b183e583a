import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const source = new URL('../src/', import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

function importsOf(file: string): string[] {
  const text = readFileSync(new URL(file, source), 'utf8')
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g), ([, name]) => name as string)
}

/** What may be imported besides files of this package. */
function allowed(file: string): string[] {
  const terminal = file.startsWith('terminal/') ? ['cli-progress', 'simple-ascii-chart'] : []
  const node = file.startsWith('node/') ? ['node:fs/promises', 'node:path'] : []
  return ['@adjoint/autograd', '@adjoint/autograd/compile', ...terminal, ...node]
}

test('nn is built on the public entries of autograd, and on nothing else outside the node and terminal entries', () => {
  expect(files.length).toBeGreaterThan(20)
  const wrong = files.flatMap((file) => {
    const outside = importsOf(file).filter((name) => !/^\.\.?\//.test(name))
    return outside.filter((name) => !allowed(file).includes(name)).map((name) => `${file} imports ${name}`)
  })
  expect(wrong).toEqual([])
})

const room = (path: string) => path.split('/')[0] ?? path

test('no file reaches out of the package, and the node and terminal entries are used by nobody', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => new URL(name, new URL(file, source)).pathname.replace(source.pathname, ''))
      .filter(
        (path) => path.startsWith('/') || (room(path) !== room(file) && ['node', 'terminal'].includes(room(path))),
      )
      .map((path) => `${file} imports ${path}`),
  )
  expect(wrong).toEqual([])
})

test('no cycles', () => {
  const graph = new Map(
    files.map((file) => {
      const near = importsOf(file).filter((name) => name.startsWith('.'))
      return [file, near.map((name) => new URL(name, new URL(file, source)).pathname.replace(source.pathname, ''))]
    }),
  )
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    expect(path, 'a cycle of imports').not.toContain(file)
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})
