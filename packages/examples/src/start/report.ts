/** The report of `npm start`: one page that needs nothing beside itself. */

import type { GradientCheck } from '@adjoint/autograd/testing'
import { figure, page, row, type Section, table, text } from '../lib/page.ts'
import { chart, type Point } from '../lib/plot.ts'
import { confusionSvg } from './confusion.ts'
import type { Learned } from './learn.ts'
import { mistakesSvg } from './mistakes.ts'
import { neuronSvg } from './neuron.ts'
import { regionsSvg } from './regions.ts'
import { networkName } from './tell.ts'

function lossesSvg({ history, testLosses, task }: Learned): string {
  const points = (losses: readonly number[]): Point[] => losses.map((y, i) => [i + 1, y])
  return chart(
    [
      { name: 'training part', points: points(history.loss) },
      { name: 'validation part', points: points(history.validationLoss), mark: 'dashed' },
      { name: 'test part', points: points(testLosses) },
    ],
    { title: `${task.name}: loss`, x: 'epoch', y: 'loss' },
  )
}

function confusionOf({ test, task }: Learned): string {
  return confusionSvg(test.confusion, task.data.classes, `${task.name}: right ${test.right}`)
}

const stopped = ({ history, task }: Learned): string =>
  `The weights are those of epoch ${history.bestEpoch}, where the validation part had its lowest loss (of ${history.loss.length} epochs; training ends after ${task.epochs}, or ${task.patience} without a lower one).`

/** With what the check of its gradients gave. */
type Checked = Learned & { readonly check: GradientCheck }

/** The whole report. */
export async function reportOf(iris: Checked, digits: Checked): Promise<string> {
  const figures = [iris, digits].map(({ task, parts, test, check }) => [
    task.name,
    networkName(task),
    parts.train.y.size,
    parts.test.y.size,
    test.loss.toFixed(4),
    `${test.accuracy.toFixed(4)} (${test.right})`,
    check.maxError.toExponential(1),
  ])
  const head = ['data', 'network', 'learnt from', 'tested on', 'test loss', 'test accuracy', 'gradient error']
  const sections: Section[] = [
    {
      heading: 'What came out',
      blocks: [
        table(head, figures),
        text(
          'The test part was held out: it took no part in training, nor in deciding when to stop. The loss is the cross-entropy, with a tenth of each target spread over all classes: it stays above 0. The gradient error is the largest relative difference between the gradients by backpropagation and by central differences, before training.',
        ),
      ],
    },
    {
      heading: `Iris: ${iris.task.goal}`,
      blocks: [
        row(
          figure(lossesSvg(iris), stopped(iris)),
          figure(confusionOf(iris), 'Each flower of the test part: a row for its species, a column for the answer.'),
        ),
        figure(
          regionsSvg(iris),
          'The answer to every pair of petal measurements, with the sepal kept at its mean; the dots are the test part.',
        ),
      ],
    },
    {
      heading: `Digits: ${digits.task.goal}`,
      blocks: [
        row(
          figure(lossesSvg(digits), stopped(digits)),
          figure(confusionOf(digits), 'Each digit of the test part: a row for what it is, a column for the answer.'),
        ),
        figure(
          mistakesSvg(digits),
          'The digits that the network got wrong, with the probabilities of its answer and of the truth.',
        ),
      ],
    },
    {
      heading: 'One neuron',
      blocks: [
        figure(
          await neuronSvg(iris),
          `A hidden neuron of the Iris network looks at a flower of the test part, x1 to x4 being its scaled measurements (${iris.task.data.features.map((name) => name.replace(' (cm)', '')).join(', ')}). data: what each step computes. grad: how much the answer moves when that number moves.`,
        ),
      ],
    },
  ]
  const intro =
    'Two networks trained from random weights in a few seconds of JavaScript, with gradients by backpropagation.'
  return page('Adjoint: two networks that learnt', intro, sections)
}
