/** Indices are numbers of a call: a program reads them anew each time. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/index.ts'
import { constant, embedding, oneHot, take, type Value } from '../../src/index.ts'

describe.each(['wasm', 'js'] as const)('to %s', (target) => {
  test('oneHot of an argument, of other indices at a later call', () => {
    const f = compile((places: Value) => oneHot(places, 3), { target })
    for (const places of [
      [2, 0],
      [1, 1],
      [0, 2],
    ]) {
      expect(f(constant(places)).toArray()).toEqual(places.map((place) => [0, 1, 2].map((c) => Number(c === place))))
    }
    expect(() => f(constant([0, 3]))).toThrow()
  })

  test('oneHot of what the function closes over', () => {
    const places = constant([2, 0])
    const f = compile((x: Value) => oneHot(places, 3).mul(x), { target })
    const x = constant([5, 6, 7])
    expect(f(x).toArray()).toEqual([
      [0, 0, 7],
      [5, 0, 0],
    ])
    places.assign([1, 1])
    expect(f(x).toArray()).toEqual([
      [0, 6, 0],
      [0, 6, 0],
    ])
  })

  test('take and embedding, and what is out of range', () => {
    const table = constant([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const f = compile((places: Value) => [take(table, places, 0), embedding(table, places)], { target })
    for (const places of [[0], [2], [1]]) {
      for (const rows of f(constant(places))) expect(rows.toArray()).toEqual(places.map((i) => [2 * i + 1, 2 * i + 2]))
    }
    expect(() => f(constant([3]))).toThrow()
  })
})
