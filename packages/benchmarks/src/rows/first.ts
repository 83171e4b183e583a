/** The first gradient of a large scalar program, in a process that has compiled nothing before, and later ones. */
import { value, valueAndGrad } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { adjoint } from '../engine.ts'
import { large } from '../problems/index.ts'
import { countOperations, evaluate } from '../scalars.ts'
import { expectSame, ofOneValue } from './scalar.ts'

export interface FirstRow {
  readonly operations: number
  /** Trace, compile and first call, in ms. */
  readonly cold: number
  /** Of these, re-rolling. */
  readonly rerolling: number
  /** The same for a new compiled function, at best. */
  readonly warm: number
}

const AGAIN = 4

export function measureFirst(): FirstRow {
  const problem = large()
  const x = value(problem.inputs)
  let rerolling: number | undefined
  const once = (): number => {
    const start = performance.now()
    const f = compile(valueAndGrad(ofOneValue(problem)))
    const { value: y, grad } = f(x)
    const milliseconds = performance.now() - start
    rerolling ??= Number(/re-rolling ([\d.]+) ms/.exec(f.explain())?.[1])
    const got = { value: y.item(), gradient: Float64Array.from(grad.data) }
    expectSame('first gradient', got, evaluate(adjoint, problem))
    return milliseconds
  }
  const cold = once()
  const warm = Math.min(...Array.from({ length: AGAIN }, once))
  return { operations: countOperations(problem), cold, rerolling: rerolling ?? Number.NaN, warm }
}
