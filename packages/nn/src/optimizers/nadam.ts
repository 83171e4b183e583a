/** NAdam: Adam that looks ahead along its momentum, as Nesterov does. Dozat 2016. */
import type { FloatArray, Value } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'
import { Optimizer } from './optimizer.ts'

export interface NAdamOptions extends CommonOptions {
  /** How much of the running means of the gradient and of its square stays at each step. Default: [0.9, 0.999]. */
  betas: readonly [number, number]
  /** Default: 1e-8. */
  eps: number
  /** How fast the momentum μ grows from β₁/2 to β₁. Default: 0.004. */
  momentumDecay: number
  /** Whether weights shrink by themselves, as in AdamW, instead of through the gradient. */
  decoupledWeightDecay: boolean
}

type NAdamMemory = { step: number; momentumProduct: number; average: FloatArray; squareAverage: FloatArray }

/**
 * μₜ = β₁(1 − ½·0.96^(t·momentumDecay)); M = μ₁·…·μₜ; m and v as in Adam;
 * p −= learningRate·((1 − μₜ)/(1 − M)·g + μₜ₊₁/(1 − M·μₜ₊₁)·m)/(√v̂ + eps).
 * The published rule. (PyTorch 1.13 multiplied μ into M twice.)
 * @example new NAdam(model.parameters(), { learningRate: 0.002 })
 */
export class NAdam extends Optimizer<NAdamOptions, NAdamMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(
      parameters,
      {
        learningRate: 2e-3,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        momentumDecay: 4e-3,
        decoupledWeightDecay: false,
        maximize: false,
      },
      options,
    )
  }

  protected override check(group: NAdamOptions): void {
    super.check(group)
    this.checkBetas(group)
    this.checkRange('momentumDecay', group.momentumDecay)
  }

  protected override begin(parameter: Value): NAdamMemory {
    return { step: 0, momentumProduct: 1, average: zerosLike(parameter), squareAverage: zerosLike(parameter) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: NAdamMemory,
    { learningRate, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize }: Group<NAdamOptions>,
  ): void {
    const [beta1, beta2] = betas
    const step = ++memory.step
    const { average, squareAverage } = memory
    const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))
    const [now, next] = [momentum(step), momentum(step + 1)]
    memory.momentumProduct *= now
    const ofGradient = (learningRate * (1 - now)) / (1 - memory.momentumProduct)
    const ofAverage = (learningRate * next) / (1 - memory.momentumProduct * next)
    const correction = 1 - beta2 ** step
    const sign = maximize ? -1 : 1
    const penalty = decoupledWeightDecay ? 0 : weightDecay
    const kept = decoupledWeightDecay ? 1 - learningRate * weightDecay : 1
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
