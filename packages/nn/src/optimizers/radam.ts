/** RAdam: Adam that trusts its mean square only once it has seen enough. Liu et al. 2020. */
import type { FloatArray, Value } from '@adjoint/autograd'
import { AdamFamily, type AdamFamilyOptions, type DecoupledOptions, decay, familyDefaults } from './adamFamily.ts'
import type { Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'

export type RAdamOptions = AdamFamilyOptions & DecoupledOptions

type RAdamMemory = { step: number; average: FloatArray; squareAverage: FloatArray }

/**
 * ρ∞ = 2/(1 − β₂) − 1; ρ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ) is how many gradients the mean square stands for. Above 5,
 * p −= learningRate·r·m̂·√(1 − β₂ᵗ)/(√v + eps) with r = √((ρ − 4)(ρ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ));
 * before, p −= learningRate·m̂.
 * @example new RAdam(model.parameters(), { learningRate: 0.001 })
 */
export class RAdam extends AdamFamily<RAdamOptions, RAdamMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(parameters, { ...familyDefaults(1e-3), decoupledWeightDecay: false }, options)
  }

  protected override begin(parameter: Value): RAdamMemory {
    return { step: 0, average: zerosLike(parameter), squareAverage: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: RAdamMemory,
    group: Group<RAdamOptions>,
  ): void {
    const { learningRate, betas, eps, decoupledWeightDecay } = group
    const [beta1, beta2] = betas
    const step = ++memory.step
    const { average, squareAverage } = memory
    const rate = learningRate / (1 - beta1 ** step)
    const rectified = rectification(beta2, step)
    const { sign, penalty, kept } = decay(group, decoupledWeightDecay)
    for (let i = 0; i < p.length; i++) {
      const x = (p[i] as number) * kept
      const g = sign * (gradient[i] as number) + penalty * x
      const m = beta1 * (average[i] as number) + (1 - beta1) * g
      const v = beta2 * (squareAverage[i] as number) + (1 - beta2) * g * g
      average[i] = m
      squareAverage[i] = v
      p[i] = x - rate * m * (rectified === undefined ? 1 : rectified / (Math.sqrt(v) + eps))
    }
  }
}

/** r·√(1 − β₂ᵗ), or undefined while the mean square is not to be trusted. */
function rectification(beta2: number, step: number): number | undefined {
  const correction = 1 - beta2 ** step
  const limit = 2 / (1 - beta2) - 1
  const length = limit - (2 * step * beta2 ** step) / correction
  if (length <= 5) return undefined
  const r = ((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length)
  return Math.sqrt(r * correction)
}
