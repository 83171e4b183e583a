/** What is learnt, told in the terminal. */
import type { GradientCheck } from '@adjoint/autograd/testing'
import { confusionTable, lossCurve } from '@adjoint/nn/terminal'
import type { Print } from '../lib/example.ts'
import type { Learned } from './learn.ts'
import type { Pace } from './pace.ts'
import type { Prepared } from './prepare.ts'
import type { Task } from './task.ts'

const indent = (text: string): string => text.replace(/^/gm, '  ')

/** '4-16-3, tanh, float64' */
export function networkName({ network: { sizes, activation, dtype } }: Task): string {
  return `${sizes.join('-')}, ${activation}, ${dtype}`
}

/** Before training: the task, how the data are divided, and whether the gradients are right. */
export function tellPrepared({ task, parts, model }: Prepared, check: GradientCheck, print: Print): void {
  const { train, validation, test } = parts
  const weights = model.parameters().reduce((sum, { size }) => sum + size, 0)
  print(`${task.name}: ${task.goal}`)
  print(
    `  ${train.y.size} examples to learn from, ${validation.y.size} to tell when to stop, ${test.y.size} held out to test`,
  )
  print(`  network ${networkName(task)}, ${weights} weights`)
  print(
    `  gradients ${check.ok ? 'right' : 'WRONG'}: largest relative error against central differences ${check.maxError.toExponential(1)}`,
  )
}

/** After training: the loss over the epochs, and the test. */
export function tellLearned({ task, history, test }: Learned, print: Print, color: boolean): void {
  print(indent(lossCurve(history, { height: 8, width: 56, color })))
  print(
    `  test, with the weights of epoch ${history.bestEpoch}: loss ${test.loss.toFixed(4)}, accuracy ${test.accuracy.toFixed(4)} (${test.right})`,
  )
  print(indent(confusionTable(test.confusion, task.data.classes)))
}

/** How long an epoch takes both ways. */
export function tellPace({ eager, compiled }: Pace, print: Print): void {
  const [slow, fast] = [eager.toPrecision(2), compiled.toPrecision(2)]
  print(`  compiled it trains ${(eager / compiled).toFixed(1)} times as fast here: ${fast} ms an epoch, eager ${slow}`)
}
