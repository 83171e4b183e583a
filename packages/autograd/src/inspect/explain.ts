/** The chain rule of a small graph, step by step, in words and numbers. */
import { type Data, shapeOf } from '../data.ts'
import { GradientError, showShape, UnsupportedError } from '../errors.ts'
import { type Node, nameOf } from '../node.ts'
import { CONSTANT } from '../op.ts'
import { sameShape } from '../shape.ts'
import type { Value } from '../value.ts'
import { chainRule, gradientsOf, type Share, type Step } from './chain.ts'
import { countOperations, expressAll } from './express.ts'
import { isInlineNumber } from './names.ts'
import { formatData, formatType } from './numbers.ts'
import { plain } from './plain.ts'
import { dataOf, numerals, type Scribe, scribeOf } from './scribe.ts'
import { inputsOf, isEnd, walk } from './walk.ts'

export interface ExplainOptions {
  /** The largest graph that is explained; default 40 Values. */
  readonly maxNodes?: number
}

/** The whole expression is shown up to this many operations, a sum of shares up to this many. */
const MOST_OPERATIONS = 12
const MOST_SHARES = 6
/** A formula that is longer gives way to its textbook form, if it has one. */
const LONGEST = 60
/** A line that would be longer is broken before `so`. */
const WIDTH = 100

/** What is said in parentheses after a number. */
function note(...words: readonly string[]): string {
  const said = words.filter((word) => word !== '')
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}

/** `w = 2`, or `v1 = w · x = 2 · (-3) = -6`. */
function forwardLine(node: Node, { of, show, formula }: Scribe): string {
  const { op, raw } = node
  const result = formatData(raw)
  const type = formatType(raw)
  if (isEnd(node)) return `  ${show(node)} = ${result}${note(op === CONSTANT ? 'constant' : '', type)}`
  const chain = [show(node), formula(node, of)]
  if (inputsOf(node).every((input) => shapeOf(dataOf(input)).length === 0)) {
    const inNumbers = formula(node, (input) => numerals(dataOf(input), plain))
    if (inNumbers !== chain[1] && inNumbers !== result) chain.push(inNumbers)
  }
  return `  ${[...chain, result].join(' = ')}${note(type)}`
}

/** `0.5 + 1 = 1.5` for several shares; the number alone for one. */
function showSum(shares: readonly Data[], sum: Data): string {
  if (shares.length < 2) return formatData(sum)
  const shown = shares.slice(0, MOST_SHARES).map((share) => numerals(share, plain))
  const more = shares.length > MOST_SHARES ? ` + … (${shares.length} shares)` : ''
  return `${shown.reduce((x, y) => plain.sum(x, y)).text}${more} = ${formatData(sum)}`
}

/** The local derivative, where there is one, and what the input gets. */
function shareLine({ node, arriving }: Step, share: Share, { show }: Scribe): readonly [slope: string, gets: string] {
  const { input, index, isLocal, formulas, full } = share
  const isTwice = inputsOf(node).filter((other) => other === input).length > 1
  const name = show(input)
  const [own, familiar] = formulas
  const isLong = own !== undefined && familiar !== undefined && own.text.length > LONGEST
  const chain = (isLong ? [familiar] : formulas).map(plain.side)
  const shape = shapeOf(input.raw)
  const isWhole = typeof full === 'number' || sameShape(full.shape, shape)
  const result = isWhole
    ? formatData(share.share)
    : `${formatData(full)}, summed to shape ${showShape(shape)}: ${formatData(share.share)}`
  if (own === undefined) return ['', `${name} gets ${result}, by the rule of ${node.op.name}`]
  if (!isLocal) return ['', `${name} gets ${[...chain, result].join(' = ')}`]
  const factor = own.number === undefined ? numerals(own.raw, plain) : plain.number(own.number)
  if (chain.at(-1) !== factor.text) chain.push(factor.text)
  return [
    `∂${show(node)}/∂${name} = ${chain.join(' = ')}${isTwice ? ` (input ${index + 1})` : ''},`,
    `${name} gets ${plain.product(factor, numerals(arriving, plain)).text} = ${result}`,
  ]
}

/** One operation on the way back: what arrives, and a line for each input. */
function stepLines(step: Step, arrived: readonly Data[], scribe: Scribe): string[] {
  const { node, arriving, shares } = step
  const lines = shares.map((share) => shareLine(step, share, scribe))
  const width = Math.max(...lines.map(([slope]) => slope.length))
  const isWide = lines.some(([, gets]) => width + gets.length > WIDTH)
  const made = `${scribe.show(node)} = ${scribe.formula(node, scribe.of)}`
  return [
    `  ${made}, where ${scribe.derivative(node).text} = ${showSum(arrived, arriving)} arrives`,
    ...lines.map(([slope, gets]) => {
      if (slope === '') return `    ${gets}`
      return isWide ? `    ${slope}\n      so ${gets}` : `    ${slope.padEnd(width)}   so ${gets}`
    }),
  ]
}

function checkExplainable(y: Value, count: number, maxNodes: number): void {
  if (!y.requiresGrad) {
    throw new GradientError(
      `explain: ${nameOf(y)} has no graph: nothing that it was computed from requires a gradient (or it was made inside noGrad). Make the inputs with value(…).`,
    )
  }
  if (y.size !== 1) {
    throw new GradientError(
      `explain: ${nameOf(y)} has shape ${showShape(y.shape)}; the gradient of a single number can be explained. Reduce it with sum() or mean(), or choose an element with at(…).`,
    )
  }
  if (count > maxNodes) {
    throw new UnsupportedError(
      `explain: the graph has ${count} Values, more than maxNodes = ${maxNodes}: too many to read. Explain a part of it (a Value further in), or pass { maxNodes }.`,
    )
  }
}

/** `y = tanh(w · x + b)`, where that fits on a line. */
function expression(order: readonly Node[], root: Node, { of, show, combine }: Scribe): string[] {
  const nothing = (): boolean => false
  if (isEnd(root) || (countOperations(order, nothing).get(root) ?? 0) > MOST_OPERATIONS) return []
  const line = `${show(root)} = ${plain.side(expressAll(order, nothing, of, combine).get(root) ?? of(root))}`
  return line.length > WIDTH ? [] : [line, '']
}

/**
 * The chain rule of a small graph for a reader: the forward steps with their numbers; then, from `y` back, what each
 * operation receives, its local derivatives (written from the operation's own rule), and what each input gets; last,
 * the gradients of the leaves, as backward() computes them. No `.grad` is touched.
 * @throws GradientError when `y` is not a single number, has no graph, or a leaf was assigned to since it was read;
 * UnsupportedError for more than `maxNodes` Values.
 * @example explain(w.mul(x).add(b).tanh())
 */
export function explain(y: Value, { maxNodes = 40 }: ExplainOptions = {}): string {
  const order = walk(y)
  const shown = order.filter((node) => !isInlineNumber(node))
  checkExplainable(y, shown.length, maxNodes)
  const root = order.at(-1) ?? y
  const scribe = scribeOf(order, plain)
  const gradients = gradientsOf(root)
  const steps = chainRule(order, gradients, scribe)
  const arrived = new Map<Node, Data[]>()
  for (const { input, share } of steps.flatMap(({ shares }) => shares)) {
    arrived.set(input, [...(arrived.get(input) ?? []), share])
  }
  const name = scribe.show(root)
  const ends = shown.filter(isEnd)
  const leaves = ends.filter((node) => node.op !== CONSTANT)
  return [
    ...expression(order, root, scribe),
    `Forward: from the leaves to ${name}`,
    ...[...ends, ...shown.filter((node) => !isEnd(node))].map((node) => forwardLine(node, scribe)),
    '',
    `Backward: from ${name} to the leaves. Each input gets its local derivative, times what arrives.`,
    ...(steps.length === 0 ? [`  ${name} is a leaf itself: there is nothing to go back through.`] : []),
    ...steps.flatMap((step) => stepLines(step, arrived.get(step.node) ?? [], scribe)),
    '',
    'Gradients of the leaves',
    ...leaves.map((node) => {
      const gradient = gradients.get(node)
      const sum = gradient === undefined ? '0 (no gradient flows to it)' : showSum(arrived.get(node) ?? [], gradient)
      return `  ${scribe.derivative(node).text} = ${sum}`
    }),
  ].join('\n')
}
