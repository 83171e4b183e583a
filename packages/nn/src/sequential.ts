/** Modules one after the other. */
import { Value } from '@adjoint/autograd'
import { type Activation, type ActivationName, readActivation } from './activation.ts'
import { type Input, readInput } from './input.ts'
import { Module } from './module.ts'

/**
 * Feeds each module's output to the next. Functions of one Value, and names of activations, stand among the modules.
 * Parameters are named by position, as PyTorch does: '0.weight', '0.bias', '2.weight' …
 * @example new Sequential(new Linear(2, 8), 'tanh', new Linear(8, 1))
 */
export class Sequential extends Module {
  readonly modules: readonly (Module | Activation)[]

  /** @throws DomainError for a name that is no activation. */
  constructor(...modules: (Module | Activation | ActivationName)[]) {
    super()
    this.modules = modules.map((part) => (part instanceof Module ? part : readActivation('Sequential', part)))
  }

  protected override parts(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.modules)
  }

  override forward(x: Input): Value {
    const [first] = this.modules
    // The first module reads plain arrays in its own dtype.
    let y: Input = first instanceof Module ? x : readInput(x, this.parameters()[0]?.dtype, 'Sequential')
    for (const part of this.modules) y = part instanceof Module ? part.forward(y) : part(y as Value)
    return y instanceof Value ? y : readInput(y, undefined, 'Sequential')
  }
}
