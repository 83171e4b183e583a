/** Training on one part of the data, stopping by a second, and testing on the third. */
import { AdamW, accuracy, confusionMatrix, type Examples, fit, type History } from '@adjoint/nn'
import { progressBar, type TerminalStream } from '@adjoint/nn/terminal'
import type { Prepared } from './prepare.ts'

export interface Learned extends Prepared {
  readonly history: History
  /** The loss of the test part after each epoch: only looked at, never used. */
  readonly testLosses: readonly number[]
  readonly test: {
    readonly loss: number
    readonly accuracy: number
    /** How many of the examples are right. */
    readonly right: string
    readonly confusion: readonly number[][]
  }
}

/**
 * @param progress Where the progress bar is drawn.
 * @param compile Whether each update runs as one program, or operation by operation.
 */
export async function learn(prepared: Prepared, progress: TerminalStream, compile: boolean): Promise<Learned> {
  const { task, parts, model, scale, scores, random } = prepared
  const { loss, learningRate, epochs, batchSize, patience } = task
  const scaled = ({ x, y }: Examples): Examples => ({ x: scale(x), y })
  const testLosses: number[] = []
  const history = await fit(model, scaled(parts.train), {
    loss,
    optimizer: new AdamW(model.parameters(), { learningRate, weightDecay: 0.1 }),
    epochs,
    batchSize,
    random,
    compile,
    validation: scaled(parts.validation),
    earlyStopping: { patience },
    callbacks: [
      progressBar({ stream: progress, title: '  training', lines: 4 }),
      () => void testLosses.push(loss(scores(parts.test.x), parts.test.y).item()),
    ],
  })
  // The network has the weights of its best epoch now.
  return { ...prepared, history, testLosses, test: measure(prepared) }
}

function measure({ task, parts: { test }, scores }: Prepared): Learned['test'] {
  const answers = scores(test.x)
  const fraction = accuracy(answers, test.y)
  return {
    loss: task.loss(answers, test.y).item(),
    accuracy: fraction,
    right: `${Math.round(fraction * test.y.size)} of ${test.y.size}`,
    confusion: confusionMatrix(answers, test.y),
  }
}
