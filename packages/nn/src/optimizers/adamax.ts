/** Adamax: Adam with the largest gradient in place of the root mean square. Kingma & Ba 2015, section 7. */
import type { FloatArray, Value } from '@adjoint/autograd'
import { AdamFamily, type AdamFamilyOptions, decay, familyDefaults } from './adamFamily.ts'
import type { Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'

/** Of the two betas the second is how much of the largest gradient stays at each step. */
export type AdamaxOptions = AdamFamilyOptions

type AdamaxMemory = { step: number; average: FloatArray; largest: FloatArray }

/**
 * m = β₁m + (1 − β₁)g; u = max(β₂u, |g| + eps); p −= learningRate/(1 − β₁ᵗ)·m/u.
 * @example new Adamax(model.parameters(), { learningRate: 0.002 })
 */
export class Adamax extends AdamFamily<AdamaxOptions, AdamaxMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(parameters, familyDefaults(2e-3), options)
  }

  protected override begin(parameter: Value): AdamaxMemory {
    return { step: 0, average: zerosLike(parameter), largest: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: AdamaxMemory,
    group: Group<AdamaxOptions>,
  ): void {
    const { learningRate, betas, eps } = group
    const [beta1, beta2] = betas
    memory.step++
    const { step, average, largest } = memory
    const rate = learningRate / (1 - beta1 ** step)
    const { sign, penalty } = decay(group, false)
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + penalty * x
      const m = beta1 * (average[i] as number) + (1 - beta1) * g
      const u = Math.max(beta2 * (largest[i] as number), Math.abs(g) + eps)
      average[i] = m
      largest[i] = u
      p[i] = x - (rate * m) / u
    }
  }
}
