/** Optimizers whose rule is part of the program: the same steps, and one memory, compiled and operation by operation. */
import { type DType, random, type Value, value } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { describe, expect, test } from 'vitest'
import { Adam, AdamW, type OptimizerState, RMSprop, SGD } from '../../src/index.ts'

interface Stepper {
  step(): unknown
  zeroGrad(): void
  stateDict(): OptimizerState
  loadStateDict(state: OptimizerState): unknown
}
type Make = (parameters: readonly Value[]) => Stepper

const rules: readonly (readonly [string, Make])[] = [
  ['SGD', (p) => new SGD(p, { learningRate: 0.1 })],
  ['SGD, weight decay, up', (p) => new SGD(p, { learningRate: 0.1, weightDecay: 0.1, maximize: true })],
  ['SGD, momentum', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9 })],
  ['SGD, Nesterov', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
  ['SGD, dampening', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.5 })],
  ['Adam', (p) => new Adam(p, { learningRate: 0.1 })],
  ['Adam, weight decay, up', (p) => new Adam(p, { learningRate: 0.1, weightDecay: 0.1, maximize: true })],
  ['Adam, amsgrad', (p) => new Adam(p, { learningRate: 0.1, amsgrad: true, betas: [0.5, 0.6], eps: 1e-3 })],
  ['AdamW', (p) => new AdamW(p, { learningRate: 0.1, weightDecay: 0.1 })],
  ['RMSprop', (p) => new RMSprop(p, { learningRate: 0.1 })],
  ['RMSprop, momentum, weight decay', (p) => new RMSprop(p, { momentum: 0.9, weightDecay: 0.1, alpha: 0.5 })],
  ['RMSprop, centered, up', (p) => new RMSprop(p, { centered: true, alpha: 0.5, maximize: true })],
]

/** Some steps down a bowl that is pulled about; `kinds` says which are compiled. */
function descend(make: Make, dtype: DType, kinds: readonly boolean[]): { numbers: number[]; state: OptimizerState } {
  const stream = random(3)
  const parameters = [[5], [2, 3], []].map((shape) => value(stream.normal(shape, 0, 1, { dtype })))
  const optimizer = make(parameters)
  const eager = (pull: Value): Value => {
    optimizer.zeroGrad()
    const loss = parameters.map((p) => p.sub(pull).square().sum()).reduce((sum, part) => sum.add(part))
    loss.backward()
    optimizer.step()
    return loss
  }
  const compiled = compile(eager)
  const early = optimizer.stateDict()
  const take = (kind: boolean, i: number): number => {
    const found = (kind ? compiled : eager)(value(Math.sin(i), { dtype })).item()
    // Halfway all is forgotten, by both kinds.
    if (i === 5) optimizer.loadStateDict(early)
    return found
  }
  const losses = kinds.map(take)
  return {
    numbers: [...losses, ...parameters.flatMap(({ data }) => Array.from(data))],
    state: optimizer.stateDict(),
  }
}

const flat = ({ parameters }: OptimizerState): number[] =>
  parameters.flatMap((memory) => Object.values(memory ?? {}).flat())

const STEPS = 10
const orders = {
  'all compiled': () => true,
  'compiled after some steps': (i: number) => i > 2,
  'by turns': (i: number) => i % 2 === 0,
} satisfies Record<string, (i: number) => boolean>

describe.each(rules)('%s', (_name, make) => {
  describe.each(['float64', 'float32'] as const)('%s', (dtype) => {
    test.each(Object.entries(orders))('%s', (_order, kindOf) => {
      const kinds = Array.from({ length: STEPS }, (_, i) => kindOf(i))
      const wanted = descend(
        make,
        dtype,
        kinds.map(() => false),
      )
      const got = descend(make, dtype, kinds)
      const digits = dtype === 'float64' ? 12 : 4
      expect(got.numbers).toEqual(wanted.numbers.map((x) => expect.closeTo(x, digits)))
      // Memory that a rule does not use may be absent from the one and 0 in the other.
      const filled = (x: readonly number[]): number[] => x.filter((number) => number !== 0)
      expect(filled(flat(got.state))).toEqual(filled(flat(wanted.state)).map((x) => expect.closeTo(x, digits)))
      expect(got.state.groups).toEqual(wanted.state.groups)
    })
  })
})

test('a state that a program left starts another optimizer where this one is', () => {
  const run = (change: boolean): number => {
    const p = value([1, -2])
    let optimizer = new Adam([p], { learningRate: 0.1 })
    const stepOf = (): (() => unknown) =>
      compile(() => {
        optimizer.zeroGrad()
        p.square().sum().backward()
        optimizer.step()
      })
    let step = stepOf()
    for (let i = 0; i < 4; i++) {
      if (change && i === 2) {
        const state = optimizer.stateDict()
        expect(state.parameters[0]).toMatchObject({ step: 2 })
        optimizer = new Adam([p]).loadStateDict(state)
        step = stepOf()
      }
      step()
    }
    return p.data[1] as number
  }
  expect(run(true)).toBe(run(false))
})

test('the rule is in the program, the options are followed', () => {
  const p = value([1, 2])
  const optimizer = new Adam([p], { learningRate: 0.1 })
  const step = compile(() => {
    optimizer.zeroGrad()
    p.square().sum().backward()
    optimizer.step()
  })
  step()
  expect(step.explain()).toContain('sqrt')
  expect(step.explain()).not.toContain('update')
  expect(step.programs).toBe(1)
  Object.assign(optimizer.groups[0] ?? {}, { learningRate: 0 })
  const before = p.toArray()
  step()
  expect(p.toArray()).toEqual(before)
  Object.assign(optimizer.groups[0] ?? {}, { learningRate: 1, eps: 1e300 })
  step()
  expect(p.toArray()).toEqual(before)
})

test.each(rules)('several steps in one program: %s', (_name, make) => {
  const run = (compiled: boolean): number[] => {
    const p = value([1, -2, 3])
    const optimizer = make([p])
    const eager = (pull: Value): Value[] =>
      [1, 2, 3].map((k) => {
        optimizer.zeroGrad()
        const loss = p.sub(pull).square().mul(k).sum()
        loss.backward()
        optimizer.step()
        return loss
      })
    const steps = compiled ? compile(eager) : eager
    return [0.5, -0.5].flatMap((pull) => [...steps(value(pull)).map((loss) => loss.item()), ...p.data])
  }
  // Edits are made when everything is computed.
  if (_name === 'SGD, dampening') expect(() => run(true)).toThrow('make two compiled functions')
  else expect(run(true)).toEqual(run(false).map((x) => expect.closeTo(x, 10)))
})

test('a rule of your own counts, whatever it is derived from', () => {
  class Plain extends Adam {
    protected override update(p: Float64Array, gradient: Float64Array): void {
      for (const [i, g] of gradient.entries()) p[i] = (p[i] ?? 0) - g
    }
  }
  const p = value([1, 2])
  const optimizer = new Plain([p])
  const step = compile(() => {
    optimizer.zeroGrad()
    p.square().sum().backward()
    optimizer.step()
  })
  step()
  expect(p.toArray()).toEqual([-1, -2])
})

test.each(['Adam', 'RMSprop'] as const)('%s: large gradients in float32 do not overflow', (name) => {
  const run = (compiled: boolean): number[] => {
    const p = value([1, 2], { dtype: 'float32' })
    const optimizer = name === 'Adam' ? new Adam([p], { learningRate: 0.5 }) : new RMSprop([p], { learningRate: 0.5 })
    const eager = (): void => {
      optimizer.zeroGrad()
      p.mul(1e20).sum().backward()
      optimizer.step()
    }
    const step = compiled ? compile(eager) : eager
    step()
    step()
    return Array.from(p.data)
  }
  expect(run(true)).toEqual(run(false).map((x) => expect.closeTo(x, 5)))
})
