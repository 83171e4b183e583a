/** Stochastic gradient descent, with momentum. */
import type { DType, FloatArray, Value } from '@adjoint/autograd'
import { DomainError, follow, reread } from '@adjoint/autograd'
import type { CommonOptions, Group, Parameters } from './groups.ts'
import { nothingYet } from './memory.ts'
import { Optimizer, penalised, type TracedRule } from './optimizer.ts'

export interface SGDOptions extends CommonOptions {
  /** How much of the last step is carried on. Default: 0. */
  momentum: number
  /** How much less of the gradient enters the momentum. Default: 0. */
  dampening: number
  /** Nesterov's form: look ahead along the momentum. */
  nesterov: boolean
}

type SGDMemory = { momentumBuffer: FloatArray }

/**
 * g = gradient + weightDecay·p; v = momentum·v + (1 − dampening)·g, at first v = g; p −= learningRate·v
 * (Nesterov: p −= learningRate·(g + momentum·v)). PyTorch's rule: the learning rate is not inside v.
 * @example new SGD(model.parameters(), { learningRate: 0.1, momentum: 0.9 })
 */
export class SGD extends Optimizer<SGDOptions, SGDMemory> {
  /** @throws DomainError for options unknown or out of range, or Nesterov's form without momentum or with dampening. */
  constructor(parameters: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(
      parameters,
      {
        learningRate: 1e-3,
        momentum: 0,
        dampening: 0,
        nesterov: false,
        weightDecay: 0,
        maximize: false,
      },
      options,
    )
  }

  protected override check(group: SGDOptions): void {
    super.check(group)
    this.checkRange('momentum', group.momentum)
    this.checkRange('dampening', group.dampening)
    if (group.nesterov && (group.momentum === 0 || group.dampening !== 0)) {
      throw new DomainError(
        `SGD: nesterov with momentum ${group.momentum} and dampening ${group.dampening}. It needs a momentum above 0 and no dampening.`,
      )
    }
  }

  protected override begin(parameter: Value): SGDMemory {
    return { momentumBuffer: nothingYet(parameter) }
  }

  protected override traced(group: Group<SGDOptions>): TracedRule<SGDMemory> | undefined {
    const { momentum, dampening, nesterov, weightDecay, maximize } = group
    // Another program where these change; the learning rate is read anew at each step.
    follow(() => `${group.momentum} ${group.dampening} ${group.nesterov} ${group.weightDecay} ${group.maximize}`)
    // The first step has none, so it is another rule.
    if (dampening !== 0) return undefined
    const rates = new Map<DType, Value>()
    return (p, gradient, memory) => {
      const rate = rates.get(p.dtype) ?? reread(() => group.learningRate, p.dtype)
      rates.set(p.dtype, rate)
      const g = penalised(p, gradient, weightDecay, maximize)
      if (momentum === 0) return p.sub(g.mul(rate))
      const { momentumBuffer } = memory()
      const v = momentumBuffer.mul(momentum).add(g)
      momentumBuffer.assign(v)
      return p.sub((nesterov ? g.add(v.mul(momentum)) : v).mul(rate))
    }
  }

  protected override update(p: FloatArray, gradient: FloatArray, memory: SGDMemory, group: Group<SGDOptions>): void {
    const { learningRate, momentum, dampening, nesterov, weightDecay, maximize } = group
    const sign = maximize ? -1 : 1
    if (momentum === 0) {
      for (let i = 0; i < p.length; i++) {
        const x = p[i] as number
        p[i] = x - learningRate * (sign * (gradient[i] as number) + weightDecay * x)
      }
      return
    }
    const first = memory.momentumBuffer.length === 0
    if (first) memory.momentumBuffer = p.slice()
    const v = memory.momentumBuffer
    for (let i = 0; i < p.length; i++) {
      const x = p[i] as number
      const g = sign * (gradient[i] as number) + weightDecay * x
      const next = first ? g : momentum * (v[i] as number) + (1 - dampening) * g
      v[i] = next
      p[i] = x - learningRate * (nesterov ? g + momentum * next : next)
    }
  }
}
