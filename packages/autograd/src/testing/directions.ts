/** The directions in which gradients are compared. */
import type { Random } from '../random.ts'
import type { Value } from '../value.ts'

/** One comparison: how each number of one input moves when the step is 1. */
export interface Direction {
  /** The index of the input in the flat list. */
  readonly input: number
  /** The flat index of the one component that moves; −1 when all move. */
  readonly component: number
  readonly move: Float64Array
}

/** Inputs up to this size are checked component by component. */
const SMALL = 32
/** Of larger inputs, so many components and so many random directions. */
const COMPONENTS = 12
const RANDOM = 4

/** A number moves in proportion to its size: never across 0, nor out of the domain of log; 0 itself moves a little. */
function reach(x: number, float32: boolean): number {
  const size = Math.max(Math.abs(x), float32 ? 0.1 : 0.01)
  return Number.isFinite(size) ? (float32 ? size : Math.min(size, 1)) : 1
}

/** All components of a small input; of a large one some components, and random directions through all of them. */
export function directionsOf(inputs: readonly Value[], random: Random): Direction[] {
  return inputs.flatMap((x, input): Direction[] => {
    const reaches = Float64Array.from(x.data, (t) => reach(t, x.dtype === 'float32'))
    const one = (component: number): Direction => {
      const move = new Float64Array(x.size)
      move[component] = reaches[component] as number
      return { input, component, move }
    }
    if (x.size <= SMALL) return Array.from({ length: x.size }, (_, component) => one(component))
    const some = Array.from(random.integers([COMPONENTS], 0, x.size).data, one)
    const all = Array.from({ length: RANDOM }, (): Direction => {
      const signs = random.integers([x.size], 0, 2).data
      return { input, component: -1, move: reaches.map((t, i) => ((signs[i] as number) > 0 ? t : -t)) }
    })
    return [...some, ...all]
  })
}

/** The flat index as one index an axis: `[1, 2]`. */
export function indexOf(component: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = component
  for (const n of shape.toReversed()) {
    index.unshift(rest % n)
    rest = Math.floor(rest / n)
  }
  return index
}
