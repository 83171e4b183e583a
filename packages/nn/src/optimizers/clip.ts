/** Keeping gradients from being too large. */
import { DomainError, Value } from '@adjoint/autograd'
import { checkNumber, checkOptions, type Names, show } from '../options.ts'

export interface ClipOptions {
  /** Which norm: a number above 0, or Infinity for the largest element. Default: 2. */
  readonly ord?: number
}

const clipOptions: Names<ClipOptions> = { ord: true }

/** (Σ|g|^ord)^(1/ord) over all gradients as one vector, scaled so that no power overflows. */
function gradientNorm(gradients: readonly Value[], ord: number): number {
  let largest = 0
  for (const { data } of gradients) for (const g of data) largest = Math.max(largest, Math.abs(g))
  if (ord === Number.POSITIVE_INFINITY || largest === 0 || !Number.isFinite(largest)) return largest
  let sum = 0
  for (const { data } of gradients) for (const g of data) sum += Math.abs(g / largest) ** ord
  return largest * sum ** (1 / ord)
}

/** @throws DomainError for what is no Value. */
function gradientsOf(name: string, parameters: Value | readonly Value[]): Value[] {
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [parameters]
  return list.flatMap((parameter) => {
    if (parameter instanceof Value) return parameter.hasGrad ? [parameter.grad] : []
    throw new DomainError(`${name}: ${show(parameter)} is no Value. Give model.parameters().`)
  })
}

/**
 * Scales the gradients, all by the same factor, so that their norm as one vector is at most `max`: the factor is
 * max/(norm + 1e-6) if that is below 1. Call it between backward() and step().
 * @param parameters A list of Values, or one.
 * @returns The norm before.
 * @throws DomainError for what is no Value, unknown options, a negative max or an ord that is not above 0.
 * @example clipGradNorm(model.parameters(), 1)
 */
export function clipGradNorm(parameters: Value | readonly Value[], max: number, options: ClipOptions = {}): number {
  checkOptions('clipGradNorm', options, clipOptions)
  const { ord = 2 } = options
  checkNumber('clipGradNorm', 'max', max, 0)
  if (typeof ord !== 'number' || !(ord > 0))
    throw new DomainError(`clipGradNorm: ord is ${show(ord)}. Give a number above 0, or Infinity.`)
  const gradients = gradientsOf('clipGradNorm', parameters)
  const norm = gradientNorm(gradients, ord)
  const factor = max / (norm + 1e-6)
  if (factor >= 1) return norm
  for (const gradient of gradients) {
    gradient.update((data) => {
      for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * factor
    })
  }
  return norm
}

/**
 * Cuts every element of the gradients to −max … max.
 * @param parameters A list of Values, or one.
 * @throws DomainError for what is no Value, or a negative max.
 * @example clipGradValue(model.parameters(), 0.5)
 */
export function clipGradValue(parameters: Value | readonly Value[], max: number): void {
  checkNumber('clipGradValue', 'max', max, 0)
  for (const gradient of gradientsOf('clipGradValue', parameters)) {
    gradient.update((data) => {
      for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i] as number, -max), max)
    })
  }
}
