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
  /** How long each stage took, as explain() tells it. */
  readonly stages: string
  /** The same for a new compiled function, at best. */
  readonly warm: number
}

const AGAIN = 4

export function measureFirst(): FirstRow {
  const problem = large()
  const x = value(problem.inputs)
  let stages: string | undefined
  const once = (): number => {
    const start = performance.now()
    const f = compile(valueAndGrad(ofOneValue(problem)))
    const { value: y, grad } = f(x)
    const milliseconds = performance.now() - start
    stages ??= /^times: (.*)$/m.exec(f.explain())?.[1] ?? ''
    const got = { value: y.item(), gradient: Float64Array.from(grad.data) }
    expectSame('first gradient', got, evaluate(adjoint, problem))
    return milliseconds
  }
  const cold = once()
  const warm = Math.min(...Array.from({ length: AGAIN }, once))
  const rerolling = Number(/re-rolling ([\d.]+) ms/.exec(stages ?? '')?.[1])
  return { operations: countOperations(problem), cold, rerolling, stages: stages ?? '', warm }
}
