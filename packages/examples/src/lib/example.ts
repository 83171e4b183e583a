/** What every example shares: it is a function that prints, and runs when its file is the one that was started. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where a line of output goes: the terminal, or the list that a test reads. */
export type Print = (line: string) => void

/** Runs the example when its own file was started, not when a test imports it. */
export async function runIfMain(meta: ImportMeta, run: (print: Print) => unknown): Promise<void> {
  if (process.argv[1] !== undefined && fileURLToPath(meta.url) === process.argv[1]) {
    await run((line) => process.stdout.write(`${line}\n`))
  }
}

/** The folder for pictures and pages, at the root of the repository; git ignores it. */
const folder = new URL('../../../../report/', import.meta.url)

/** Writes a picture or a page and returns the path to show to the user. */
export function save(name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = fileURLToPath(new URL(name, folder))
  writeFileSync(file, text)
  return file
}
