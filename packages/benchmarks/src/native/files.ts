/** Where native programs and what they read lie: in an ignored folder, made when they are asked for. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../../node_modules/.cache/native/', import.meta.url))

/** The folder that native programs are built and run in. */
export function nativeFolder(): string {
  mkdirSync(cache, { recursive: true })
  return cache
}

/** A file of this package, beside src. */
export function ownFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

/** Writes numbers where a native program reads them. */
export function writeNumbers(name: string, numbers: Float64Array | Float32Array): string {
  const path = join(nativeFolder(), name)
  writeFileSync(path, numbers)
  return path
}

/** The first line of what a command said that says something. */
export function firstLine(text: string | undefined): string {
  return text?.split('\n').find((line) => line.trim() !== '') ?? 'it gave no reason'
}
