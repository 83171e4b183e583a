/** Parameter groups: which parameters are updated with which options. */
import { DomainError, Value } from '@adjoint/autograd'
import { show } from '../options.ts'

/** The options that every optimizer has, complete. */
export interface CommonOptions {
  learningRate: number
  /** The L2 penalty: this times the parameter is added to its gradient. */
  weightDecay: number
  /** Climb instead of descend. */
  maximize: boolean
}

/** Parameters that are updated with options of their own; what is not given comes from the optimizer's options. */
export type GroupOf<Options> = Partial<Options> & { readonly parameters: readonly Value[] }

/** A group as the optimizer holds it: every option has a value, and a schedule may change it between steps. */
export type Group<Options> = Options & { readonly parameters: readonly Value[] }

/** What the constructors take: `model.parameters()`, or groups. */
export type Parameters<Options> = readonly Value[] | readonly GroupOf<Options>[]

/** @throws DomainError for no parameters, what is not a parameter, one that is given twice. */
export function readGroups<Options>(name: string, given: Parameters<Options>): readonly GroupOf<Options>[] {
  const list: readonly (Value | GroupOf<Options>)[] = Array.isArray(given) ? given : []
  const groups = list.every(isGroup) ? list : [{ parameters: list } as GroupOf<Options>]
  const all: readonly unknown[] = groups.flatMap((group) => group.parameters)
  if (all.length === 0) {
    throw new DomainError(`${name}: it got no parameters. Give model.parameters(), or groups [{ parameters, … }].`)
  }
  for (const parameter of all) {
    if (parameter instanceof Value && parameter.requiresGrad) continue
    throw new DomainError(
      `${name}: ${parameter instanceof Value ? String(parameter) : show(parameter)} is not a parameter. Give Values that require a gradient, as value(…) makes them: model.parameters().`,
    )
  }
  if (new Set(all).size < all.length) {
    throw new DomainError(`${name}: a parameter is given twice. Name each once, in one group.`)
  }
  return groups
}

function isGroup<Options>(x: Value | GroupOf<Options>): x is GroupOf<Options> {
  return !(x instanceof Value) && typeof x === 'object' && x !== null && Array.isArray(x.parameters)
}
