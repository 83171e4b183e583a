import { random, ShapeError, type Value, zeros } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { GRU, LSTM, RNN } from '../../src/index.ts'

const seeded = () => ({ random: random(1) })

describe('recurrent layers', () => {
  test('go on from the state that they gave', () => {
    const x = random(2).normal([6, 2, 3])
    const [start, rest] = x.split([4, 2], 0) as [Value, Value]
    const lstm = new LSTM(3, 4, { layers: 2, ...seeded() })
    const whole = lstm.forward(x)
    const first = lstm.forward(start)
    const second = lstm.forward(rest, first.state)
    expect(second.output.toArray()).toEqual(whole.output.slice([[4]]).toArray())
    expect(second.state.cell.toArray()).toEqual(whole.state.cell.toArray())
    const gru = new GRU(3, 4, seeded())
    const { output, state } = gru.forward(start)
    expect(state.at(0).toArray()).toEqual(output.at(-1).toArray())
    expect(gru.forward(rest, state).output.toArray()).toEqual(
      gru
        .forward(x)
        .output.slice([[4]])
        .toArray(),
    )
  })

  test('have dropout between the layers, in training only', () => {
    const layer = new GRU(3, 4, { layers: 2, dropout: 0.5, ...seeded() })
    const x = random(2).normal([5, 1, 3])
    const once = layer.forward(x).output.toArray()
    expect(layer.forward(x).output.toArray()).not.toEqual(once)
    layer.eval()
    expect(layer.forward(x).output.toArray()).toEqual(layer.forward(x).output.toArray())
    expect(Object.keys(layer.stateDict())).toHaveLength(8)
  })

  test('begin uniform on ±1/√hidden', () => {
    for (const parameter of new LSTM(30, 25, seeded()).parameters()) {
      expect(parameter.abs().max().item()).toBeLessThanOrEqual(0.2)
      expect(parameter.abs().max().item()).toBeGreaterThan(0.19)
    }
  })

  test('say which sequence and which state they take', () => {
    const layer = new RNN(3, 4)
    expect(() => layer.forward(zeros([5, 2, 2]))).toThrow(
      'RNN: it has 3 inputs, got a sequence of shape [5, 2, 2]. Give [steps, batch, inputs], or [steps, inputs] without a batch, of at least one step.',
    )
    expect(() => new GRU(3, 4, { batchFirst: true }).forward([1, 2, 3])).toThrow('Give [batch, steps, inputs], or')
    expect(() => layer.forward(zeros([0, 2, 3]))).toThrow(ShapeError)
    expect(() => layer.forward(zeros([5, 2, 3]), zeros([2, 4]))).toThrow(
      'RNN: the initial state has shape [2, 4]. Give [1, 2, 4]: layers (twice as many if bidirectional), batch, hidden units.',
    )
    expect(() => new LSTM(3, 4).forward(zeros([5, 3]), { hidden: zeros([1, 4]), cell: zeros([1, 1, 4]) })).toThrow(
      'LSTM: the initial state has shape [1, 1, 4]. Give [1, 4]: layers (twice as many if bidirectional), hidden units.',
    )
    const states = [[zeros([1, 4]), zeros([1, 4])], { hidden: zeros([1, 4]) }, null]
    for (const state of states) {
      expect(() => new LSTM(3, 4).forward(zeros([5, 3]), state as never)).toThrow(
        /^LSTM: the initial state is (a list of 2|an object|null)\. Give both parts by name: \{ hidden, cell \}\.$/,
      )
    }
    expect(() => new RNN(3, 0)).toThrow('RNN: the number of hidden units is 0.')
    expect(() => new RNN(3, 1, { activation: 'no' as 'relu' })).toThrow("RNN: there is no activation 'no'.")
  })
})
