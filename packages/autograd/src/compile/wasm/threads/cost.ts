/** Roughly how long a step takes on one thread. It only decides whether threads pay, so a factor of 2 does no harm. */
import type { ConvCall } from '../../program/program.ts'
import { native } from '../emit/native.ts'
import type { Nest, Step } from '../emit/nest.ts'
import { relations } from '../emit/uses.ts'

/** Nanoseconds, measured on x86-64: an instruction on a vector, and a vector function of some dozens of them. */
const INSTRUCTION = 0.4
const FUNCTION = 8
/** Products of float32 in a nanosecond, in matrices. */
const PRODUCTS = 14

/** Nanoseconds. */
export function costOf(step: Step): number {
  switch (step.kind) {
    case 'nest':
      return step.body.reduce((sum, inner) => sum + costOf(inner), INSTRUCTION) * turnsOf(step)
    case 'apply':
      return native.has(step.op) || relations.has(step.op) || step.inputs.length === 3 ? INSTRUCTION : FUNCTION
    case 'gemm':
      return productsCost(step.m * step.n * step.k, step.type)
    case 'conv':
      return productsCost(convProducts(step), step.type)
    case 'clear':
      return step.span.size * INSTRUCTION * 0.25
    default:
      return INSTRUCTION
  }
}

/** Iterations that fill no vector run one by one. */
function turnsOf({ loop, lanes }: Nest): number {
  return Math.floor(loop.count / lanes) + (loop.count % lanes)
}

function productsCost(products: number, type: 'f32' | 'f64'): number {
  return (products / PRODUCTS) * (type === 'f32' ? 1 : 2)
}

function convProducts({ args, batch, channels, outs }: ConvCall): number {
  const taps = (channels / args.groups) * args.kernel[0] * args.kernel[1]
  return batch * outs * taps * args.output[0] * args.output[1]
}
