/** Adagrad: steps that shrink with all the gradient there has been. Duchi, Hazan & Singer 2011. */
import type { FloatArray, Value } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { zerosLike } from './memory.ts'
import { Optimizer } from './optimizer.ts'

export interface AdagradOptions extends CommonOptions {
  /** The learning rate of step t is learningRate/(1 + (t − 1)·this). Default: 0. */
  learningRateDecay: number
  /** What the sum of squares starts from. Default: 0. */
  initialAccumulatorValue: number
  /** Default: 1e-10. */
  eps: number
}

type AdagradMemory = { step: number; sum: FloatArray }

/**
 * s += g²; p −= rate·g/(√s + eps).
 * @example new Adagrad(model.parameters(), { learningRate: 0.01 })
 */
export class Adagrad extends Optimizer<AdagradOptions, AdagradMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(
      parameters,
      {
        learningRate: 1e-2,
        learningRateDecay: 0,
        initialAccumulatorValue: 0,
        eps: 1e-10,
        weightDecay: 0,
        maximize: false,
      },
      options,
    )
  }

  protected override check(group: AdagradOptions): void {
    super.check(group)
    this.checkRange('learningRateDecay', group.learningRateDecay)
    this.checkRange('initialAccumulatorValue', group.initialAccumulatorValue)
    this.checkRange('eps', group.eps)
  }

  protected override begin(parameter: Value, { initialAccumulatorValue }: Group<AdagradOptions>): AdagradMemory {
    return { step: 0, sum: zerosLike(parameter).fill(initialAccumulatorValue) }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: AdagradMemory,
    { learningRate, learningRateDecay, eps, weightDecay, maximize }: Group<AdagradOptions>,
  ): void {
    const rate = learningRate / (1 + memory.step * learningRateDecay)
    const sign = maximize ? -1 : 1
    const { sum } = memory
    memory.step++
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + weightDecay * x
      const s = (sum[i] as number) + g * g
      sum[i] = s
      p[i] = x - (rate * g) / (Math.sqrt(s) + eps)
    }
  }
}
