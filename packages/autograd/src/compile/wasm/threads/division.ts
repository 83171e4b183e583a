/** Which steps of a program are divided over threads, and where they are cut. */
import type { Accumulate, Address, Buffer, ConvCall, GemmCall } from '../../program/program.ts'
import { type Nest, type Step, strideAlong } from '../emit/nest.ts'
import { costOf } from './cost.ts'
import { MOST_PARTS, MOST_REGIONS } from './words.ts'

/** Along the iterations of a loop, the rows or the columns of a product, the images of a convolution. */
export type Cut = 'iterations' | 'rows' | 'columns' | 'images'

/** Part p has the elements p·size up to (p + 1)·size, the last one those up to `total`. */
export interface Division {
  readonly cut: Cut
  readonly size: number
  readonly total: number
  readonly parts: number
}

/**
 * Nanoseconds: a step that takes less costs more to divide than it brings. Workers answer in 0.4 µs, if they do not
 * sleep.
 */
export const GRAIN = 4000
/** A part of a product packs operands anew: it takes at least as many grains. */
const PRODUCT_GRAINS = 4
/** Parts of a loop that make a grain. */
const FINE = 4
/** Parts for each thread: who is late takes fewer of them. */
const PER_THREAD = 4
/** What each form of a convolution writes. */
const CONV_RESULT = { conv: 'results', convInput: 'images', convWeight: 'weights' } as const
/** Columns of a product in a part are a multiple of a tile's. */
const TILE = 16

export interface Sharing {
  readonly threads: number
  /** Nanoseconds that a step takes at least to be divided. */
  readonly grain?: number | undefined
}

/**
 * Finds the steps that pay and whose parts neither meet in memory nor depend on each other. Each part computes what one
 * thread would compute there, instruction by instruction, so that results do not depend on the division.
 * @param imported Whether a step calls a function of the host, which only the main thread has.
 */
export function divide(
  steps: readonly Step[],
  { threads, grain = GRAIN }: Sharing,
  imported: (step: Step) => boolean,
): Map<Step, Division> {
  const found = new Map<Step, Division>()
  const visit = (body: readonly Step[]): void => {
    for (const step of body) {
      const division = found.size < MOST_REGIONS ? divisionOf(step, threads, grain, imported) : null
      if (division !== null) found.set(step, division)
      else if (step.kind === 'nest' && step.lanes === 1) visit(step.body)
    }
  }
  if (threads > 1) visit(steps)
  return found
}

function divisionOf(step: Step, threads: number, grain: number, imported: (step: Step) => boolean): Division | null {
  const grains = costOf(step) / grain
  if (grains < 1) return null
  if (step.kind === 'gemm') return gemmDivision(step, grains / PRODUCT_GRAINS, threads)
  if (step.kind === 'conv') return convDivision(step, grains / PRODUCT_GRAINS, threads)
  if (step.kind !== 'nest' || !step.loop.parallel || !isIndependent(step, imported)) return null
  const unit = step.lanes * step.unroll
  const total = Math.floor(step.loop.count / unit) * unit
  return cutting('iterations', total, unit, Math.min(PER_THREAD * threads, grains * FINE))
}

function cutting(cut: Cut, total: number, unit: number, wanted: number): Division | null {
  const most = Math.max(2, Math.min(Math.floor(wanted), MOST_PARTS))
  const size = Math.ceil(total / most / unit) * unit
  const parts = Math.ceil(total / size)
  return parts > 1 ? { cut, size, total, parts } : null
}

/** A product packs all of B in every part of its rows, and all of Aᵀ in every part of its columns. */
function gemmDivision({ m, n, transposeA }: GemmCall, most: number, threads: number): Division | null {
  const wanted = Math.min(2 * threads, most)
  const columns = cutting('columns', n, TILE, wanted)
  const rows = cutting('rows', m, TILE, wanted)
  const [first, second] = transposeA && m >= n / 4 ? [rows, columns] : [columns, rows]
  return first !== null && first.parts >= Math.min(threads, second?.parts ?? 0) ? first : second
}

function convDivision({ form, batch }: ConvCall, most: number, threads: number): Division | null {
  // The gradient of the weights is summed over the images: a loop over shares of them is divided instead.
  if (form === 'convWeight') return null
  return cutting('images', batch, 1, Math.min(PER_THREAD * threads, most))
}

/** Whether iterations meet nowhere: not in what they carry, nor in sums in memory, nor in memory that lanes share. */
function isIndependent(nest: Nest, imported: (step: Step) => boolean): boolean {
  if (nest.carries.length > 0) return false
  const sums = new Map<Buffer, Accumulate[]>()
  const isFree = (step: Step): boolean => {
    if (step.kind === 'nest') return step.body.every(isFree)
    if (step.kind === 'spread' || step.kind === 'host' || imported(step)) return false
    if (step.kind === 'accumulate') {
      sums.set(step.address.buffer, [...(sums.get(step.address.buffer) ?? []), step])
    }
    const moves = (address: Address): boolean => address.index !== null || strideAlong(address, nest.loop) !== 0
    return addressesOf(step).every(({ buffer }) => buffer.kind !== 'private') && writtenBy(step).every(moves)
  }
  return nest.body.every(isFree) && [...sums.values()].every((list) => areApart(nest, list))
}

/** Whether one iteration of the loop adds to other elements than every other one. */
function areApart({ loop }: Nest, sums: readonly Accumulate[]): boolean {
  const stride = strideAlong((sums[0] as Accumulate).address, loop)
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { address } of sums) {
    const inner = address.terms.filter((term) => term.loop !== loop)
    if (address.index !== null || strideAlong(address, loop) !== stride) return false
    const reach = inner.map((term) => term.stride * (term.loop.count - 1))
    low = Math.min(
      low,
      reach.reduce((sum, x) => sum + Math.min(x, 0), address.base),
    )
    high = Math.max(
      high,
      reach.reduce((sum, x) => sum + Math.max(x, 0), address.base),
    )
  }
  return high - low < Math.abs(stride)
}

function addressesOf(step: Step): readonly Address[] {
  return step.kind === 'load' ? [step.address] : writtenBy(step)
}

function writtenBy(step: Step): readonly Address[] {
  if (step.kind === 'store' || step.kind === 'accumulate') return [step.address]
  if (step.kind === 'clear') return [step.span.address]
  if (step.kind === 'gemm') return [step.c]
  if (step.kind === 'conv') return [step[CONV_RESULT[step.form]]]
  return []
}
