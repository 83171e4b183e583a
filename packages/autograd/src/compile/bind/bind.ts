/** From a function and arguments to a program that gives the same. */
import { DomainError } from '../../errors.ts'
import { type Derivation, derivationOf } from '../../transforms/derived.ts'
import { valuesOf } from '../../transforms/structure.ts'
import { flatten } from '../trace/flat.ts'
import { record } from '../trace/recording.ts'
import { bindArrays } from './arrays.ts'
import type { Binding, Target } from './binding.ts'
import { agrees } from './check.ts'
import { bindGradient, bindValues, type Chosen } from './scalars.ts'

type Fn = (...args: never[]) => unknown

export function bind(f: Fn, args: readonly unknown[], target: Target): Binding {
  const derivation = derivationOf(f)
  const scalar = derivation === undefined ? undefined : bindDerivative(f, derivation, args, target)
  if (scalar !== undefined) return scalar
  const recording = record(f, args)
  const flat = flatten(recording, false)
  const rolled = flat === undefined ? undefined : bindValues(recording, flat, target)
  if (rolled !== undefined && agrees(f, args, rolled)) return rolled
  return bindArrays(recording, target)
}

/** The gradient of a scalar program is made of the program: its loops are found before they are differentiated. */
function bindDerivative(f: Fn, derivation: Derivation, args: readonly unknown[], target: Target): Binding | undefined {
  const recording = record(derivation.f, args)
  const flat = recording.outputs.length === 1 ? flatten(recording, true) : undefined
  if (flat === undefined) return undefined
  const rolled = bindGradient(recording, flat, chosenOf(derivation, args), target)
  return rolled !== undefined && agrees(f, args, rolled) ? rolled : undefined
}

function chosenOf(derivation: Derivation, args: readonly unknown[]): Chosen {
  const { argument } = derivation
  const list = typeof argument === 'number' ? [argument] : argument
  let next = 0
  const places = args.map((arg) => valuesOf('compile', arg).map(() => next++))
  return {
    derivation,
    arguments: list.map((index) => {
      if (index < 0 || index >= args.length) throw new DomainError(`compile: there is no argument ${index}.`)
      return { structure: args[index], places: places[index] ?? [] }
    }),
  }
}
