/** Adadelta: steps in the parameter's own unit, with no rate to tune. Zeiler 2012. */
import type { FloatArray, Value } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'
import { Optimizer } from './optimizer.ts'

export interface AdadeltaOptions extends CommonOptions {
  /** How much of the running means stays at each step. Default: 0.9. */
  rho: number
  /** Default: 1e-6. */
  eps: number
}

type AdadeltaMemory = { squareAverage: FloatArray; squareStepAverage: FloatArray }

/**
 * s = rho·s + (1 − rho)·g²; d = √(u + eps)/√(s + eps)·g; u = rho·u + (1 − rho)·d²; p −= learningRate·d.
 * @example new Adadelta(model.parameters()) // the learning rate is 1
 */
export class Adadelta extends Optimizer<AdadeltaOptions, AdadeltaMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(parameters, { learningRate: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }, options)
  }

  protected override check(group: AdadeltaOptions): void {
    super.check(group)
    this.checkRange('rho', group.rho, 1)
    this.checkRange('eps', group.eps)
  }

  protected override begin(parameter: Value): AdadeltaMemory {
    return { squareAverage: zerosLike(parameter), squareStepAverage: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    { squareAverage, squareStepAverage }: AdadeltaMemory,
    { learningRate, rho, eps, weightDecay, maximize }: Group<AdadeltaOptions>,
  ): void {
    const sign = maximize ? -1 : 1
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + weightDecay * x
      const s = rho * (squareAverage[i] as number) + (1 - rho) * g * g
      const u = squareStepAverage[i] as number
      const step = (Math.sqrt(u + eps) / Math.sqrt(s + eps)) * g
      squareAverage[i] = s
      squareStepAverage[i] = rho * u + (1 - rho) * step * step
      p[i] = x - learningRate * step
    }
  }
}
