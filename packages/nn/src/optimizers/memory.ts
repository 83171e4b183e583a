/** What an optimizer remembers of each parameter, as arrays of the parameter's dtype and as plain numbers. */
import { DomainError, type DType, type FloatArray, ShapeError, type Value } from '@adjoint/autograd'

/** What is remembered between steps. An array of length 0 stands for "nothing yet". */
export type Memory = Record<string, number | FloatArray>

/** The same in plain numbers, ready for JSON. */
export type PlainMemory = Readonly<Record<string, number | readonly number[]>>

/** A number for each of the parameter's numbers, 0 at first. */
export function zerosLike({ dtype, size }: Value): FloatArray {
  return dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)
}

/** "Nothing yet", in the parameter's dtype. */
export function nothingYet(parameter: Value): FloatArray {
  return typed([], parameter.dtype)
}

function typed(x: readonly number[], dtype: DType): FloatArray {
  return dtype === 'float32' ? Float32Array.from(x) : Float64Array.from(x)
}

export function toPlain(memory: Memory): PlainMemory {
  return Object.fromEntries(
    Object.entries(memory).map(([name, x]) => [name, typeof x === 'number' ? x : Array.from(x)] as const),
  )
}

/**
 * Writes a plain memory over a fresh one of the same parameter.
 * @throws ShapeError when the sizes differ; DomainError when it is another optimizer's.
 */
export function fillMemory<M extends Memory>(fresh: M, plain: PlainMemory, { dtype, size }: Value, index: number): M {
  for (const [name, x] of Object.entries(plain)) {
    if (!Object.hasOwn(fresh, name) || !(typeof fresh[name] === 'number' ? typeof x === 'number' : isNumbers(x))) {
      throw anotherMemory(index, `has ${name}`, fresh)
    }
    if (typeof x !== 'number' && x.length !== 0 && x.length !== size) {
      throw new ShapeError(
        `loadStateDict: ${name} of parameter ${index} has ${x.length} numbers, the parameter ${size}. Give the optimizer the same parameters, in the same order.`,
      )
    }
    Object.assign(fresh, { [name]: typeof x === 'number' ? x : typed(x, dtype) })
  }
  const missing = Object.keys(fresh).find((name) => !Object.hasOwn(plain, name))
  if (missing !== undefined) throw anotherMemory(index, `lacks ${missing}`, fresh)
  return fresh
}

function isNumbers(x: unknown): boolean {
  return Array.isArray(x) && x.every((number) => typeof number === 'number')
}

function anotherMemory(index: number, what: string, fresh: Memory): DomainError {
  const kinds = Object.entries(fresh).map(
    ([name, x]) => `${name} (${typeof x === 'number' ? 'a number' : 'a list of numbers'})`,
  )
  return new DomainError(
    `loadStateDict: the memory of parameter ${index} ${what}, this optimizer remembers ${kinds.join(', ')}. Give the state of the same optimizer.`,
  )
}
