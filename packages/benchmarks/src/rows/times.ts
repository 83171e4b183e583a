/** Candidates that may not be had here: they leave a reason instead of a time. */
import { type Block, blocksInTurns } from '../timing.ts'

/** A time in µs, or why there is none. */
export type Time = number | string
export type Times<K extends string> = Readonly<Record<K, Time>>

/** Checks its own result and returns what measures it. */
export type Candidate = () => Block | Promise<Block>

const LONGEST = 200

/** The first line of an error, cut off where it gets long, without the places of files. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  const plain = line.replace(/ \([^()]*file:[^()]*(\([^()]*\))?[^()]*\)/g, '')
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)} …` : plain
}

/** The times of all candidates, taken in turns; of those that throw, the first line of what they say. */
export async function timesOf<K extends string>(candidates: Readonly<Record<K, Candidate>>): Promise<Times<K>> {
  const names = Object.keys(candidates) as K[]
  const times = {} as Record<K, Time>
  const ready: { readonly name: K; readonly block: Block }[] = []
  for (const name of names) {
    try {
      ready.push({ name, block: await candidates[name]() })
    } catch (error) {
      times[name] = reasonOf(error)
    }
  }
  const measured = await blocksInTurns(ready.map(({ block }) => block))
  ready.forEach(({ name }, i) => {
    times[name] = measured[i] as number
  })
  return times
}
