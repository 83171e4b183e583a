/** The product of two n × n matrices: eager, compiled, and with other libraries. */
import { constant } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { jaxProduct } from '../peers/jaxProduct.ts'
import { torchProduct } from '../peers/torch.ts'
import { stream } from '../problems/stream.ts'
import { type Block, blockOf, expectEqual } from '../timing.ts'
import { type Times, timesOf } from './times.ts'

export type Precision = 'float32' | 'float64'

export interface ProductWork {
  readonly n: number
  readonly a: Float32Array | Float64Array
  readonly b: Float32Array | Float64Array
}

export interface Product {
  readonly result: () => ArrayLike<number>
  readonly block: Block
}

export interface ProductTask {
  readonly n: number
  readonly precision: Precision
}

export type ProductWay = 'compiled' | 'eager' | 'jax' | 'torch'

function workOf(n: number, precision: Precision): ProductWork {
  const next = stream(n)
  const draw = (): Float32Array | Float64Array => {
    const array = precision === 'float32' ? new Float32Array(n * n) : new Float64Array(n * n)
    return array.map(() => next(-1, 1))
  }
  return { n, a: draw(), b: draw() }
}

function own({ n, a, b }: ProductWork, compiled: boolean): Product {
  const [x, y] = [constant(a, { shape: [n, n] }), constant(b, { shape: [n, n] })]
  const f = (p: typeof x, q: typeof x): typeof x => p.matmul(q)
  const product = compiled ? compile(f) : f
  return { result: () => product(x, y).data, block: blockOf(() => product(x, y)) }
}

/** Some elements of the product, in float64. */
function expectedElements({ n, a, b }: ProductWork): { at: number[]; values: number[] } {
  const at = Array.from({ length: 64 }, (_, i) => (i * 7919 * n + i) % (n * n))
  const values = at.map((index) => {
    const [row, column] = [Math.floor(index / n), index % n]
    let sum = 0
    for (let k = 0; k < n; k++) sum += (a[row * n + k] as number) * (b[k * n + column] as number)
    return sum
  })
  return { at, values }
}

/** The times of the product with each library. */
export function measureProduct({ n, precision }: ProductTask): Promise<Times<ProductWay>> {
  const work = workOf(n, precision)
  const expected = expectedElements(work)
  const tolerance = precision === 'float32' ? 1e-4 : 1e-11
  const checked = async (make: () => Product | Promise<Product>): Promise<Block> => {
    const { result, block } = await make()
    const numbers = result()
    const got = expected.at.map((i) => numbers[i] as number)
    expectEqual(`product, n = ${n}`, got, expected.values, tolerance)
    return block
  }
  return timesOf<ProductWay>({
    compiled: () => checked(() => own(work, true)),
    eager: () => checked(() => own(work, false)),
    jax: () => checked(() => jaxProduct(work)),
    torch: () => checked(() => torchProduct(work)),
  })
}
