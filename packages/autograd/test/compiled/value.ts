/** What applies records to Values, as a program each. */
import * as plain from '../../src/value.ts'
import { compiledCall, compiledCalls } from './calls.ts'

export * from '../../src/value.ts'

export const one: typeof plain.one = compiledCall(plain.one)
export const two: typeof plain.two = compiledCall(plain.two)
export const many: typeof plain.many = compiledCall(plain.many)

const { shape, dtype, constant } = plain.values
export const values: typeof plain.values = { ...compiledCalls(plain.values), shape, dtype, constant }
