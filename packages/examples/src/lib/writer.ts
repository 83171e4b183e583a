/** A network that reads and writes names, letter by letter. */
import { constant, noGrad, type Random, type Value, zeros } from '@adjoint/autograd'
import { crossEntropyLoss, Embedding, type Examples, GRU, type Input, Linear, Module } from '@adjoint/nn'

/** The place of a letter here is its number; a name begins and ends with the first of them. */
const letters = '.abcdefghijklmnopqrstuvwxyz'
/** Beyond the end of a name. The loss does not count such places. */
const nothing = -1

/** It says which letter comes next; what it has read so far it keeps in the state of its gated recurrent unit. */
export class Writer extends Module {
  readonly vectors: Embedding
  readonly memory: GRU
  readonly scores: Linear

  constructor(random: Random, hidden = 64) {
    super()
    const options = { dtype: 'float32', random } as const
    this.vectors = new Embedding(letters.length, 16, options)
    this.memory = new GRU(16, hidden, { ...options, batchFirst: true })
    this.scores = new Linear(hidden, letters.length, options)
  }

  /** From letters [names, places] and the state so far to scores [names, places, letters] and the state after them. */
  read(x: Input, before?: Value): { readonly scores: Value; readonly state: Value } {
    const { output, state } = this.memory.forward(this.vectors.forward(x), before)
    return { scores: this.scores.forward(output), state }
  }

  override forward(x: Input): Value {
    return this.read(x).scores
  }
}

/** Of each name what is read, '.ada', and what comes next at each place, 'ada.'; short names are filled up. */
export function lettersOf(names: readonly string[], places: number): Examples {
  const numbers = (text: string, rest: number): number[] =>
    Array.from({ length: places }, (_, i) => (i < text.length ? letters.indexOf(text.charAt(i)) : rest))
  return {
    x: constant(names.map((name) => numbers(`.${name.toLowerCase()}`, 0))),
    y: constant(names.map((name) => numbers(`${name.toLowerCase()}.`, nothing))),
  }
}

/** The mean of −log of the probability of the right letter. */
export const letterLoss = (scores: Value, truth: Value): Value =>
  crossEntropyLoss(scores.reshape([truth.size, letters.length]), truth.flatten(), { ignoreIndex: nothing })

/** Names that the network makes up, in so many letters at most. A lower temperature plays safe. */
export function write(model: Writer, count: number, random: Random, temperature = 0.7, longest = 14): string[] {
  let last = zeros([count, 1])
  let state: Value | undefined
  let names = new Array<string>(count).fill('')
  for (let i = 0; i < longest; i++) {
    const read = noGrad(() => model.read(last, state))
    state = read.state
    // The largest of the scores, each plus −log(−log u), is a letter drawn by its softmax probability: Gumbel 1954.
    const noise = random.uniform([count, letters.length]).log().neg().log().neg()
    const drawn = read.scores.squeeze(1).div(temperature).add(noise).argmax({ axis: 1 })
    names = names.map((name, k) => (name.endsWith('.') ? name : name + letters.charAt(drawn.data[k] ?? 0)))
    last = drawn.unsqueeze(1)
  }
  return names.map((name) => name.replace('.', '').replace(/^./, (letter) => letter.toUpperCase()))
}
