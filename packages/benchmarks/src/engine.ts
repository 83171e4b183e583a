/** Adjoint's scalars, as a user writes them: the package's own functions. */
import { add, div, erf, exp, log, mul, neg, relu, sqrt, square, sub, type Value, value } from '@adjoint/autograd'
import type { Engine } from './scalars.ts'

export const adjoint: Engine<Value> = {
  name: 'adjoint',
  add,
  sub,
  mul,
  div,
  neg,
  square,
  sqrt,
  exp,
  log,
  erf,
  relu,
  leaf: (x) => value(x),
  valueOf: (y) => y.item(),
  backward: (y) => y.backward(),
  gradientOf: (x) => x.grad.item(),
}
