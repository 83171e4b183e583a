/** What the recurrent layers share: weights of each layer, the walk over the steps, the state that is carried along. */
import { concat, constant, isCompiling, linear, ShapeError, scan, stack, type Value, zeros } from '@adjoint/autograd'
import { defaultRandom } from '../init.ts'
import { uniform } from '../initializers.ts'
import { type Input, readInput, showShape } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, type Names } from '../options.ts'
import { checkSize, checkWeights, draw, type WeightOptions, weightOptions } from '../units.ts'
import { Dropout } from './dropout.ts'

/** Of `WeightOptions`, `init` begins the weights and the biases; default: uniform on ±1/√hidden, as in PyTorch. */
export interface RecurrentOptions extends WeightOptions {
  /** Layers on top of each other. Default: 1. */
  readonly layers?: number
  /** Whether sequences are [batch, steps, inputs]. Default: false, [steps, batch, inputs], as in PyTorch. */
  readonly batchFirst?: boolean
  /** The probability of dropout between the layers, in training. Default: 0. */
  readonly dropout?: number
  /** Whether a second set of weights runs from the last step to the first. Default: false. */
  readonly bidirectional?: boolean
}

export const recurrentOptions: Names<RecurrentOptions> = {
  layers: true,
  batchFirst: true,
  dropout: true,
  bidirectional: true,
  ...weightOptions,
}

export interface Recurrence<State> {
  /** What the last layer gave at each step. */
  readonly output: Value
  /** What all layers carry on, after the last step: the initial state of what follows. */
  readonly state: State
}

/** The weights of one layer in one direction: input to gates, hidden to gates. */
export interface CellWeights {
  /** [gates · hidden, inputs] */
  readonly ih: Value
  /** [gates · hidden, hidden] */
  readonly hh: Value
  /** [gates · hidden], both */
  readonly biasIh: Value | undefined
  readonly biasHh: Value | undefined
}

/** One layer in one direction. */
interface Direction {
  readonly begin: readonly Value[]
  readonly weights: CellWeights
  readonly reverse: boolean
}

/** What it gave at each step, in the order of the sequence, and the state that it left. */
interface Outcome {
  readonly outputs: readonly Value[]
  readonly end: readonly Value[]
}

/** A kind of recurrent layer is written by its `step`, and by how its state looks from outside. */
export abstract class Recurrent<State> extends Module<Recurrence<State>> {
  readonly inputs: number
  readonly hidden: number
  readonly layers: number
  readonly batchFirst: boolean
  readonly bidirectional: boolean
  /** Layer by layer; of each, forwards then backwards. */
  readonly cells: readonly CellWeights[]
  private readonly dropout: Dropout

  /** @param names The options that there are. */
  constructor(
    inputs: number,
    hidden: number,
    gates: number,
    options: RecurrentOptions,
    names: object = recurrentOptions,
  ) {
    super()
    checkOptions(this.name, options, names)
    checkWeights(this.name, options)
    const { layers = 1, batchFirst = false, dropout = 0, bidirectional = false, random = defaultRandom() } = options
    this.inputs = checkSize(this.name, 'inputs', inputs)
    this.hidden = checkSize(this.name, 'hidden units', hidden)
    this.layers = checkSize(this.name, 'layers', layers)
    this.batchFirst = batchFirst
    this.bidirectional = bidirectional
    this.dropout = new Dropout(dropout, { random })
    const ways = bidirectional ? 2 : 1
    this.cells = Array.from({ length: layers * ways }, (_, i) =>
      drawCell(this.name, i < ways ? inputs : hidden * ways, hidden, gates, { ...options, random }),
    )
  }

  private get name(): string {
    return this.constructor.name
  }

  /** The new parts of the state, [batch, hidden] each, from the input [batch, inputs] and the old ones; the first is the output. */
  protected abstract step(x: Value, state: readonly Value[], weights: CellWeights): readonly Value[]

  /** The parts of a state as it was given; without one, as many undefined. */
  protected abstract partsOf(state: unknown): readonly (Input | undefined)[]

  /** The state as it is given back. */
  protected abstract stateOf(parts: readonly Value[]): State

  /** PyTorch's names: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_ih_l0_reverse … */
  protected override parts(): readonly (readonly [string, unknown])[] {
    const ways = this.bidirectional ? 2 : 1
    const named = this.cells.flatMap(({ ih, hh, biasIh, biasHh }, i) => {
      const place = `l${Math.floor(i / ways)}${i % ways === 1 ? '_reverse' : ''}`
      return [
        [`weight_ih_${place}`, ih],
        [`weight_hh_${place}`, hh],
        [`bias_ih_${place}`, biasIh],
        [`bias_hh_${place}`, biasHh],
      ] as const
    })
    return [...named, ['dropout', this.dropout]]
  }

  protected override exampleInput(): Value {
    return zeros([1, 1, this.inputs], { dtype: this.cells[0]?.ih.dtype ?? 'float64' })
  }

  /** Runs all layers over a sequence; every kind of layer gives it its types. */
  protected run(x: Input, state: unknown): Recurrence<State> {
    const given = readInput(x, this.cells[0]?.ih.dtype, this.name)
    const batched = given.rank === 3
    if ((!batched && given.rank !== 2) || given.shape[given.rank - 1] !== this.inputs) throw this.misfit(given)
    // Inside, everything is [steps, batch, …].
    const swap = batched && this.batchFirst
    const sequence = batched ? ordered(given, swap) : given.unsqueeze(1)
    const [steps = 0, batch = 0] = sequence.shape
    if (steps === 0) throw this.misfit(given)
    const parts = this.partsOf(state).map((part) => this.readState(part, batch, batched, given))

    // A list of the steps; or, compiled, of one array that holds them all, for a loop in the program.
    const whole = isCompiling()
    let line: readonly Value[] = whole ? [sequence] : Array.from({ length: steps }, (_, t) => sequence.at(t))
    const ways = this.bidirectional ? 2 : 1
    const ends: (readonly Value[])[] = []
    for (let layer = 0; layer < this.layers; layer++) {
      if (layer > 0) line = line.map((h) => this.dropout.forward(h))
      const runs = this.cells.slice(layer * ways, (layer + 1) * ways).map((weights, way) => {
        const begin = parts.map((part) => part.at(layer * ways + way))
        const run = { begin, weights, reverse: way === 1 }
        const { outputs, end } = whole ? this.loop(line[0] as Value, run) : this.unroll(line, run)
        ends.push(end)
        return outputs
      })
      const [first = [], second] = runs
      line = second === undefined ? first : first.map((h, t) => concat([h, second[t] as Value], -1))
    }
    const output = whole ? ordered(line[0] as Value, swap) : stack(line, swap ? 1 : 0)
    const final = parts.map((_, p) =>
      stack(
        ends.map((end) => end[p] as Value),
        0,
      ),
    )
    if (batched) return { output, state: this.stateOf(final) }
    return { output: output.squeeze(1), state: this.stateOf(final.map((part) => part.squeeze(1))) }
  }

  /** Step by step, as fast as it goes without a program: no step runs again for the gradient. */
  private unroll(line: readonly Value[], { begin, weights, reverse }: Direction): Outcome {
    let state = begin
    const outputs = (reverse ? line.toReversed() : line).map((x) => {
      state = this.step(x, state, weights)
      return state[0] as Value
    })
    return { outputs: reverse ? outputs.toReversed() : outputs, end: state }
  }

  /** The same as one loop of the program, which is as long for many steps as for few. */
  private loop(sequence: Value, { begin, weights, reverse }: Direction): Outcome {
    const step = (state: readonly Value[], x: Value): { carry: readonly Value[]; y: Value } => {
      const carry = this.step(x, state, weights)
      return { carry, y: carry[0] as Value }
    }
    // Its state has one dtype from the first step on: that of what all of this comes to.
    const wide = [sequence, weights.ih, weights.hh, ...begin].some(({ dtype }) => dtype === 'float64')
    const init = wide ? begin.map((part) => (part.dtype === 'float64' ? part : part.mul(constant(1)))) : begin
    const { carry, ys } = scan(step, init, sequence, { reverse })
    return { outputs: [ys], end: carry }
  }

  /** One part of the initial state, [layers · ways, batch, hidden]; zeros if none is given. */
  private readState(part: Input | undefined, batch: number, batched: boolean, { dtype }: Value): Value {
    const inner = [this.cells.length, batch, this.hidden]
    if (part === undefined) return zeros(inner, { dtype })
    const expected = batched ? inner : [this.cells.length, this.hidden]
    const given = readInput(part, dtype, this.name)
    if (given.rank === expected.length && given.shape.every((n, axis) => n === expected[axis])) {
      return batched ? given : given.unsqueeze(1)
    }
    throw new ShapeError(
      `${this.name}: the initial state has shape ${showShape(given.shape)}. Give ${showShape(expected)}: layers (twice as many if bidirectional)${batched ? ', batch' : ''}, hidden units.`,
    )
  }

  private misfit({ shape }: Value): ShapeError {
    const order = this.batchFirst ? '[batch, steps, inputs]' : '[steps, batch, inputs]'
    return new ShapeError(
      `${this.name}: it has ${this.inputs} inputs, got a sequence of shape ${showShape(shape)}. Give ${order}, or [steps, inputs] without a batch, of at least one step.`,
    )
  }
}

/** The steps first, or the batch. */
function ordered(x: Value, swap: boolean): Value {
  return swap ? x.transpose([1, 0, 2]) : x
}

/** x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh: what every gate sees of the input and of the state. */
export function gateSums(x: Value, h: Value, { ih, hh, biasIh, biasHh }: CellWeights): Value {
  return linear(x, ih, biasIh).add(linear(h, hh, biasHh))
}

function drawCell(
  owner: string,
  inputs: number,
  hidden: number,
  gates: number,
  { bias = true, init, random = defaultRandom(), dtype = 'float64' }: WeightOptions,
): CellWeights {
  const bound = 1 / Math.sqrt(hidden)
  const begin = init ?? uniform(-bound, bound)
  const cell = (...shape: number[]): Value => draw(owner, begin, shape, random, dtype)
  const rows = gates * hidden
  const [ih, hh] = [cell(rows, inputs), cell(rows, hidden)]
  return { ih, hh, biasIh: bias ? cell(rows) : undefined, biasHh: bias ? cell(rows) : undefined }
}
