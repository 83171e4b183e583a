/** Adam (Kingma & Ba 2015) and AdamW, which decays the weights apart from the gradient (Loshchilov & Hutter 2019). */
import { type FloatArray, follow, reread, type Value } from '@adjoint/autograd'
import { checkOptions, complete } from '../options.ts'
import { AdamFamily, type AdamFamilyOptions, decay, familyDefaults } from './adamFamily.ts'
import type { Group, Parameters } from './groups.ts'
import { nothingYet, zerosLike } from './memory.ts'
import { penalised, type TracedRule } from './optimizer.ts'

export interface AdamOptions extends AdamFamilyOptions {
  /** Divide by the largest mean square so far (Reddi, Kale & Kumar 2018). */
  amsgrad: boolean
}

const defaults: AdamOptions = { ...familyDefaults(1e-3), amsgrad: false }

type AdamMemory = { step: number; average: FloatArray; squareAverage: FloatArray; largestSquareAverage: FloatArray }

/**
 * m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; p −= learningRate·m̂/(√v̂ + eps), with the means corrected for their
 * start at 0: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 * @example new Adam(model.parameters(), { learningRate: 0.001 })
 */
export class Adam extends AdamFamily<AdamOptions, AdamMemory> {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(parameters, defaults, options)
  }

  protected override begin(parameter: Value): AdamMemory {
    return {
      step: 0,
      average: zerosLike(parameter),
      squareAverage: zerosLike(parameter),
      largestSquareAverage: nothingYet(parameter),
    }
  }

  /** Whether weights shrink by themselves instead of through the gradient. */
  protected get decoupled(): boolean {
    return false
  }

  protected override traced(group: Group<AdamOptions>): TracedRule<AdamMemory> {
    const { betas, eps, amsgrad, weightDecay, maximize } = group
    const [beta1, beta2] = betas
    // Another program where these change; the learning rate is read anew at each step.
    follow(() => `${group.betas} ${group.eps} ${group.amsgrad} ${group.weightDecay} ${group.maximize}`)
    return (p, gradient, memory) => {
      const { step, average, squareAverage, largestSquareAverage } = memory()
      const t = step.add(1)
      step.assign(t)
      // 1 − βᵗ
      const correction = (beta: number): Value => t.mul(Math.log(beta)).expm1().neg()
      const rate = reread(() => group.learningRate).div(correction(beta1))
      const rootCorrection = correction(beta2).sqrt()
      const decays = this.decoupled && weightDecay !== 0
      const x = decays ? p.mul(reread(() => 1 - group.learningRate * weightDecay, p.dtype)) : p
      const g = penalised(x, gradient, this.decoupled ? 0 : weightDecay, maximize)
      const m = average.mul(beta1).add(g.mul(1 - beta1))
      const square = squareAverage.mul(beta2).add(g.mul(1 - beta2).mul(g))
      average.assign(m)
      squareAverage.assign(square)
      const v = amsgrad ? square.maximum(largestSquareAverage) : square
      if (amsgrad) largestSquareAverage.assign(v)
      return x.sub(m.mul(rate).div(v.sqrt().div(rootCorrection).add(eps)))
    }
  }

  protected override update(p: FloatArray, gradient: FloatArray, memory: AdamMemory, group: Group<AdamOptions>): void {
    const { learningRate, betas, eps, amsgrad } = group
    if (amsgrad && memory.largestSquareAverage.length === 0) memory.largestSquareAverage = p.slice().fill(0)
    const beta1 = betas[0]
    const beta2 = betas[1]
    memory.step++
    const { step, average, squareAverage, largestSquareAverage } = memory
    const rate = learningRate / (1 - beta1 ** step)
    const rootCorrection = Math.sqrt(1 - beta2 ** step)
    const { sign, penalty, kept } = decay(group, this.decoupled)
    for (let i = 0; i < p.length; i++) {
      const x = (p[i] as number) * kept
      const g = sign * (gradient[i] as number) + penalty * x
      const m = beta1 * (average[i] as number) + (1 - beta1) * g
      let v = beta2 * (squareAverage[i] as number) + (1 - beta2) * g * g
      average[i] = m
      squareAverage[i] = v
      if (amsgrad) {
        v = Math.max(v, largestSquareAverage[i] as number)
        largestSquareAverage[i] = v
      }
      p[i] = x - (rate * m) / (Math.sqrt(v) / rootCorrection + eps)
    }
  }
}

/**
 * Adam whose weight decay (default: 0.01) multiplies the weights by 1 − learningRate·weightDecay before each step.
 * @example new AdamW(model.parameters(), { learningRate: 0.001, weightDecay: 0.1 })
 */
export class AdamW extends Adam {
  /** @throws DomainError for options unknown or out of range. */
  constructor(parameters: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    checkOptions('AdamW', options, defaults)
    super(parameters, complete<Partial<AdamOptions>>({ weightDecay: 1e-2 }, options))
  }

  protected override get decoupled(): boolean {
    return true
  }
}
