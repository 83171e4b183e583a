import { readFileSync } from 'node:fs'
import { noGrad, random } from '@adjoint/autograd'
import { expect, it } from 'vitest'
import { run } from '../src/12-names.ts'
import { letterLoss, lettersOf, Writer, write } from '../src/lib/writer.ts'
import { printed } from './support.ts'

it('example 12 learns to write names, and makes up its own', async () => {
  const { text, figures } = await printed(run)
  const { before, after, written, made } = figures
  for (const loss of before) expect(loss).toBeCloseTo(Math.log(27), 1)
  expect(after[0]).toBeLessThan(2.1)
  expect(after[1]).toBeLessThan(2.3)
  for (const name of written) expect(name).toMatch(/^[A-Z][a-z]{0,13}$/)
  expect(made.length).toBeGreaterThan(written.length / 2)
  expect(text).toMatchInlineSnapshot(`
    "400 names to learn from, 44 held out to tell when to stop
    Before: loss 3.29, held-out 3.28 (−log of 1/27 is 3.30). It writes
      Dldqqdytnlkm, Euanbkixyhbges, Hjfazkieunrzvk, Vtc, Ulonvh
    After 10 epochs: loss 1.97, held-out 2.21. It writes
      Melise, Elini, Marena, Melgand, Jedorie, Leonos, Lusana, Jance
      Jonsa, Leen, Daun, Alda, Raten, Caram, Domert, Sabrince
      Nareth, Alvind, Proiost, Noricy, Jacha, Beliar, Samarian, Warder
      Vadred, Lacta, Karda, Phorian, Garna, Marga, Clerca, Mamand
      Idon, Louria, Frasin, Tharel, Esgild, Ereth, Nilan, Anler
    It made up 40 of these 40: they are not in the list.
    The picture: the loss over the epochs
      report/12-names.svg"
  `)
}, 60_000)

it('reads letter by letter what it reads at once', () => {
  const model = new Writer(random(1), 8)
  const { x } = lettersOf(['Ada', 'Bo'], 4)
  const atOnce = noGrad(() => model.forward(x))
  let state: ReturnType<Writer['read']>['state'] | undefined
  for (let i = 0; i < 4; i++) {
    const read = noGrad(() => model.read(x.slice([[], [i, i + 1]]), state))
    state = read.state
    const [some, all] = [read.scores.squeeze(1), atOnce.slice([[], [i, i + 1]]).squeeze(1)]
    for (const [k, score] of some.data.entries()) expect(score).toBeCloseTo(all.data[k] ?? NaN, 6)
  }
})

it('asks for the letter after each, and for none beyond the end', () => {
  const { x, y } = lettersOf(['Ada', 'Bo'], 5)
  expect(x.toArray()).toEqual([
    [0, 1, 4, 1, 0],
    [0, 2, 15, 0, 0],
  ])
  expect(y.toArray()).toEqual([
    [1, 4, 1, 0, -1],
    [2, 15, 0, -1, -1],
  ])
  // What stands beyond the end does not matter.
  const model = new Writer(random(1), 8)
  const longer = lettersOf(['Ada', 'Bo'], 9)
  const loss = (part: typeof longer) => letterLoss(model.forward(part.x), part.y).item()
  expect(loss(longer)).toBeCloseTo(loss({ x, y }), 6)
})

it('draws letters by their probabilities', () => {
  const model = new Writer(random(1), 8)
  const first = noGrad(() => model.forward([[0]])).softmax().data
  const names = write(model, 20_000, random(1), 1, 1)
  const share = (letter: string): number => names.filter((name) => name === letter).length / names.length
  expect(share('A')).toBeCloseTo(first[1] ?? NaN, 2)
  expect(share('Q')).toBeCloseTo(first[17] ?? NaN, 2)
  expect(share('')).toBeCloseTo(first[0] ?? NaN, 2)
})

it('has a list of names in which each stands once, in order', () => {
  const names = readFileSync(new URL('../data/names.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  expect(names).toHaveLength(444)
  expect(names).toEqual([...new Set(names)].sort())
  for (const name of names) expect(name).toMatch(/^[A-Z][a-z]{1,10}$/)
})
