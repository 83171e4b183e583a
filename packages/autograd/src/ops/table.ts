/** Every primitive operation by its name. Adding one here adds it to each carrier, to the tests and to the pictures. */
import * as activation from './activation.ts'
import * as arithmetic from './arithmetic.ts'
import * as comparison from './comparison.ts'
import * as convolution from './conv.ts'
import * as exponential from './exponential.ts'
import * as indexing from './indexing.ts'
import * as linalg from './linalg.ts'
import * as movement from './movement.ts'
import * as pool from './pool.ts'
import * as product from './product.ts'
import * as reduction from './reduction.ts'
import * as rounding from './rounding.ts'
import * as softmax from './softmax.ts'
import * as special from './special.ts'
import * as trigonometric from './trigonometric.ts'

type Table = typeof arithmetic &
  typeof exponential &
  typeof trigonometric &
  typeof special &
  typeof activation &
  typeof rounding &
  typeof comparison &
  typeof reduction &
  typeof softmax &
  typeof movement &
  typeof indexing &
  typeof product &
  typeof linalg &
  typeof convolution &
  typeof pool

export const table: Table = {
  ...arithmetic,
  ...exponential,
  ...trigonometric,
  ...special,
  ...activation,
  ...rounding,
  ...comparison,
  ...reduction,
  ...softmax,
  ...movement,
  ...indexing,
  ...product,
  ...linalg,
  ...convolution,
  ...pool,
}
