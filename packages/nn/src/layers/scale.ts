/** The weights of the layers that normalise: factors that begin at 1, and summands that begin at 0. */
import { type DType, ones, type Value, value, zeros } from '@adjoint/autograd'
import { checkNumber, checkOptions, type Names } from '../options.ts'
import { checkDType } from '../units.ts'

export interface NormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number
  /** Whether there are a weight and a bias to learn. Default: true. */
  readonly affine?: boolean
  /** Default: 'float64'. */
  readonly dtype?: DType
}

export const EPS = 1e-5

export const normOptions: Names<NormOptions> = { eps: true, affine: true, dtype: true }

/** @throws DomainError, DTypeError for options unknown or out of range. */
export function checkNorm(owner: string, options: NormOptions, names: object = normOptions): void {
  checkOptions(owner, options, names)
  const { eps = EPS, dtype } = options
  checkNumber(owner, 'eps', eps, 0)
  checkDType(owner, dtype)
}

/** What is left out is not there: neither a parameter nor a name in the state. */
export interface Scale {
  readonly weight: Value | undefined
  readonly bias: Value | undefined
}

export function beginScale(shape: readonly number[], { affine = true, dtype = 'float64' }: NormOptions): Scale {
  if (!affine) return { weight: undefined, bias: undefined }
  return { weight: value(ones(shape, { dtype }), { dtype }), bias: value(zeros(shape, { dtype }), { dtype }) }
}
