/** Rows of elements copied, or added, from one place to another. */
import type { WasmModule } from '../module.ts'
import type { Lanes } from './lanes.ts'
import { Routine, type Whole } from './routine.ts'

/**
 * Adds a function (from, to, rows, n, rowFrom, rowTo, stepFrom, stepTo): n elements of each row, distances in bytes from
 * row to row and from element to element. They replace what is at `to`, or are added to it.
 */
function addRows(module: WasmModule, lanes: Lanes, adds: boolean): number {
  const r = new Routine(module, ['from', 'to', 'rows', 'n', 'rowFrom', 'rowTo', 'stepFrom', 'stepTo'])
  const { from, to, rows, n, rowFrom, rowTo, stepFrom, stepTo } = r.params
  const { source, target, left, whole } = r.variables('source', 'target', 'left', 'whole')
  const element = (): void => {
    r.push(target, r.load(lanes.read, source))
    if (adds) {
      r.push(r.load(lanes.read, target))
      r.code.op(lanes.plus)
    }
    r.code.mem(lanes.write)
  }
  const vector = (): void => {
    r.push(target, r.load('v128.load', source))
    if (adds) {
      r.push(r.load('v128.load', target))
      r.code.op(lanes.add)
    }
    r.code.mem('v128.store')
  }
  const along = (count: Whole, one: () => void, forwards: Whole, onwards: Whole): void => {
    r.set(left, count)
    r.times(left, () => {
      one()
      r.advance(source, forwards)
      r.advance(target, onwards)
    })
  }
  const one = (x: Whole): (() => void) => r.whole('i32.eq', x, lanes.bytes)
  r.set(whole, r.select(r.and(one(stepFrom), one(stepTo)), r.whole('i32.div_u', n, lanes.count), 0))
  r.set(n, r.difference(n, r.product(whole, lanes.count)))
  r.times(rows, () => {
    r.set(source, from)
    r.set(target, to)
    along(whole, vector, 16, 16)
    along(n, element, stepFrom, stepTo)
    r.advance(from, rowFrom)
    r.advance(to, rowTo)
  })
  return r.index
}

/** Functions of (from, to, rows, n, rowFrom, rowTo, stepFrom, stepTo). */
export interface Moves {
  readonly copy: number
  readonly add: number
}

export function addMoves(module: WasmModule, lanes: Lanes): Moves {
  return { copy: addRows(module, lanes, false), add: addRows(module, lanes, true) }
}

/** Copies the first n elements of each row, or adds them where `accumulate` is not 0. */
export function move(
  r: Routine<string>,
  { bytes }: Lanes,
  { copy, add }: Moves,
  accumulate: Whole,
  rows: readonly Whole[],
): void {
  r.if(
    accumulate,
    () => r.call(add, ...rows, bytes, bytes),
    () => r.call(copy, ...rows, bytes, bytes),
  )
}
