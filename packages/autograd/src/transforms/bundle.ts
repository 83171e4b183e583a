/** Several Values as one: the results of a function that is a single step of the graph. */

import { type Value, values } from '../value.ts'
import { outputsOf } from './reverse.ts'
import { mapStructure, rebuild } from './structure.ts'

/** The Values of a result as one, and how its structure comes back from that one. */
export interface Bundle {
  readonly packed: Value
  unpack(all: Value): unknown
}

/** @throws GradientError when there is no Value in the result. */
export function bundle(name: string, result: unknown): Bundle {
  const parts = outputsOf(name, result)
  const likes = parts.map(({ shape, size, dtype }) => ({ shape, size, dtype }))
  // The structure without its Values, which would keep the graph alive.
  const template = mapStructure(name, result, () => values.constant(0))
  const [first] = parts as [Value]
  if (parts.length === 1) return { packed: first, unpack: (all) => rebuild(name, template, [all]) }
  const packed = values.concat(
    parts.map((part) => values.reshape(part, [part.size])),
    0,
  )
  const unpack = (all: Value): unknown => {
    let start = 0
    const list = likes.map(({ shape, size, dtype }) => {
      const part = values.slice(all, { start: [start], step: [1], shape: [size] })
      start += size
      const shaped = values.reshape(part, shape)
      return shaped.dtype === dtype ? shaped : values.cast(shaped, dtype)
    })
    return rebuild(name, template, list)
  }
  return { packed, unpack }
}
