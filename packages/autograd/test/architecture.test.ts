/** Imports run one way: a room knows only the rooms before it in this list. docs/ARCHITECTURE.md tells why. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const rooms = [
  'errors',
  'shape',
  'data',
  'algebra',
  'op',
  'wasm',
  'kernels',
  'ops',
  'node',
  'anomaly',
  'numbers',
  'walk',
  'pass',
  'guard',
  'graph',
  'carriers',
  'compose',
  'promote',
  'apply',
  'operand',
  'fluent',
  'methods',
  'gradient',
  'value',
  'create',
  'draws',
  'random',
  'define',
  'functions',
  'transforms',
  'index',
  'testing',
  'inspect',
  'compile',
]
const source = new URL('../src/', import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

function roomOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? path
}

/** The source files and packages that a file imports, types included. */
function importsOf(file: string): { own: string[]; packages: string[] } {
  const text = readFileSync(new URL(file, source), 'utf8')
  const names = [...text.matchAll(/^(?:import|export)[^'"]*?from\s+'([^']+)'/gms)].map((match) => match[1] as string)
  const own = names.filter((name) => name.startsWith('.'))
  const base = new URL(file, source)
  return {
    own: own.map((name) => new URL(name, base).href.slice(source.href.length)),
    packages: names.filter((name) => !name.startsWith('.')),
  }
}

describe('imports run one way', () => {
  test('every room is in the list', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...rooms].sort())
  })

  test('whoever makes Values takes what makes them from value.ts, with which the methods come', () => {
    const below = ['apply', 'operand', 'methods', 'gradient']
    for (const file of files.filter((name) => ![...below, 'value'].includes(roomOf(name)))) {
      for (const target of importsOf(file).own) expect(below, `${file} imports ${target}`).not.toContain(roomOf(target))
    }
  })

  test.each(files)('%s', (file) => {
    const own = rooms.indexOf(roomOf(file))
    for (const target of importsOf(file).own) {
      const other = rooms.indexOf(roomOf(target))
      if (other === own) continue
      expect(other, `${file} imports ${target}`).toBeLessThan(own)
    }
  })

  test('no file imports itself through others', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file).own]))
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, `cycle ${[...path, file].join(' → ')}`).not.toContain(file)
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
  })

  test('the engine needs one package at run time: the random generator', () => {
    const outside = (file: string): boolean => !['testing', 'inspect', 'compile'].includes(roomOf(file))
    const packages = files.filter(outside).flatMap((file) => importsOf(file).packages)
    expect([...new Set(packages.map((name) => name.split('/')[0]))]).toEqual(['pure-rand'])
  })
})
