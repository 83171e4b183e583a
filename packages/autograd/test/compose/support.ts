/** Arrays in and out of the composites, which the tests run over plain data. */
import { type Data, type DType, type NestedArray, readData } from '../../src/data.ts'

export { shapeOf, toNested } from '../../src/data.ts'

export function arr(x: number | NestedArray, dtype: DType = 'float64'): Data {
  return readData('test', x, dtype)
}

/** 1, 2, 3 … in the shape. */
export function counting(...shape: number[]): Data {
  const size = shape.reduce((a, b) => a * b, 1)
  return readData(
    'test',
    Float64Array.from({ length: size }, (_, i) => i + 1),
    'float64',
    shape,
  )
}
