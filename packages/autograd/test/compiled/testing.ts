/** `@adjoint/autograd/testing`, whose check is of the compiled function. */
import * as plain from '../../src/testing/index.ts'
import { orAsWritten, outside, programOf } from './attempt.ts'

export * from '../../src/testing/index.ts'

type Fn = (...args: never[]) => unknown

export const checkGradients = ((f: Fn, ...rest: never[]) => {
  const check = plain.checkGradients as Fn
  if (!outside() || typeof f !== 'function') return check(f as never, ...rest)
  // A check asks how many parameters the function declares.
  const program = Object.defineProperty((...args: never[]) => programOf(f)(...args), 'length', { value: f.length })
  return orAsWritten(
    () => check(program as never, ...rest),
    () => check(f as never, ...rest),
  )
}) as typeof plain.checkGradients
