/** From a function and arguments to a program that gives the same. */
import { type Begun, type Derivation, derivationOf } from '../../transforms/derived.ts'
import { flatten } from '../trace/flat.ts'
import { goOn, type Recording, record } from '../trace/recording.ts'
import { seal } from '../trace/seal.ts'
import { bindArrays } from './arrays.ts'
import type { Binding, Target } from './binding.ts'
import { bindGradient, bindValues } from './scalars.ts'
import { Times } from './times.ts'
import { Wanted } from './wanted.ts'

type Fn = (...args: never[]) => unknown

/** Calls the function once. */
export function bind(f: Fn, args: readonly unknown[], target: Target): Binding {
  const derivation = derivationOf(f)
  if (derivation !== undefined) return bindDerivative(derivation, args, target)
  const times = new Times()
  const recording = times.of('tracing', () => record(f, args))
  const flat = times.of('flattening', () => flatten(recording, false))
  return sealed(recording, (flat && bindValues(recording, flat, times, target)) ?? bindArrays(recording, target))
}

/** The gradient of a scalar program is made of the program: its loops are found before they are differentiated. */
function bindDerivative(derivation: Derivation, args: readonly unknown[], target: Target): Binding {
  const times = new Times()
  const begin = (...standIns: readonly unknown[]) => derivation.begin(standIns)
  const recording = times.of('tracing', () => record(begin, args))
  const { finish } = recording.result as Begun
  const flat = times.of('flattening', () => flatten(recording, true))
  const scalar = flat && bindGradient(recording, flat, new Wanted(derivation, args, recording, flat), times, target)
  return sealed(recording, scalar ?? bindArrays(goOn(recording, finish), target))
}

function sealed(recording: Recording, binding: Binding): Binding {
  seal(recording)
  return binding
}
