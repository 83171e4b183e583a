/** RMSprop: steps relative to a running mean of the squared gradient. Hinton, lecture 6e, 2012. */
import { type FloatArray, follow, reread, type Value } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { nothingYet, zerosLike } from './memory.ts'
import { Optimizer, penalised, type TracedRule } from './optimizer.ts'

export interface RMSpropOptions extends CommonOptions {
  /** How much of the running mean stays at each step. Default: 0.99. */
  alpha: number
  /** Default: 1e-8. */
  eps: number
  /** How much of the last step is carried on. Default: 0. */
  momentum: number
  /** Divide by the deviation of the gradient instead of its root mean square. */
  centered: boolean
}

type RMSpropMemory = { squareAverage: FloatArray; gradientAverage: FloatArray; momentumBuffer: FloatArray }

/**
 * s = alpha·s + (1 − alpha)·g²; d = g/(√s + eps) (centered: √(s − m²) with m the running mean of g); with momentum
 * v = momentum·v + d, else v = d; p −= learningRate·v.
 * @example new RMSprop(model.parameters(), { learningRate: 0.01 })
 */
export class RMSprop extends Optimizer<RMSpropOptions, RMSpropMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(
      parameters,
      {
        learningRate: 1e-2,
        alpha: 0.99,
        eps: 1e-8,
        momentum: 0,
        centered: false,
        weightDecay: 0,
        maximize: false,
      },
      options,
    )
  }

  protected override check(group: RMSpropOptions): void {
    super.check(group)
    this.checkRange('alpha', group.alpha)
    this.checkRange('eps', group.eps)
    this.checkRange('momentum', group.momentum)
  }

  protected override begin(parameter: Value): RMSpropMemory {
    return {
      squareAverage: zerosLike(parameter),
      gradientAverage: nothingYet(parameter),
      momentumBuffer: nothingYet(parameter),
    }
  }

  protected override traced(group: Group<RMSpropOptions>): TracedRule<RMSpropMemory> {
    const { alpha, eps, momentum, centered, weightDecay, maximize } = group
    // Another program where these change; the learning rate is read anew at each step.
    follow(
      () => `${group.alpha} ${group.eps} ${group.momentum} ${group.centered} ${group.weightDecay} ${group.maximize}`,
    )
    return (p, gradient, memory) => {
      const { squareAverage, gradientAverage, momentumBuffer } = memory()
      const g = penalised(p, gradient, weightDecay, maximize)
      const s = squareAverage.mul(alpha).add(g.mul(1 - alpha).mul(g))
      squareAverage.assign(s)
      let spread = s
      if (centered) {
        const m = gradientAverage.add(g.sub(gradientAverage).mul(1 - alpha))
        gradientAverage.assign(m)
        spread = s.sub(m.square()).maximum(0)
      }
      let v = g.div(spread.sqrt().add(eps))
      if (momentum > 0) {
        v = v.add(momentumBuffer.mul(momentum))
        momentumBuffer.assign(v)
      }
      return p.sub(v.mul(reread(() => group.learningRate, p.dtype)))
    }
  }

  protected override update(
    p: FloatArray,
    gradient: FloatArray,
    memory: RMSpropMemory,
    { learningRate, alpha, eps, momentum, centered, weightDecay, maximize }: Group<RMSpropOptions>,
  ): void {
    if (centered && memory.gradientAverage.length === 0) memory.gradientAverage = p.slice().fill(0)
    if (momentum > 0 && memory.momentumBuffer.length === 0) memory.momentumBuffer = p.slice().fill(0)
    const { squareAverage, gradientAverage, momentumBuffer } = memory
    const sign = maximize ? -1 : 1
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + weightDecay * x
      const s = alpha * (squareAverage[i] as number) + (1 - alpha) * g * g
      squareAverage[i] = s
      let spread = s
      if (centered) {
        const m = (gradientAverage[i] as number) + (1 - alpha) * (g - (gradientAverage[i] as number))
        gradientAverage[i] = m
        // Of a gradient that hardly changes the difference may round to less than 0.
        spread = Math.max(0, s - m * m)
      }
      let v = g / (Math.sqrt(spread) + eps)
      if (momentum > 0) {
        v += momentum * (momentumBuffer[i] as number)
        momentumBuffer[i] = v
      }
      p[i] = x - learningRate * v
    }
  }
}
