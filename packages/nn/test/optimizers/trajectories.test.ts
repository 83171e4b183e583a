import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deviation, type Problems, type Reference, trajectory } from './problems.ts'

type Nested = number | Nested[]
interface Full extends Reference {
  readonly loss_before_step: number[]
  readonly params: Nested[][]
}
interface Sparse extends Reference {
  readonly at: Record<string, { readonly loss_before_step: number; readonly params: Nested[] }>
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8')) as T
}
const sample = read<Problems & { trajectories: Full[] }>('optim.sample.json')
const torch = ['optim.torch.json', 'optimizers.torch.json'].flatMap(
  (name) => read<{ trajectories: Sparse[] }>(name).trajectories,
)
const flat = (x: Nested): number[] => (typeof x === 'number' ? [x] : x.flatMap(flat))
const nameOf = ({ optimizer, options, problem }: Reference) => `${optimizer} ${JSON.stringify(options)} ${problem}`

describe('every step of the published sample', () => {
  test.each(sample.trajectories.map((t) => [nameOf(t), t] as const))('%s', (_name, reference) => {
    const steps = trajectory(sample, reference, reference.params.length)
    const { rel_tol: tolerance } = reference
    expect(
      deviation(
        steps.map(({ loss }) => loss),
        reference.loss_before_step,
      ),
    ).toBeLessThanOrEqual(tolerance)
    expect(
      deviation(
        steps.flatMap(({ parameters }) => parameters),
        flat(reference.params),
      ),
    ).toBeLessThanOrEqual(tolerance)
  })
})

describe("PyTorch's steps 1, 10 and the last, for every option of every optimizer", () => {
  test.each(torch.map((t) => [nameOf(t), t] as const))('%s', (_name, reference) => {
    const steps = trajectory(sample, reference, Math.max(...Object.keys(reference.at).map(Number)))
    for (const [step, { loss_before_step: loss, params }] of Object.entries(reference.at)) {
      const found = steps[Number(step) - 1]
      expect(deviation([found?.loss ?? Number.NaN], [loss])).toBeLessThanOrEqual(reference.rel_tol)
      expect(deviation(found?.parameters ?? [Number.NaN], flat(params))).toBeLessThanOrEqual(reference.rel_tol)
    }
  })

  test('they cover all ten', () => {
    const names = 'Adadelta Adagrad Adam AdamW Adamax LBFGS NAdam RAdam RMSprop SGD'.split(' ')
    expect([...new Set(torch.map(({ optimizer }) => optimizer))].sort()).toEqual(names)
  })
})
