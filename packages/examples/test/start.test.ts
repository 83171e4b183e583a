/** The main job: what it prints, that it repeats itself, and that its page stands on its own. */
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { beforeAll, describe, expect, it } from 'vitest'
import { learn } from '../src/start/learn.ts'
import { prepare } from '../src/start/prepare.ts'
import { irisTask } from '../src/start/tasks.ts'
import { run } from '../src/start.ts'
import { printed } from './support.ts'

type Outcome = Awaited<ReturnType<typeof run>>

function sink(): { stream: Writable; text: () => string } {
  const parts: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => parts.join('') }
}

describe('npm start', () => {
  const progress = sink()
  let text: string
  let iris: Outcome['iris']
  let digits: Outcome['digits']
  let file: string
  beforeAll(async () => {
    const result = await printed((print) => run(print, { progress: progress.stream, color: false }))
    text = result.text
    ;({ iris, digits, file } = result.figures)
  }, 60_000)

  it('learns both tasks, and its gradients are right', () => {
    expect(iris.test.accuracy).toBeGreaterThanOrEqual(0.95)
    expect(digits.test.accuracy).toBeGreaterThanOrEqual(0.98)
    for (const { check } of [iris, digits]) {
      expect(check.ok, check.report).toBe(true)
      expect(check.maxError).toBeLessThan(1e-7)
    }
  })

  it('never lets the test part into training', () => {
    for (const { parts, task } of [iris, digits]) {
      const rows = Object.values(parts).map(({ x }) => x.shape[0])
      expect(rows.reduce((sum: number, n) => sum + (n ?? 0), 0)).toBe(task.data.y.size)
      const seen = new Set(
        [...(parts.train.x.toArray() as number[][]), ...(parts.validation.x.toArray() as number[][])].map(String),
      )
      const known = (parts.test.x.toArray() as number[][]).filter((row) => seen.has(String(row)))
      // Iris holds one flower twice.
      expect(known.length).toBeLessThanOrEqual(1)
    }
  })

  it('prints plain lines that fit a terminal, the same on every run but for the time', () => {
    const all = `${text}\n${progress.text()}`
    expect(all).not.toContain('\u001b')
    for (const line of all.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(progress.text().split('\n').length).toBeLessThan(20)
    const lasting = text
      .replace(/(compiled it trains) [\d.]+ (times as fast here).*$/gm, '$1 so many $2')
      .replace(/^Done in \d+\.\d s\.$/m, '')
      .replace(file, 'index.html')
      .replace(/(central differences) \d\.\de-(0?9|1\d)$/gm, '$1 tiny')
    expect(lasting).toMatchInlineSnapshot(`
      "Adjoint: two networks learn from examples, and are tested on others.
      The loss is the cross-entropy, a tenth of each target spread over all classes.

      Iris: name the species of a flower by four measurements
        76 examples to learn from, 14 to tell when to stop, 60 held out to test
        network 4-16-3, tanh, float64, 131 weights
        gradients right: largest relative error against central differences tiny
        loss
              ▲
         1.114┤*
              │
        0.8652┤o
        0.7381┤ *
        0.6123┤ o*
        0.5583┤  oooo
        0.4812┤      ooooooooooooooooooooooo
        0.3684┤                     ********ooooooooooooooooooooooooooo
              └┬─────────────┬─────────────┬─────────────┬────────────┬▶
               1            24            46            69           91
                                      epoch
        * training   o validation
        test, with the weights of epoch 61: loss 0.3763, accuracy 0.9500 (57 of 60)
        true \\ predicted  setosa  versicolor  virginica
        setosa                20           0          0
        versicolor             0          18          2
        virginica              0           1         19
        compiled it trains so many times as fast here

      Digits: read a handwritten digit of 8x8 pixels
        1257 examples to learn from, 180 to tell when to stop, 360 held out to test
        network 64-128-10, relu, float32, 9610 weights
        gradients right: largest relative error against central differences tiny
        loss
              ▲
         1.617┤*
              │
              │
              │
        0.9761┤o
        0.8524┤ o
        0.7377┤  oooooooooooooooooooooooooo
        0.6002┤            ****************oooooooooooooooooooooooooooo
              └┬─────────────┬─────────────┬────────────┬─────────────┬▶
               1            16            31           45            60
                                      epoch
        * training   o validation
        test, with the weights of epoch 57: loss 0.5830, accuracy 0.9917 (357 of 360)
        true \\ predicted   0   1   2   3   4   5   6   7   8   9
        0                 36   0   0   0   0   0   0   0   0   0
        1                  0  36   0   0   0   0   0   0   1   0
        2                  0   0  35   0   0   0   0   0   0   0
        3                  0   0   0  37   0   0   0   0   0   0
        4                  0   0   0   0  36   0   0   0   0   0
        5                  0   0   0   0   0  36   0   0   0   0
        6                  0   0   0   0   0   0  36   0   0   0
        7                  0   0   0   0   0   0   0  36   0   0
        8                  0   1   0   0   0   0   0   0  34   0
        9                  0   0   0   0   0   0   0   1   0  35
        compiled it trains so many times as fast here

      The report, with pictures: index.html
      "
    `)
  })

  it('repeats itself', async () => {
    const again = await learn(prepare(irisTask(), 1), sink().stream, true)
    expect(again.history).toEqual(iris.history)
    expect(again.test).toEqual(iris.test)
  })

  it('writes one page that loads nothing', () => {
    const html = readFileSync(file, 'utf8')
    expect(html.match(/<figure>/g)).toHaveLength(7)
    expect(html).not.toMatch(/<script|<link|src=|href=|url\((?!#)|https?:(?!\/\/www\.w3\.org\/)/)
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const what of ['Iris: loss', 'petal width (cm)', 'Digits: wrong', '>answer<', '>w1<', `${iris.test.right}`]) {
      expect(html).toContain(what)
    }
  })
})
