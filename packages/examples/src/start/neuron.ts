/** One neuron of a network, taken out to look at. */
import { value } from '@adjoint/autograd'
import { graphSvg } from '../lib/graph.ts'
import type { Learned } from './learn.ts'

/**
 * The first hidden neuron of a network of tanh units, computing its answer to the first example of the test part
 * number by number: the graph, with the gradient of the answer at every node.
 */
export async function neuronSvg({ model, task, parts, scale }: Learned): Promise<string> {
  const [layer] = model.layers
  if (layer?.bias === undefined) return ''
  const inputs = scale(parts.test.x).at(0).data
  const weights = layer.weight.at(0).data
  const products = task.data.features.map((feature, i) => {
    const name = feature.replace(/ \(.*\)$/, '')
    const x = value(inputs[i] ?? 0, { label: name })
    return value(weights[i] ?? 0, { label: `weight ${i + 1}` }).mul(x)
  })
  const bias = value(layer.bias.at(0).item(), { label: 'bias' })
  const sum = products.reduce((total, product) => total.add(product)).add(bias)
  const answer = sum.withLabel('sum').tanh().withLabel('answer')
  answer.backward()
  return graphSvg(answer, { direction: 'TB' })
}
