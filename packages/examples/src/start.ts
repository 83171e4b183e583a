/** `npm start`: two networks learn from real data, are tested on what they have not seen, and report. */
import type { TerminalStream } from '@adjoint/nn/terminal'
import { type Print, runIfMain, save } from './lib/example.ts'
import { checkNetwork } from './start/gradients.ts'
import { learn } from './start/learn.ts'
import { measurePace } from './start/pace.ts'
import { prepare } from './start/prepare.ts'
import { reportOf } from './start/report.ts'
import type { Task } from './start/task.ts'
import { digitsTask, irisTask } from './start/tasks.ts'
import { tellLearned, tellPace, tellPrepared } from './start/tell.ts'

export interface StartOptions {
  /** Of everything random. */
  readonly seed?: number
  /** Where progress goes. */
  readonly progress?: TerminalStream
  /** Whether the loss curve is drawn with terminal colours. */
  readonly color?: boolean
  /** Train operation by operation instead of as a compiled program: `npm start -- --eager`. */
  readonly eager?: boolean
}

export async function run(
  print: Print,
  {
    seed = 1,
    progress = process.stderr,
    color = process.stdout.isTTY === true,
    eager = process.argv.includes('--eager'),
  }: StartOptions = {},
) {
  const start = performance.now()
  const work = async (task: Task) => {
    print('')
    const prepared = prepare(task, seed)
    const check = checkNetwork(prepared)
    tellPrepared(prepared, check, print)
    const learned = await learn(prepared, progress, !eager)
    tellLearned(learned, print, color)
    tellPace(await measurePace(task), print)
    return { ...learned, check }
  }
  print('Adjoint: two networks learn from examples, and are tested on others.')
  print('The loss is the cross-entropy, a tenth of each target spread over all classes.')
  const iris = await work(irisTask())
  const digits = await work(digitsTask())
  const file = save('index.html', await reportOf(iris, digits))
  print('')
  print(`The report, with pictures: ${file}`)
  print(`Done in ${((performance.now() - start) / 1000).toFixed(1)} s.`)
  return { iris, digits, file }
}

await runIfMain(import.meta, run)
