/** How much faster training is as a compiled program, measured in this run. */
import { AdamW, fit } from '@adjoint/nn'
import { prepare } from './prepare.ts'
import type { Task } from './task.ts'

/** Milliseconds an epoch. */
export interface Pace {
  readonly eager: number
  readonly compiled: number
}

/** The first epochs warm up, and hold the compilation. */
const [WARM_UP, MEASURED] = [2, 3]

/** The shortest of some epochs on a network of its own. */
async function timeEpoch(task: Task, compile: boolean): Promise<number> {
  const { model, parts, scale, random } = prepare(task, 1)
  const { loss, learningRate, batchSize } = task
  const ends: number[] = []
  await fit(
    model,
    { x: scale(parts.train.x), y: parts.train.y },
    {
      loss,
      optimizer: new AdamW(model.parameters(), { learningRate }),
      epochs: WARM_UP + MEASURED,
      batchSize,
      random,
      compile,
      callbacks: [() => void ends.push(performance.now())],
    },
  )
  return Math.min(...ends.slice(WARM_UP).map((end, i) => end - (ends[WARM_UP + i - 1] as number)))
}

/** Both ways in turns, so that what else the machine does meets both. */
export async function measurePace(task: Task): Promise<Pace> {
  const eager = await timeEpoch(task, false)
  const compiled = await timeEpoch(task, true)
  return {
    eager: Math.min(eager, await timeEpoch(task, false)),
    compiled: Math.min(compiled, await timeEpoch(task, true)),
  }
}
