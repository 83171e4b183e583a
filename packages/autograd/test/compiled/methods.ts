/** The methods of Values as programs, wherever a test calls them. */
import { binaryMethods, unaryMethods } from '../../src/fluent.ts'
import { ElementwiseMethods } from '../../src/methods/elementwise.ts'
import { IndexingMethods } from '../../src/methods/indexing.ts'
import { LinalgMethods } from '../../src/methods/linalg.ts'
import { NeuralMethods } from '../../src/methods/neural.ts'
import { ReductionMethods } from '../../src/methods/reduction.ts'
import { ShapeMethods } from '../../src/methods/shape.ts'
import { Value } from '../../src/value.ts'
import { asWritten } from './attempt.ts'
import { compiledCall } from './calls.ts'

const families = [ElementwiseMethods, ReductionMethods, ShapeMethods, IndexingMethods, LinalgMethods, NeuralMethods]
const inFamilies = families.flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
const methods = Value.prototype as unknown as Record<string, (this: unknown, ...args: never[]) => unknown>

for (const name of new Set<string>([...unaryMethods, ...binaryMethods, ...inFamilies])) {
  const method = methods[name]
  if (name === 'constructor' || method === undefined) continue
  Object.defineProperty(methods, name, { value: compiledCall(method), writable: true, configurable: true })
}

/** The pullbacks of what was compiled are programs by themselves. */
const { backward } = Value.prototype
Value.prototype.backward = function (...args) {
  asWritten(() => backward.apply(this, args))
}
