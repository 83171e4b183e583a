/**
 * Initialisers: how weights begin. Each is made from its options and then called with a shape, a random stream and a
 * dtype. A weight is [out, in] (a single neuron's is [in]): fan-in is the number of inputs of a unit, fan-out the
 * number of units that an input feeds; further axes are the positions of a kernel. Options that are no numbers, and what is
 * no stream, are refused with a DomainError.
 */
import { DomainError, type DType, full, type Random, type Value } from '@adjoint/autograd'
import { checkNumber, show } from './options.ts'

export type Initializer = (shape: readonly number[], random: Random, dtype: DType) => Value

/** @throws DomainError for what is no stream of random numbers. */
function streamFor(name: string, stream: Random): Random {
  if (typeof stream?.uniform === 'function') return stream
  throw new DomainError(`init.${name}: random is ${show(stream)}. Give a stream of random numbers: random(1).`)
}

interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

function fansOf(shape: readonly number[]): Fans {
  const [out = 1, inputs = 1, ...kernel] = shape.length === 1 ? [1, ...shape] : shape
  const positions = kernel.reduce((product, n) => product * n, 1)
  return { fanIn: inputs * positions, fanOut: out * positions }
}

/**
 * Uniform on ±1/√fan-in: what PyTorch's Linear begins with, and the default here.
 */
export function fanInUniform(): Initializer {
  return (shape, stream, dtype) => {
    const bound = 1 / Math.sqrt(Math.max(fansOf(shape).fanIn, 1))
    return streamFor('fanInUniform', stream).uniform(shape, -bound, bound, { dtype })
  }
}

/** Uniform on [low, high). @example uniform(-0.5, 0.5) */
export function uniform(low = 0, high = 1): Initializer {
  checkNumber('init.uniform', 'low', low)
  checkNumber('init.uniform', 'high', high)
  return (shape, stream, dtype) => streamFor('uniform', stream).uniform(shape, low, high, { dtype })
}

/** Normal with this mean and standard deviation. */
export function normal(mean = 0, std = 1): Initializer {
  checkNumber('init.normal', 'mean', mean)
  checkNumber('init.normal', 'std', std)
  return (shape, stream, dtype) => streamFor('normal', stream).normal(shape, mean, std, { dtype })
}

/**
 * Uniform on ±gain·√(6/(fan-in + fan-out)): keeps the variance of signals and gradients through tanh and sigmoid.
 * Glorot & Bengio 2010.
 */
export function xavierUniform(gain = 1): Initializer {
  checkNumber('init.xavierUniform', 'gain', gain)
  return (shape, stream, dtype) => {
    const { fanIn, fanOut } = fansOf(shape)
    const bound = gain * Math.sqrt(6 / Math.max(fanIn + fanOut, 1))
    return streamFor('xavierUniform', stream).uniform(shape, -bound, bound, { dtype })
  }
}

/** Normal with the variance of `xavierUniform`: gain²·2/(fan-in + fan-out). */
export function xavierNormal(gain = 1): Initializer {
  checkNumber('init.xavierNormal', 'gain', gain)
  return (shape, stream, dtype) => {
    const { fanIn, fanOut } = fansOf(shape)
    return streamFor('xavierNormal', stream).normal(shape, 0, gain * Math.sqrt(2 / Math.max(fanIn + fanOut, 1)), {
      dtype,
    })
  }
}

/** Uniform on ±gain·√(3/fan-in), with gain √2 for relu: keeps the variance of signals. He et al. 2015. */
export function heUniform(gain: number = Math.SQRT2): Initializer {
  checkNumber('init.heUniform', 'gain', gain)
  return (shape, stream, dtype) => {
    const bound = gain * Math.sqrt(3 / Math.max(fansOf(shape).fanIn, 1))
    return streamFor('heUniform', stream).uniform(shape, -bound, bound, { dtype })
  }
}

/** Normal with the variance of `heUniform`: gain²/fan-in. */
export function heNormal(gain: number = Math.SQRT2): Initializer {
  checkNumber('init.heNormal', 'gain', gain)
  return (shape, stream, dtype) =>
    streamFor('heNormal', stream).normal(shape, 0, gain / Math.sqrt(Math.max(fansOf(shape).fanIn, 1)), { dtype })
}

/** Every weight the same number. */
export function constant(x: number): Initializer {
  checkNumber('init.constant', 'x', x)
  return (shape, _stream, dtype) => full(shape, x, { dtype })
}

export function zeros(): Initializer {
  return constant(0)
}
