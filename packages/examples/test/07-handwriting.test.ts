import { expect, it } from 'vitest'
import { run } from '../src/07-handwriting.ts'
import { printed } from './support.ts'

it('example 7 learns to read digits, and shows what it misreads', async () => {
  const { text, figures } = await printed(run)
  const { history, confusion, mistakes } = figures
  expect(history.updates).toBe(30 * 43)
  expect(confusion.flat().reduce((sum, count) => sum + count)).toBe(450)
  expect(confusion.reduce((sum, row, digit) => sum + (row[digit] ?? 0), 0)).toBe(450 - mistakes.length)
  for (const { truth, answer, sure, truthful, pixels } of mistakes) {
    expect(answer).not.toBe(truth)
    expect(sure).toBeGreaterThan(truthful)
    expect(pixels).toHaveLength(64)
  }
  expect(history.validationMetrics.accuracy?.at(-1)).toBeGreaterThan(0.96)
  expect(text).toMatchInlineSnapshot(`
    "1347 digits to learn from, 450 held out. The first of them is a 4:
            ..++  ::
          ..##::::##
          ++::  ++::
        ::##..::##
        ##++  ##++..
        ##########..
        ..++##++..
            ::::
    A network of 4810 weights, 43 updates an epoch
      epoch  training loss  test loss  test accuracy
      1              1.766      1.082          0.802
      2              0.755      0.494          0.922
      5              0.223      0.196          0.953
      10             0.105      0.107          0.969
      20             0.060      0.072          0.976
      30             0.021      0.051          0.987
    What it takes each test digit for: a row for what it is, a column for what is read
          0   1   2   3   4   5   6   7   8   9
      0  45   ·   ·   ·   ·   ·   ·   ·   ·   ·
      1   ·  45   ·   ·   ·   ·   ·   ·   1   ·
      2   ·   ·  44   ·   ·   ·   ·   ·   ·   ·
      3   ·   ·   ·  46   ·   ·   ·   ·   ·   ·
      4   ·   ·   ·   ·  45   ·   ·   ·   ·   ·
      5   ·   ·   ·   1   ·  45   ·   ·   ·   ·
      6   ·   ·   ·   ·   ·   ·  45   ·   ·   ·
      7   ·   ·   ·   ·   ·   ·   ·  45   ·   ·
      8   ·   1   ·   ·   1   ·   ·   ·  41   ·
      9   ·   ·   ·   ·   ·   ·   ·   ·   2  43
    It misreads 6 of 450. The picture: its mistakes, the surest first
      report/07-mistakes.svg"
  `)
})
