/**
 * The loops of elementwise operations. Hot ones are written out: a loop that calls a passed function serves every
 * operation with one piece of machine code and costs 3 to 8 times as much an element.
 */
import type { FloatArray } from '../data.ts'

/** out[e] = f(x[e]) */
export type MapLoop = (out: FloatArray, x: FloatArray) => void

/** out[o + e] = f(a[i + e·si], b[j + e·sj]) for e < n; a stride of 0 repeats one element. */
export type ZipLoop = (
  out: FloatArray,
  o: number,
  a: FloatArray,
  i: number,
  si: number,
  b: FloatArray,
  j: number,
  sj: number,
  n: number,
) => void

export function mapLoop(f: (x: number) => number): MapLoop {
  return (out, x) => {
    for (let e = 0; e < x.length; e++) out[e] = f(x[e] as number)
  }
}

export function zipLoop(f: (a: number, b: number) => number): ZipLoop {
  return (out, o, a, i, si, b, j, sj, n) => {
    for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = f(a[i] as number, b[j] as number)
  }
}

export const addLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = (a[i] as number) + (b[j] as number)
}

export const subLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = (a[i] as number) - (b[j] as number)
}

export const mulLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = (a[i] as number) * (b[j] as number)
}

export const divLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = (a[i] as number) / (b[j] as number)
}

export const mulNoNanLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) {
    const x = a[i] as number
    const y = b[j] as number
    const product = x * y
    out[o + e] = product === product || (x !== 0 && y !== 0) ? product : 0
  }
}

export const gtLoop: ZipLoop = (out, o, a, i, si, b, j, sj, n) => {
  for (let e = 0; e < n; e++, i += si, j += sj) out[o + e] = (a[i] as number) > (b[j] as number) ? 1 : 0
}

export const negLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) out[e] = -(x[e] as number)
}

export const squareLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) out[e] = (x[e] as number) * (x[e] as number)
}

export const expLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) out[e] = Math.exp(x[e] as number)
}

export const tanhLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) out[e] = Math.tanh(x[e] as number)
}

export const reluLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) {
    const t = x[e] as number
    out[e] = t <= 0 ? 0 : t
  }
}

export const stepLoop: MapLoop = (out, x) => {
  for (let e = 0; e < x.length; e++) {
    const t = x[e] as number
    out[e] = t > 0 ? 1 : t <= 0 ? 0 : t
  }
}

/** 4e/(1 + e)² with e = exp(−2|x|): no cancellation, no overflow. */
export const sechSquaredLoop: MapLoop = (out, x) => {
  for (let i = 0; i < x.length; i++) {
    const e = Math.exp(-2 * Math.abs(x[i] as number))
    out[i] = (4 * e) / ((1 + e) * (1 + e))
  }
}

/** 1/(1 + exp(−x)), by the branch that cannot overflow. */
export const sigmoidLoop: MapLoop = (out, x) => {
  for (let i = 0; i < x.length; i++) {
    const t = x[i] as number
    const e = Math.exp(t < 0 ? t : -t)
    out[i] = (t < 0 ? e : 1) / (1 + e)
  }
}
