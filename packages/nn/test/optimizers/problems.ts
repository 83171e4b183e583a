/** The problems of the reference trajectories, and the optimizers under PyTorch's names. */
import { type Value, value } from '@adjoint/autograd'
import { Adadelta, Adagrad, Adam, Adamax, AdamW, LBFGS, NAdam, RAdam, RMSprop, SGD } from '../../src/index.ts'

type Nested = number | readonly Nested[]

export interface Reference {
  readonly optimizer: string
  readonly options: Readonly<Record<string, unknown>>
  readonly problem: string
  readonly rel_tol: number
}

export interface Problems {
  readonly data: { readonly X: readonly (readonly number[])[]; readonly Y: readonly number[] }
  readonly problems: Readonly<Record<string, { readonly start: readonly Nested[] }>>
}

/** The formulas are stated in optim.sample.json. */
function lossOf(name: string, { X, Y }: Problems['data'], parameters: readonly Value[]): Value {
  const [p, q, r] = parameters as [Value, Value, Value]
  if (name === 'quad' || name === 'rosen') {
    const [x0, x1] = [p.at(0), p.at(1)]
    if (name === 'quad') return x0.square().add(x1.square().mul(10)).add(x0.mul(x1).mul(3)).mul(0.5)
    return x0.neg().add(1).square().add(x1.sub(x0.square()).square().mul(100))
  }
  if (name === 'mlp') return q.add(timesX(X, p)).tanh().matmul(r).sub(Y).square().mean()
  const sign = Y.map((y) => Math.sign(y + 0.01))
  return timesX(X, p).add(q).mul(sign).neg().softplus().mean().add(p.square().sum().mul(0.005))
}

function timesX(X: Problems['data']['X'], w: Value): Value {
  return value(X).detach().matmul(w)
}

const optimizers = { SGD, Adagrad, Adadelta, RMSprop, Adam, AdamW, Adamax, NAdam, RAdam, LBFGS }

const special: Readonly<Record<string, string>> = { lr: 'learningRate', line_search_fn: 'lineSearch' }

function camelCase(options: Reference['options']): object {
  const rename = (name: string): string =>
    name in special
      ? (special[name] as string)
      : name.replace(/^lr_/, 'learning_rate_').replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
  return Object.fromEntries(
    Object.entries(options).map(([name, x]) => [rename(name), x === 'strong_wolfe' ? 'strongWolfe' : x]),
  )
}

/** The loss before and the parameters after each of so many steps. */
export function trajectory(all: Problems, { optimizer, options, problem }: Reference, steps: number) {
  const parameters = (all.problems[problem]?.start ?? []).map((start) => value(start))
  const method = new optimizers[optimizer as keyof typeof optimizers](parameters, camelCase(options))
  const closure = (): Value => {
    method.zeroGrad()
    const found = lossOf(problem, all.data, parameters)
    found.backward()
    return found
  }
  return Array.from({ length: steps }, () => {
    const loss = method.step(closure)
    return { loss: loss?.item() ?? Number.NaN, parameters: parameters.flatMap((p) => Array.from(p.data)) }
  })
}

/** The largest relative deviation; numbers near 0 are measured against 1e-3. */
export function deviation(got: readonly number[], expected: readonly number[]): number {
  return Math.max(
    ...got.map((g, i) => Math.abs(g - (expected[i] as number)) / Math.max(Math.abs(expected[i] as number), 1e-3)),
  )
}
