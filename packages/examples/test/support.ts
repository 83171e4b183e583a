/** What the tests of the examples share. */
import type { Print } from '../src/lib/example.ts'

/** Runs an example; its lines as one text, with the folder of a picture left out, and its figures. */
export async function printed<T>(run: (print: Print) => T): Promise<{ text: string; figures: Awaited<T> }> {
  const lines: string[] = []
  const figures = await run((line) => lines.push(line.replace(/^( *)\S*[\\/](report)[\\/]/, '$1$2/')))
  return { text: lines.join('\n'), figures }
}
