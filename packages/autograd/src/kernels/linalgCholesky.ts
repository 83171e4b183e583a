/** The square root of a positive definite matrix that is a triangle. */
import { allocate, dtypeOf, NdArray } from '../data.ts'
import { sizeOf } from '../shape.ts'
import { failed, sideOf } from './linalg.ts'

/** The lower triangle L with L·Lᵀ = (A + Aᵀ)/2, row by row. @throws DomainError when there is none. */
export function cholesky(a: NdArray): NdArray {
  const n = sideOf('cholesky', a.shape)
  const batch = a.shape.slice(0, -2)
  const out = allocate(dtypeOf(a), a.data.length)
  const l = new Float64Array(n * n)
  for (let e = 0; e < sizeOf(batch) && n > 0; e++) {
    const at = e * n * n
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        // Halves first: the sum of two large elements may overflow.
        let rest = (a.data[at + i * n + j] as number) / 2 + (a.data[at + j * n + i] as number) / 2
        const size = Math.abs(rest)
        for (let k = 0; k < j; k++) rest -= (l[i * n + k] as number) * (l[j * n + k] as number)
        if (j < i) l[i * n + j] = rest / (l[j * n + j] as number)
        else if (rest <= (i === 0 ? 0 : i * 2 ** -52 * size)) {
          throw failed(
            'cholesky',
            batch,
            e,
            `is not positive definite: row ${i} leaves ${rest} under the root. Check how it was made, or add a small multiple of eye(n).`,
          )
        } else l[i * n + i] = Math.sqrt(rest)
      }
    }
    out.set(l, at)
  }
  return new NdArray(a.shape, out)
}
