/** Weights in the layout that the peers multiply by: x·W + b, with W [inputs, outputs]. */
import type { Work } from '../work.ts'

type Parameter = Work['parameters'][number]

/** A matrix [outputs, inputs] transposed; kernels and biases as they are. */
export function transposed({ shape, data }: Parameter): Parameter {
  const [outputs, inputs] = shape
  if (outputs === undefined || inputs === undefined || shape.length !== 2) return { shape, data }
  return {
    shape: [inputs, outputs],
    data: data.map((_, i) => data[(i % outputs) * inputs + Math.floor(i / outputs)] as number),
  }
}

/** Kernels [outputs, inputs, height, width] as [height, width, inputs, outputs]. */
export function channelsLast({ shape, data }: Parameter): Parameter {
  const [outputs, inputs, height, width] = shape as [number, number, number, number]
  const moved = new Float32Array(data.length)
  data.forEach((w, i) => {
    const tap = i % (height * width)
    const channel = Math.floor(i / (height * width))
    moved[(tap * inputs + (channel % inputs)) * outputs + Math.floor(channel / inputs)] = w
  })
  return { shape: [height, width, inputs, outputs], data: moved }
}
