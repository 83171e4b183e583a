/** Keeping gradients from being too large. */
import { DomainError, div, stack, Value, where } from '@adjoint/autograd'
import { numbersOf } from '../input.ts'
import { checkNumber, checkOptions, type Names, show } from '../options.ts'

export interface ClipOptions {
  /** Which norm: a number above 0, or Infinity for the largest element. Default: 2. */
  readonly ord?: number
}

const clipOptions: Names<ClipOptions> = { ord: true }

/** (Σ|g|^ord)^(1/ord) over all gradients as one vector. */
function normOf(gradients: readonly Value[], ord: number): Value {
  const norms = (by: number): Value => stack(gradients.map((gradient) => gradient.norm({ ord: by }))).norm({ ord: by })
  if (ord === 1 || ord === 2 || ord === Number.POSITIVE_INFINITY) return norms(ord)
  // Divided by the largest, so that no power overflows; 0, ∞ and NaN divide nothing.
  const largest = norms(Number.POSITIVE_INFINITY)
  const unit = where(largest.gt(0).mul(largest.lt(Number.POSITIVE_INFINITY)), largest, 1)
  const powers = gradients.map((gradient) => gradient.div(unit).abs().pow(ord).sum())
  return stack(powers)
    .sum()
    .pow(1 / ord)
    .mul(unit)
}

/** Those that have a gradient. @throws DomainError for what is no Value. */
function withGradient(name: string, parameters: Value | readonly Value[]): Value[] {
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [parameters]
  return list.filter((parameter): parameter is Value => {
    if (parameter instanceof Value) return parameter.hasGrad
    throw new DomainError(`${name}: ${show(parameter)} is no Value. Give model.parameters().`)
  })
}

/**
 * Scales the gradients, all by the same factor, so that their norm as one vector is at most `max`: the factor is
 * max/(norm + 1e-6) if that is below 1. Call it between backward() and step().
 * @param parameters A list of Values, or one.
 * @returns The norm before. Inside a compiled function, where the number is not known yet, it is the Value of it, to be
 * returned and read outside; whoever computes with it as a number gets an error.
 * @throws DomainError for what is no Value, unknown options, a negative max or an ord that is not above 0.
 * @example clipGradNorm(model.parameters(), 1)
 */
export function clipGradNorm(parameters: Value | readonly Value[], max: number, options: ClipOptions = {}): number {
  checkOptions('clipGradNorm', options, clipOptions)
  const { ord = 2 } = options
  checkNumber('clipGradNorm', 'max', max, 0)
  if (typeof ord !== 'number' || !(ord > 0))
    throw new DomainError(`clipGradNorm: ord is ${show(ord)}. Give a number above 0, or Infinity.`)
  const clipped = withGradient('clipGradNorm', parameters)
  if (clipped.length === 0) return 0
  const norm = normOf(
    clipped.map(({ grad }) => grad),
    ord,
  )
  const known = numbersOf(norm)?.[0]
  if (known !== undefined && known + 1e-6 <= max) return known
  const factor = div(max, norm.add(1e-6)).minimum(1)
  for (const parameter of clipped) parameter.grad = parameter.grad.mul(factor)
  return known ?? (norm as unknown as number)
}

/**
 * Cuts every element of the gradients to −max … max.
 * @param parameters A list of Values, or one.
 * @throws DomainError for what is no Value, or a negative max.
 * @example clipGradValue(model.parameters(), 0.5)
 */
export function clipGradValue(parameters: Value | readonly Value[], max: number): void {
  checkNumber('clipGradValue', 'max', max, 0)
  for (const parameter of withGradient('clipGradValue', parameters)) {
    parameter.grad = parameter.grad.clamp(-max, max)
  }
}
