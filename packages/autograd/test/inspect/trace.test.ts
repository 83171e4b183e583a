import { describe, expect, it } from 'vitest'
import { concat, constant, grad, gt, type Value, value, where } from '../../src/index.ts'
import { trace } from '../../src/inspect/index.ts'
import { chain, micrograd, neuron, regression } from './graphs.ts'

describe('trace', () => {
  it('describes each Value after its inputs, the first inputs first', () => {
    const { y } = neuron()
    expect(trace(y)).toEqual([
      { id: 0, op: 'leaf', args: {}, label: 'w', shape: [], dtype: 'float64', value: [2], inputs: [] },
      { id: 1, op: 'leaf', args: {}, label: 'x', shape: [], dtype: 'float64', value: [-3], inputs: [] },
      { id: 2, op: 'mul', args: {}, shape: [], dtype: 'float64', value: [-6], inputs: [0, 1] },
      { id: 3, op: 'leaf', args: {}, label: 'b', shape: [], dtype: 'float64', value: [6.881373587019543], inputs: [] },
      { id: 4, op: 'add', args: {}, shape: [], dtype: 'float64', value: [6.881373587019543 - 6], inputs: [2, 3] },
      { id: 5, op: 'tanh', args: {}, shape: [], dtype: 'float64', value: [y.item()], inputs: [4] },
    ])
  })

  it('shows the accumulated gradient where a pass has been, and is unchanged otherwise', () => {
    const { y, x } = neuron()
    const before = trace(y)
    y.backward()
    y.backward()
    const after = trace(y)
    expect(after[1]?.gradient).toEqual([x.grad.item()])
    expect(after[5]?.gradient).toEqual([2])
    expect(after.map(({ gradient: _, ...rest }) => rest)).toEqual(before)
  })

  it('shows a gradient that is differentiable itself', () => {
    const x = value(3)
    x.square().backward({ createGraph: true })
    expect(trace(x)[0]?.gradient).toEqual([6])
  })

  it('includes constants, plain numbers and masks', () => {
    const x = value(2, { label: 'x' })
    const y = where(gt(x, 1), x.mul(3), constant(5, { label: 'five' }))
    expect(trace(y).map(({ op, label, value, inputs }) => [op, label ?? '', value, inputs])).toEqual([
      ['constant', '', [1], []],
      ['leaf', 'x', [2], []],
      ['constant', '', [3], []],
      ['mul', '', [6], [1, 2]],
      ['constant', 'five', [5], []],
      ['where', '', [6], [0, 3, 4]],
    ])
  })

  it('keeps the plain arguments, and shortens arrays', () => {
    const x = value([1, 2, 3, 4, 5, 6, 7, 8])
    const nodes = trace(concat([x, x.leakyRelu(0.2)]))
    expect(nodes.map(({ op, args, inputs }) => [op, args, inputs])).toEqual([
      ['leaf', {}, []],
      ['leakyRelu', { slope: 0.2 }, [0]],
      ['concat', expect.objectContaining({ axis: 0 }), [0, 1]],
    ])
    expect(nodes[0]?.value).toEqual([1, 2, 3, 4, 5, 6])
    expect(nodes[2]?.shape).toEqual([16])
  })

  it('counts a number as an input even where it is 0, and no input that is not there', () => {
    const x = value(2)
    expect(trace(x.add(0)).at(-1)?.inputs).toEqual([0, 1])
    expect(trace(x.exp()).at(-1)?.inputs).toEqual([0])
  })

  it('is plain data', () => {
    for (const y of [neuron().y, micrograd().g, regression().loss]) {
      expect(JSON.parse(JSON.stringify(trace(y)))).toEqual(trace(y))
    }
    expect(trace(regression().loss)[0]?.dtype).toBe('float32')
  })

  it('sees through the arguments of a differentiated function', () => {
    const x = value(3, { label: 'x' })
    const ops: string[][] = []
    const f = (u: Value): Value => {
      const y = u.square()
      ops.push(trace(y).map(({ op, label }) => `${op} ${label ?? ''}`.trim()))
      return y
    }
    grad(f)(x)
    grad(f)(3)
    expect(ops).toEqual([
      ['leaf x', 'square'],
      ['argument', 'square'],
    ])
  })

  it('describes a single Value', () => {
    expect(trace(constant([1, 2])).map(({ op }) => op)).toEqual(['constant'])
  })

  it('takes graphs of any size', () => {
    const nodes = trace(chain(100_000))
    expect(nodes.length).toBe(150_001)
    expect(nodes.every(({ id, inputs }) => inputs.every((input) => input < id))).toBe(true)
  })

  it('is linear in the graph, not in its paths', () => {
    let y = value(1)
    for (let i = 0; i < 50; i++) y = y.add(y)
    expect(trace(y)).toHaveLength(51)
    expect(trace(y).at(-1)?.inputs).toEqual([49, 49])
  })
})
