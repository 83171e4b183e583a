import { expect, it } from 'vitest'
import { readDigits, readIris, readMoons } from '../../src/lib/data.ts'

/** How many examples each class has. */
function counts(y: { data: ArrayLike<number> }): Record<number, number> {
  const found: Record<number, number> = {}
  for (const label of Array.from(y.data)) found[label] = (found[label] ?? 0) + 1
  return found
}

it('reads Iris', () => {
  const { x, y, features, classes } = readIris()
  expect(x.shape).toEqual([150, 4])
  expect(x.at(0).toArray()).toEqual([5.1, 3.5, 1.4, 0.2])
  expect(features).toEqual(['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'])
  expect(classes).toEqual(['setosa', 'versicolor', 'virginica'])
  expect(counts(y)).toEqual({ 0: 50, 1: 50, 2: 50 })
})

it('reads the digits, as float32 from 0 to 1', () => {
  const { x, y, classes } = readDigits()
  expect(x.shape).toEqual([1797, 64])
  expect(x.dtype).toBe('float32')
  expect([x.min().item(), x.max().item()]).toEqual([0, 1])
  expect(x.at(0, 3).item()).toBe(13 / 16)
  expect(y.slice([[0, 5]]).toArray()).toEqual([0, 1, 2, 3, 4])
  expect(classes).toHaveLength(10)
  expect(counts(y)[3]).toBe(183)
})

it('reads the moons', () => {
  const { x, y } = readMoons()
  expect(x.shape).toEqual([100, 2])
  expect(x.at(0).toArray()).toEqual([1.1221146075409683, 0.08147717341718697])
  expect(counts(y)).toEqual({ '-1': 50, 1: 50 })
})
