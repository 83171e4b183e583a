/** Several axes as one, between layers of maps and layers of numbers. */
import { DomainError, ShapeError, type Value } from '@adjoint/autograd'
import { type Input, readInput, showShape } from '../input.ts'
import { Module } from '../module.ts'
import { show } from '../options.ts'

/**
 * Lays the axes from `start` to `end` (both included; negatives count from the end) into one, in row-major order. By
 * default all but the first, the batch.
 * @example new Flatten().forward(zeros([32, 16, 5, 5])) // [32, 400]
 */
export class Flatten extends Module {
  readonly start: number
  readonly end: number

  /** @throws DomainError for axes that are no whole numbers. */
  constructor(start = 1, end = -1) {
    super()
    for (const axis of [start, end]) {
      if (Number.isInteger(axis)) continue
      throw new DomainError(`Flatten: the axis is ${show(axis)}. Give whole numbers: new Flatten(start, end).`)
    }
    this.start = start
    this.end = end
  }

  /** @throws ShapeError for axes that x does not have, or in the wrong order. */
  override forward(x: Input): Value {
    const input = readInput(x, undefined, 'Flatten')
    const { shape, rank } = input
    const first = this.start < 0 ? this.start + rank : this.start
    const last = this.end < 0 ? this.end + rank : this.end
    if (!(first >= 0 && first <= last && last < rank)) {
      throw new ShapeError(
        `Flatten: no axes from ${this.start} to ${this.end} in an array of shape ${showShape(shape)}. Choose axes that it has: new Flatten(start, end).`,
      )
    }
    const size = shape.slice(first, last + 1).reduce((product, n) => product * n, 1)
    return input.reshape([...shape.slice(0, first), size, ...shape.slice(last + 1)])
  }
}
