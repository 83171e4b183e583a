/** Guards around functions, and the methods of Value: options are checked, and errors say which labelled Values are concerned. */

import { shapeOf } from './data.ts'
import { AutogradError, DTypeError, ShapeError, show, showShape } from './errors.ts'
import { labelOf, Node } from './node.ts'

const reduction = ['axis', 'keepDims']

const parameters = ['weight', 'bias', 'eps']
const convolution = ['bias', 'stride', 'padding', 'dilation', 'groups']
const pooling = ['stride', 'padding']

type Known = { readonly [method: string]: readonly string[] }

/** The options of the methods that take them: in their first argument, in the second, in the third. */
const options: readonly Known[] = [
  {
    sum: reduction,
    mean: reduction,
    prod: reduction,
    max: reduction,
    min: reduction,
    logSumExp: reduction,
    median: reduction,
    argmax: reduction,
    argmin: reduction,
    variance: [...reduction, 'correction'],
    std: [...reduction, 'correction'],
    norm: [...reduction, 'ord'],
    sort: ['axis', 'descending'],
    argsort: ['axis', 'descending'],
    gelu: ['approximate'],
    batchNorm: [...parameters, 'mean', 'variance'],
  },
  {
    topk: ['axis'],
    triangularSolve: ['lower'],
    conv1d: convolution,
    conv2d: convolution,
    convTranspose1d: [...convolution, 'outputPadding'],
    convTranspose2d: [...convolution, 'outputPadding'],
    maxPool1d: [...pooling, 'dilation'],
    maxPool2d: [...pooling, 'dilation'],
    avgPool1d: [...pooling, 'countIncludePad'],
    avgPool2d: [...pooling, 'countIncludePad'],
    layerNorm: parameters,
    rmsNorm: ['weight', 'eps'],
    groupNorm: parameters,
    dropout: ['random'],
  },
  { scaledDotProductAttention: ['mask', 'causal'] },
]

/** @throws ShapeError for options that are no object, DTypeError for one that does not exist. */
export function checkOptions(name: string, given: unknown, allowed: readonly string[]): void {
  if (given === undefined) return
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof Node) {
    const hint = allowed.includes('axis')
      ? `{ axis: ${Array.isArray(given) ? showShape(given) : String(given)} }`
      : `{ ${allowed[0]}: … }`
    throw new ShapeError(`${name}: got ${show(given)} for the options. Write ${hint}.`)
  }
  for (const key of Object.keys(given)) {
    if (!allowed.includes(key)) {
      throw new DTypeError(`${name}: the option '${key}' is unknown. It takes ${allowed.join(', ')}.`)
    }
  }
}

const explained = new WeakSet<Error>()

/** The error, with the labels and shapes of the labelled Values that it is about, said once. */
export function withLabels(error: unknown, inputs: readonly unknown[]): unknown {
  if (!(error instanceof AutogradError) || explained.has(error)) return error
  const labelled = inputs.flat().flatMap((x) => {
    const label = x instanceof Node ? labelOf(x) : undefined
    return label === undefined || error.message.includes(`'${label}'`)
      ? []
      : [`'${label}' ${showShape(shapeOf((x as Node).raw))}`]
  })
  if (labelled.length > 0) error.message += ` Here: ${labelled.join(', ')}.`
  explained.add(error)
  return error
}

/** The method with its options checked, its errors labelled, and arguments that it cannot read named. */
export function guarded<Args extends unknown[], R>(
  name: string,
  method: (this: Node, ...args: Args) => R,
): (this: Node, ...args: Args) => R {
  const at = options.findIndex((known) => Object.hasOwn(known, name))
  const allowed = options[at]?.[name]
  return function (this: Node, ...args: Args): R {
    try {
      if (allowed !== undefined) checkOptions(name, args[at], allowed)
      return method.apply(this, args)
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw withLabels(error, [this, ...args])
      const got = args.map(show).join(', ') || 'nothing'
      throw new DTypeError(
        `${name}: got ${got}, which it cannot read (${error.message}). Give what its documentation names.`,
      )
    }
  }
}
