/** NAdam: Adam that looks ahead along its momentum, as Nesterov does. Dozat 2016. */
import type { FloatArray, Value } from '@adjoint/autograd'
import { AdamFamily, type AdamFamilyOptions, type DecoupledOptions, decay, familyDefaults } from './adamFamily.ts'
import type { Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'

export interface NAdamOptions extends AdamFamilyOptions, DecoupledOptions {
  /** How fast the momentum μ grows from β₁/2 to β₁. Default: 0.004. */
  momentumDecay: number
}

type NAdamMemory = { step: number; momentumProduct: number; average: FloatArray; squareAverage: FloatArray }

/**
 * μₜ = β₁(1 − ½·0.96^(t·momentumDecay)); M = μ₁·…·μₜ; m and v as in Adam;
 * p −= learningRate·((1 − μₜ)/(1 − M)·g + μₜ₊₁/(1 − M·μₜ₊₁)·m)/(√v̂ + eps).
 * The published rule. (PyTorch 1.13 multiplied μ into M twice.)
 * @example new NAdam(model.parameters(), { learningRate: 0.002 })
 */
export class NAdam extends AdamFamily<NAdamOptions, NAdamMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(parameters, { ...familyDefaults(2e-3), momentumDecay: 4e-3, decoupledWeightDecay: false }, options)
  }

  protected override check(group: NAdamOptions): void {
    super.check(group)
    this.checkRange('momentumDecay', group.momentumDecay)
  }

  protected override begin(parameter: Value): NAdamMemory {
    return { step: 0, momentumProduct: 1, average: zerosLike(parameter), squareAverage: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: NAdamMemory,
    group: Group<NAdamOptions>,
  ): void {
    const { learningRate, betas, eps, momentumDecay, decoupledWeightDecay } = group
    const [beta1, beta2] = betas
    const step = ++memory.step
    const { average, squareAverage } = memory
    const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))
    const [now, next] = [momentum(step), momentum(step + 1)]
    memory.momentumProduct *= now
    const ofGradient = (learningRate * (1 - now)) / (1 - memory.momentumProduct)
    const ofAverage = (learningRate * next) / (1 - memory.momentumProduct * next)
    const correction = 1 - beta2 ** step
    const { sign, penalty, kept } = decay(group, decoupledWeightDecay)
    for (let i = 0; i < p.length; i++) {
      const x = (p[i] as number) * kept
      const g = sign * (gradient[i] as number) + penalty * x
      const m = beta1 * (average[i] as number) + (1 - beta1) * g
      const v = beta2 * (squareAverage[i] as number) + (1 - beta2) * g * g
      average[i] = m
      squareAverage[i] = v
      p[i] = x - (ofGradient * g + ofAverage * m) / (Math.sqrt(v / correction) + eps)
    }
  }
}
