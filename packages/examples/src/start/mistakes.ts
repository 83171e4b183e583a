/** The digits that the network got wrong. */
import { digitsSvg } from '../lib/handwriting.ts'
import type { Learned } from './learn.ts'

/** A picture of the misread digits of the test part, each with its answer and the truth. */
export function mistakesSvg({ scores, parts: { test } }: Learned): string {
  const chances = scores(test.x).softmax()
  const answers = chances.argmax({ axis: 1 }).data
  const percent = (i: number, digit: number): string => `${Math.round(100 * chances.at(i, digit).item())} %`
  const tiles = [...test.y.data].flatMap((truth, i) => {
    const answer = answers[i] ?? truth
    if (answer === truth) return []
    const caption = [`read: ${answer}, ${percent(i, answer)}`, `true: ${truth}, ${percent(i, truth)}`]
    return [{ pixels: test.x.at(i).data, caption }]
  })
  return digitsSvg(tiles, { title: `Digits: wrong ${tiles.length} of ${test.y.size}` })
}
