import { readFileSync } from 'node:fs'
import { type ArrayLike, constant, type Operand, Value, value } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import * as nn from '../../src/index.ts'

type State = ArrayLike | { readonly hidden: ArrayLike; readonly cell: ArrayLike }

interface TorchCase {
  readonly layer: string
  readonly args: readonly unknown[]
  readonly options: object
  readonly state: Readonly<Record<string, ArrayLike>>
  readonly x: ArrayLike
  readonly eval?: true
  readonly initial?: State
  readonly key?: ArrayLike
  readonly values?: ArrayLike
  readonly mask?: ArrayLike
  readonly causal?: true
  readonly output: ArrayLike
  readonly final?: State
  readonly after?: Readonly<Record<string, ArrayLike>>
  readonly gradients: Readonly<Record<string, ArrayLike>>
}

const { cases } = JSON.parse(readFileSync(new URL('../data/layers.torch.json', import.meta.url), 'utf8')) as {
  cases: TorchCase[]
}

type Layer = nn.Module<Value | nn.Recurrence<State>> & {
  forward(x: Value, ...rest: unknown[]): Value | nn.Recurrence<State>
}
const layers = nn as unknown as Readonly<Record<string, new (...args: unknown[]) => Layer>>

function build({ layer, args, options, state }: TorchCase): Layer {
  const Class = layers[layer] as new (...args: unknown[]) => Layer
  return new Class(...args, options).loadStateDict(state)
}

/** The arguments after x that the case has. */
function rest({ layer, initial, key, values, mask, causal }: TorchCase): unknown[] {
  if (layer === 'MultiHeadAttention') return [key, values, { mask, causal }]
  return layer === 'TransformerEncoderLayer' ? [{ causal }] : [initial]
}

describe("PyTorch's layers: names, outputs, states and gradients", () => {
  test.each(cases.map((c) => [`${c.layer}(${JSON.stringify(c.args)}) ${JSON.stringify(c.options)}`, c] as const))(
    '%s',
    (_name, c) => {
      const module = build(c)
      if (c.eval) module.eval()
      expect(Object.keys(module.stateDict())).toEqual(Object.keys(c.state))
      const x = value(c.x)
      const result = module.forward(x, ...rest(c))
      const output = result instanceof Value ? result : result.output
      expectNear(output, c.output)
      if (!(result instanceof Value)) expectState(result.state, c.final as State)
      output.square().sum().backward()
      const named = new Map([...module.namedParameters(), ['x', x] as const])
      for (const [name, gradient] of Object.entries(c.gradients)) expectNear((named.get(name) as Value).grad, gradient)
      for (const [name, after] of Object.entries(c.after ?? {})) expectNear(module.stateDict()[name] as Value, after)
    },
  )
})

function expectState(got: State, expected: State): void {
  if (typeof expected === 'object' && 'hidden' in expected) {
    const { hidden, cell } = got as unknown as nn.LSTMState
    expectNear(hidden, expected.hidden)
    expectNear(cell, expected.cell)
  } else expectNear(got as Operand, expected)
}

function expectNear(got: Operand, expected: ArrayLike): void {
  const [a, b] = [constant(got), constant(expected)]
  expect(a.shape).toEqual(b.shape)
  const scale = Math.max(1, ...b.data.map(Math.abs))
  a.data.forEach((x, i) => {
    expect(Math.abs(x - (b.data[i] as number)) / scale).toBeLessThan(1e-12)
  })
}
