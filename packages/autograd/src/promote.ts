/** Which dtype plain arrays take: that of the Values they meet. */
import { type DType, dtypeOf } from './data.ts'
import { Node } from './node.ts'

/**
 * float32 when every Value of the list is float32, float64 when one is not. Where there is no Value the typed arrays
 * decide in the same way. Numbers and nested arrays have no say: a list of these gives undefined.
 */
export function commonDType(list: readonly unknown[]): DType | undefined {
  const nodes = list.filter((x) => x instanceof Node)
  const dtypes: DType[] = []
  if (nodes.length > 0) for (const { raw } of nodes) dtypes.push(dtypeOf(raw))
  else {
    for (const x of list) {
      if (x instanceof Float32Array) dtypes.push('float32')
      else if (x instanceof Float64Array) dtypes.push('float64')
    }
  }
  if (dtypes.length === 0) return undefined
  return dtypes.every((dtype) => dtype === 'float32') ? 'float32' : 'float64'
}
