/** By which numbers the gradient of a scalar program is, and what the function makes of it. */
import { type FloatArray, shapeOf } from '../../data.ts'
import { CONSTANT, isLive } from '../../op.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Derivation } from '../../transforms/derived.ts'
import { mapStructure, rebuild, valuesOf } from '../../transforms/structure.ts'
import { make, type Value } from '../../value.ts'
import type { Flat } from '../trace/flat.ts'
import type { Recording } from '../trace/recording.ts'
import type { Cells } from '../trace/sources.ts'

/** What stands for the Values in a structure that outlives the call. */
const PLACE: Value = make(CONSTANT, 0, 0, 0, undefined)

/** The structure without the Values of the call. */
export function templateOf(x: unknown): unknown {
  return mapStructure('compile', x, () => PLACE)
}

/** The share of one Value, in the program's memory. */
interface Share {
  readonly view: FloatArray
  readonly shape: Shape
}

/** A chosen argument, and how many Values it has. */
interface Part {
  readonly structure: unknown
  readonly count: number
}

export class Wanted {
  /** The places of the numbers in the row of all inputs, in ascending order. */
  readonly by: readonly number[]
  private readonly parts: readonly Part[]
  private readonly wanted: readonly { readonly shape: Shape; readonly cells: Cells | undefined }[]
  private readonly starts: ReadonlyMap<Cells, number>
  private readonly derivation: Derivation

  constructor(derivation: Derivation, args: readonly unknown[], { inputs }: Recording, { given, captured }: Flat) {
    const { argument, sources } = derivation
    let next = 0
    const places = args.map((arg) => valuesOf('compile', arg).map(() => next++))
    const chosen = typeof argument === 'number' ? [argument] : argument
    this.derivation = derivation
    this.parts = chosen.map((i) => ({ structure: templateOf(args[i]), count: (places[i] ?? []).length }))
    const inside = chosen
      .flatMap((i) => places[i] ?? [])
      .filter((place) => sources === undefined || isLive((inputs[place] as Value).op))
      .map((place) => ({ shape: (inputs[place] as Value).shape, cells: given[place] }))
    const outside = (sources ?? []).map((leaf) => ({
      shape: shapeOf(leaf.raw),
      // The function may close over what this program does not read.
      cells: captured.find((each) => each.leaf === leaf)?.cells,
    }))
    this.wanted = [...inside, ...outside]
    const cells = new Set(this.wanted.flatMap((each) => each.cells ?? []))
    const order = [...cells].sort((a, b) => a.start - b.start)
    this.by = order.flatMap(({ start, size }) => Array.from({ length: size }, (_, i) => start + i))
    let start = 0
    const starts = new Map<Cells, number>()
    for (const each of order) {
      starts.set(each, start)
      start += each.size
    }
    this.starts = starts
  }

  /** Whether the value itself is part of the result. */
  get withValue(): boolean {
    return this.derivation.withValue
  }

  /** Where the shares are found in the gradient by all these numbers. */
  sharesOf(gradient: FloatArray): readonly Share[] {
    return this.wanted.map(({ shape, cells }) => {
      const start = cells && this.starts.get(cells)
      const size = sizeOf(shape)
      return { shape, view: start === undefined ? new Float64Array(size) : gradient.subarray(start, start + size) }
    })
  }

  /** What the function returns. */
  resultOf(y: Value, shares: readonly Value[]): unknown {
    const { argument, withValue, sources } = this.derivation
    if (sources !== undefined) return shares
    let end = 0
    const grads = this.parts.map(({ structure, count }) => {
      end += count
      return rebuild('compile', structure, shares.slice(end - count, end))
    })
    const grad = typeof argument === 'number' ? grads[0] : grads
    return withValue ? { value: y, grad } : grad
  }
}
