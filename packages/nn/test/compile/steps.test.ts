/** A training step as one program gives what it gives operation by operation. */
import type { Value } from '@adjoint/autograd'
import { compile } from '@adjoint/autograd/compile'
import { describe, expect, test } from 'vitest'
import { clipGradNorm, clipGradValue, LBFGS, type Module } from '../../src/index.ts'
import { losses, type Model, models, optimizers, rowsOf, targetOf } from './zoo.ts'

interface Stepper {
  step(): unknown
  zeroGrad(): void
}
type Parameters = ReturnType<Module['parameters']>
type Clip = (parameters: Parameters) => void

/** The losses of five steps, and all numbers of the model after them. */
function fiveSteps(
  { make, x }: Model,
  loss: keyof typeof losses,
  begin: (parameters: Parameters) => Stepper,
  compiled: boolean,
  clip: Clip = () => {},
): number[] {
  const model = make()
  const parameters = model.parameters()
  const optimizer = begin(parameters)
  const eager = (input: Value, target: Value): Value => {
    optimizer.zeroGrad()
    const found = losses[loss]?.(rowsOf(model.forward(input)), target) as Value
    found.backward()
    clip(parameters)
    optimizer.step()
    return found
  }
  const target = targetOf(loss, rowsOf(make().eval().forward(x)))
  const step = compiled ? compile(eager) : eager
  const found = Array.from({ length: 5 }, () => step(x, target).item())
  const slopes = parameters.flatMap(({ grad }) => Array.from(grad.data))
  return [...found, ...slopes, ...Object.values(model.stateDict()).flatMap(({ data }) => Array.from(data))]
}

function expectSame(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length)
  expect(got.every(Number.isFinite)).toBe(true)
  expect(Math.max(...got.map((x, i) => Math.abs(x - (wanted[i] as number))))).toBeLessThan(1e-10)
}

const both = (...args: [Model, string, (parameters: Parameters) => Stepper, Clip?]): void => {
  const [model, loss, begin, clip] = args
  expectSame(fiveSteps(model, loss, begin, true, clip), fiveSteps(model, loss, begin, false, clip))
}

describe.each(Object.entries(models))('%s', (_name, model) => {
  test.each(Object.keys(losses))('%s', (loss) => both(model, loss, optimizers.SGD))
})

describe.each(Object.entries(optimizers))('%s', (_name, begin) => {
  test.each(Object.keys(losses))('%s', (loss) => both(models.MLP as Model, loss, begin))
})

test.each<readonly [string, Clip]>([
  ['clipGradNorm', (parameters) => clipGradNorm(parameters, 0.1)],
  ['clipGradNorm by the cubes', (parameters) => clipGradNorm(parameters, 0.1, { ord: 3 })],
  ['clipGradValue', (parameters) => clipGradValue(parameters, 0.02)],
])('%s', (_name, clip) => both(models.MLP as Model, 'mseLoss', optimizers.Adam, clip))

test('LBFGS asks a program for the loss and the gradient', () => {
  const run = (compiled: boolean): number[] => {
    const { make, x } = models.MLP as Model
    const model = make()
    const optimizer = new LBFGS(model.parameters(), { lineSearch: 'strongWolfe' })
    const target = targetOf('mseLoss', rowsOf(model.forward(x)))
    const eager = (): Value => {
      optimizer.zeroGrad()
      const loss = losses.mseLoss?.(rowsOf(model.forward(x)), target) as Value
      loss.backward()
      return loss
    }
    const closure = compiled ? compile(eager) : eager
    return [0, 1].map(() => optimizer.step(closure).item())
  }
  expectSame(run(true), run(false))
})

test('the norm before clipping is a result of the program', () => {
  const run = (compiled: boolean): number => {
    const { make, x } = models.Linear as Model
    const model = make()
    const eager = (input: Value): Value | number => {
      model.zeroGrad()
      rowsOf(model.forward(input)).sum().backward()
      return clipGradNorm(model.parameters(), 0.1)
    }
    const norm: unknown = (compiled ? compile(eager) : eager)(x)
    return typeof norm === 'number' ? norm : (norm as Value).item()
  }
  expectSame([run(true)], [run(false)])
})

test('one program follows the options and the memory of its optimizer', () => {
  const run = (compiled: boolean): number[] => {
    const { make, x } = models.MLP as Model
    const model = make()
    const optimizer = optimizers.Adam(model.parameters())
    const eager = (input: Value): Value => {
      optimizer.zeroGrad()
      const loss = rowsOf(model.forward(input)).square().mean()
      loss.backward()
      optimizer.step()
      return loss
    }
    const step = compiled ? compile(eager) : eager
    const losses = [step(x).item()]
    const early = optimizer.stateDict()
    losses.push(step(x).item())
    Object.assign(optimizer.groups[0] ?? {}, { learningRate: 0.2, betas: [0.5, 0.9], maximize: true })
    losses.push(step(x).item())
    optimizer.loadStateDict(early)
    return [...losses, step(x).item(), step(x).item()]
  }
  expectSame(run(true), run(false))
})
