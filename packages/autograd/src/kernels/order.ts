/** Orders and running sums along one axis. NaN counts as the largest, as in NumPy and PyTorch. */
import { allocate, dtypeOf, NdArray } from '../data.ts'
import { sizeOf } from '../shape.ts'

/** Calls `row(at, stride)` for the first element of every line along the axis. */
function eachLine(x: NdArray, axis: number, row: (at: number, stride: number) => void): void {
  const n = x.shape[axis] as number
  const inner = sizeOf(x.shape.slice(axis + 1))
  const outer = sizeOf(x.shape.slice(0, axis))
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) row(o * n * inner + i, inner)
}

function compare(a: number, b: number): number {
  if (a !== a) return b !== b ? 0 : 1
  if (b !== b) return -1
  return a - b || 0
}

/** The stable order of each line, as indices. */
export function argsort(x: NdArray, axis: number, descending: boolean): NdArray {
  const n = x.shape[axis] as number
  const out = new Float64Array(x.data.length)
  const { data } = x
  eachLine(x, axis, (at, stride) => {
    const value = (i: number): number => data[at + i * stride] as number
    const order = Array.from({ length: n }, (_, i) => i)
    order.sort((i, j) => {
      const a = value(i)
      const b = value(j)
      if (a === b) return i - j
      return (descending ? compare(b, a) : compare(a, b)) || i - j
    })
    for (let e = 0; e < n; e++) out[at + e * stride] = order[e] as number
  })
  return new NdArray(x.shape, out)
}

/** The index of the largest element seen so far along each line; the last of equals, as PyTorch's cummax. */
export function runningArg(x: NdArray, axis: number): NdArray {
  const n = x.shape[axis] as number
  const out = new Float64Array(x.data.length)
  eachLine(x, axis, (at, stride) => {
    let best = 0
    for (let e = 0; e < n; e++) {
      const t = x.data[at + e * stride] as number
      const b = x.data[at + best * stride] as number
      if (b === b && (t !== t || t >= b)) best = e
      else if (t !== t) best = e
      out[at + e * stride] = best
    }
  })
  return new NdArray(x.shape, out)
}

/** The index of the first largest element of each line; the axis is kept with size 1. */
export function argLargest(x: NdArray, axis: number): NdArray {
  const n = x.shape[axis] as number
  const shape = x.shape.map((size, d) => (d === axis ? 1 : size))
  const out = new Float64Array(sizeOf(shape))
  let line = 0
  eachLine(x, axis, (at, stride) => {
    let best = 0
    for (let e = 1; e < n; e++) {
      const t = x.data[at + e * stride] as number
      const b = x.data[at + best * stride] as number
      if (b === b && (t !== t || t > b)) best = e
    }
    out[line++] = best
  })
  return new NdArray(shape, out)
}

/** Running sums along the axis, from its end when reversed. */
export function cumsum(x: NdArray, axis: number, reverse: boolean): NdArray {
  const n = x.shape[axis] as number
  const out = allocate(dtypeOf(x), x.data.length)
  eachLine(x, axis, (at, stride) => {
    let running = 0
    for (let e = 0; e < n; e++) {
      const i = at + (reverse ? n - 1 - e : e) * stride
      running += x.data[i] as number
      out[i] = running
    }
  })
  return new NdArray(x.shape, out)
}
