/** Adamax: Adam with the largest gradient in place of the root mean square. Kingma & Ba 2015, section 7. */
import type { FloatArray, Value } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'
import { Optimizer } from './optimizer.ts'

export interface AdamaxOptions extends CommonOptions {
  /** How much of the mean gradient, and of the largest one, stays at each step. Default: [0.9, 0.999]. */
  betas: readonly [number, number]
  /** Default: 1e-8. */
  eps: number
}

type AdamaxMemory = { step: number; average: FloatArray; largest: FloatArray }

/**
 * m = β₁m + (1 − β₁)g; u = max(β₂u, |g| + eps); p −= learningRate/(1 − β₁ᵗ)·m/u.
 * @example new Adamax(model.parameters(), { learningRate: 0.002 })
 */
export class Adamax extends Optimizer<AdamaxOptions, AdamaxMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(
      parameters,
      {
        learningRate: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        maximize: false,
      },
      options,
    )
  }

  protected override check(group: AdamaxOptions): void {
    super.check(group)
    this.checkBetas(group)
  }

  protected override begin(parameter: Value): AdamaxMemory {
    return { step: 0, average: zerosLike(parameter), largest: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: AdamaxMemory,
    { learningRate, betas: [beta1, beta2], eps, weightDecay, maximize }: Group<AdamaxOptions>,
  ): void {
    memory.step++
    const { step, average, largest } = memory
    const rate = learningRate / (1 - beta1 ** step)
    const sign = maximize ? -1 : 1
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + weightDecay * x
      const m = beta1 * (average[i] as number) + (1 - beta1) * g
      const u = Math.max(beta2 * (largest[i] as number), Math.abs(g) + eps)
      average[i] = m
      largest[i] = u
      p[i] = x - (rate * m) / u
    }
  }
}
