/** The progress of a training, as a callback of `fit`. */

import { DomainError } from '@adjoint/autograd'
import cliProgress from 'cli-progress'
import type { EpochReport, History, TrainingCallbacks } from '../fit/history.ts'
import { checkOptions, type Names, show } from '../options.ts'
import { showNumber, type TerminalStream } from './output.ts'

export interface ProgressOptions {
  /** Default: process.stderr. */
  readonly stream?: TerminalStream
  /** Stands before the bar, and before each line. */
  readonly title?: string
  /** How many lines there are when the stream is not a terminal, besides the first epoch's and the last. Default: 10. */
  readonly lines?: number
}

const progressOptions: Names<ProgressOptions> = { stream: true, title: true, lines: true }

/** How often the bar moves, in milliseconds. */
const INTERVAL = 50

/**
 * A bar with epochs, figures and the time left; on a stream that is not a terminal, a line every few epochs.
 * @throws DomainError for unknown options, or a stream that can not be written to.
 * @example await fit(model, data, { …, callbacks: [progressBar()] })
 */
export function progressBar(options: ProgressOptions = {}): TrainingCallbacks {
  checkOptions('progressBar', options, progressOptions)
  const { stream = process.stderr, title = 'training', lines = 10 } = options
  if (typeof stream?.write !== 'function') {
    throw new DomainError(
      `progressBar: the stream is ${show(stream)}. Give one that can be written to: process.stdout.`,
    )
  }
  return stream.isTTY === true ? bar(stream, title) : plainLines(stream, title, lines)
}

function bar(stream: TerminalStream, title: string): TrainingCallbacks {
  const view = new cliProgress.SingleBar({
    // Its terminal code does nothing else with the stream than write.
    stream: stream as NodeJS.WritableStream,
    format: `${title} [{bar}] epoch {epoch}/{epochs} | {figures} | {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    etaBuffer: 40,
  })
  let batches = 1
  let last = 0
  return {
    onStart: (start) => {
      batches = start.batches
      view.start(start.epochs * batches, 0, { epoch: 1, epochs: start.epochs, figures: 'loss …' })
    },
    onBatch: ({ epoch, batch }) => {
      const now = performance.now()
      if (now - last < INTERVAL) return
      last = now
      view.update((epoch - 1) * batches + batch, { epoch })
    },
    onEpoch: (report) => view.update(report.epoch * batches, { epoch: report.epoch, figures: showFigures(report) }),
    onEnd: () => view.stop(),
    onError: () => view.stop(),
  }
}

function plainLines(stream: TerminalStream, title: string, lines: number): TrainingCallbacks {
  let epochs = 1
  let every = 1
  let unsaid: string | undefined
  const say = (text: string): void => {
    stream.write(`${title}: ${text}\n`)
  }
  return {
    onStart: (start) => {
      epochs = start.epochs
      every = Math.max(1, Math.ceil(epochs / lines))
      say(`${start.examples} examples, ${start.batches} ${start.batches === 1 ? 'update' : 'updates'} an epoch`)
    },
    onEpoch: (report) => {
      const text = `epoch ${report.epoch}/${epochs} | ${showFigures(report)}`
      const said = report.epoch === 1 || report.epoch % every === 0 || report.epoch === epochs
      if (said) say(text)
      unsaid = said ? undefined : text
    },
    onEnd: (history) => {
      if (unsaid !== undefined) say(unsaid)
      say(`ended after ${history.loss.length} epochs, ${history.updates} updates: ${reasons[history.stopped]}`)
    },
  }
}

const reasons: Readonly<Record<History['stopped'], string>> = {
  epochs: 'all epochs done',
  convergence: 'converged',
  earlyStopping: 'no more improvement',
  callback: 'stopped by a callback',
  aborted: 'aborted',
}

function showFigures({ loss, validationLoss, metrics, validationMetrics }: EpochReport): string {
  const figures = [`loss ${showNumber(loss)}`]
  if (validationLoss !== undefined) figures.push(`validation ${showNumber(validationLoss)}`)
  // The held-out part's figure is the one to read, where there is one.
  for (const [name, x] of Object.entries({ ...metrics, ...validationMetrics })) figures.push(`${name} ${showNumber(x)}`)
  return figures.join(' | ')
}
