/** Matrix products with @jax-js/jax under jit, on its WebAssembly backend; float32 only. */
import type { Product, ProductWork } from '../rows/product.ts'
import { blockOf } from '../timing.ts'
import { install } from './install.ts'

interface JaxArray {
  readonly ref: JaxArray
  reshape(shape: readonly number[]): JaxArray
  dataSync(): Float32Array
}

type Binary = (a: JaxArray, b: JaxArray) => JaxArray

interface Jax {
  readonly init: (device: 'wasm') => Promise<unknown>
  readonly defaultDevice: (device: 'wasm') => unknown
  readonly jit: (f: Binary) => Binary
  readonly numpy: { readonly array: (data: Float32Array) => JaxArray; readonly matmul: Binary }
}

/** @throws Error when the library cannot be installed, or the matrices are float64. */
export async function jaxProduct({ n, a, b }: ProductWork): Promise<Product> {
  if (!(a instanceof Float32Array && b instanceof Float32Array)) throw new Error('float32 only')
  const jax = install('jax', { '@jax-js/jax': '0.1.25' })('@jax-js/jax') as Jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const [x, y] = [jax.numpy.array(a).reshape([n, n]), jax.numpy.array(b).reshape([n, n])]
  const multiply = jax.jit((p, q) => jax.numpy.matmul(p, q))
  const result = (): Float32Array => multiply(x.ref, y.ref).dataSync()
  return { result, block: blockOf(result) }
}
