/** One neuron of a network, taken out to look at. */
import { value } from '@adjoint/autograd'
import { graphSvg } from '../lib/graph.ts'
import type { Learned } from './learn.ts'

/**
 * A hidden neuron of a network of tanh units, as it answers to the first example of the test part, number by number:
 * the graph of tanh(b + w1·x1 + w2·x2 + …), with the slope of the answer at every node. Of all neurons it is the one
 * that is least sure: where tanh is flat there is little to see.
 */
export async function neuronSvg({ model, parts, scale }: Learned): Promise<string> {
  const [layer] = model.layers
  if (layer?.bias === undefined) throw new Error('the network has no layer with a bias')
  const input = scale(parts.test.x).at(0)
  const neuron = layer.forward(input).abs().argmin().item()
  const products = Array.from(layer.weight.at(neuron).data, (weight, i) => {
    const x = value(input.at(i).item(), { label: `x${i + 1}` })
    return value(weight, { label: `w${i + 1}` }).mul(x)
  })
  const bias = value(layer.bias.at(neuron).item(), { label: 'b' })
  const sum = products.reduce((total, product) => total.add(product), bias)
  const answer = sum.withLabel('sum').tanh().withLabel('answer')
  answer.backward()
  return graphSvg(answer, { direction: 'TB' })
}
