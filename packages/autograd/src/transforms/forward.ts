/** Forward mode: tangents pushed through the recorded graph, by the same records that pull cotangents back. */

import { unbroadcast } from '../carriers/fit.ts'
import { numericReader } from '../carriers/numeric.ts'
import { type Data, dtypeOf, filled, shapeOf } from '../data.ts'
import { ShapeError, show, showShape, UnsupportedError } from '../errors.ts'
import { type Reader, seenBy } from '../graph.ts'
import { type Input, mode, type Node } from '../node.ts'
import { inOrder } from '../pass.ts'
import { sameShape } from '../shape.ts'
import { type Value, valueReader, values } from '../value.ts'
import { withRecording } from './recording.ts'
import { outputsOf } from './reverse.ts'
import { type Loose, rebuild, type Valued, valuesLike } from './structure.ts'
import { settle, type Trace, traceCall } from './trace.ts'

/** The tangent of one node from the tangents of its inputs, or undefined when none of them has one. */
function tangentOf<T>(node: Node, reader: Reader<T>, tangent: (input: Input) => T | undefined): T | undefined {
  const { op, a, b, args, raw } = node
  if (op.dlist !== null) return tangentOfList(node, reader, tangent)
  const { k } = reader
  const of = (input: Input): T | number => seenBy(reader, input, node)
  const self = (reader.plain ? raw : node) as T
  const ta = op.da === null ? undefined : tangent(a as Input)
  const tb = op.db === null ? undefined : tangent(b)
  if (ta === undefined && tb === undefined) return undefined
  const x = of(a as Input)
  const y = of(b)
  const parts: (T | number)[] = []
  if (op.linearity === 'elementwise') {
    if (ta !== undefined && op.da !== null) parts.push(op.da(k, ta, self, x, y, args))
    if (tb !== undefined && op.db !== null) parts.push(op.db(k, tb, self, x, y, args))
  } else if (op.linearity === 'linear') {
    if (ta !== undefined) parts.push(k.apply(op, ta, y, args))
    if (tb !== undefined) parts.push(k.apply(op, x, tb, args))
  } else if (op.push !== null && ta !== undefined && tb === undefined) parts.push(op.push(k, ta, self, x, y, args))
  else throw noForwardRule(op.name)
  const sum = parts.length === 1 ? (parts[0] as T | number) : k.add(parts[0] as T, parts[1] as T)
  return unbroadcast(k, sum, shapeOf(raw), dtypeOf(raw))
}

function noForwardRule(name: string): UnsupportedError {
  return new UnsupportedError(
    `jvp: the record of ${name} has no rule for forward mode. Say linearity: 'elementwise' or 'linear' in it if it is so, or give a push rule.`,
  )
}

/** Most operations of a list are linear in it: the operation on the tangents, zeros where there is none. */
function tangentOfList<T>(node: Node, reader: Reader<T>, tangent: (input: Input) => T | undefined): T | undefined {
  const { k } = reader
  const { op, a, args, raw } = node
  const inputs = a as readonly Input[]
  const tangents = inputs.map((input, i) => (i === op.held ? undefined : tangent(input)))
  if (tangents.every((t) => t === undefined)) return undefined
  if (op.pushList !== null) {
    const list = inputs.map((input) => seenBy(reader, input, node))
    const pushed = op.pushList(k, tangents, (reader.plain ? raw : node) as T, list, args)
    return unbroadcast(k, pushed, shapeOf(raw), dtypeOf(raw))
  }
  if (op.linearity !== 'linear') throw noForwardRule(op.name)
  const list = inputs.map((input, i) => {
    if (i === op.held) return seenBy(reader, input, node)
    return (
      tangents[i] ?? (typeof input === 'number' ? 0 : k.constant(filled(shapeOf(input.raw), 0, dtypeOf(input.raw))))
    )
  })
  return unbroadcast(k, k.applyList(op, list, args), shapeOf(raw), dtypeOf(raw))
}

/** Pushes tangents of the traced arguments forward to `root`; undefined when none arrives. */
export function push<T>(
  order: readonly Node[],
  reader: Reader<T>,
  root: Node,
  inputs: readonly Node[],
  tangents: readonly T[],
): T | undefined {
  const found = new Map<Node, T>(inputs.map((input, i) => [input, tangents[i] as T]))
  const tangent = (input: Input): T | undefined => (typeof input === 'number' ? undefined : found.get(input))
  for (const node of order) {
    if (found.has(node)) continue
    const t = tangentOf(node, reader, tangent)
    if (t !== undefined) found.set(node, t)
  }
  return found.get(root)
}

/** The tangent of a traced result. */
export function pushForward({ inputs, token, ...trace }: Trace, root: Value, tangents: readonly Value[]): Value {
  const zeros = (): Value => values.constant(filled(root.shape, 0, root.dtype))
  if (!root.requiresGrad) return zeros()
  const { order, open } = inOrder(root, token)
  const live = trace.recording && (trace.live || open || tangents.some((t) => t.requiresGrad))
  return withRecording('jvp', trace.recording, () => {
    if (live || mode.tracing > 0) {
      const t = push(order, valueReader, root, inputs, tangents) ?? zeros()
      return live ? t : t.detach()
    }
    const t = push<Data>(
      order,
      numericReader,
      root,
      inputs,
      tangents.map((t) => t.raw),
    )
    return t === undefined ? zeros() : values.constant(t)
  })
}

/** The value of a function and its derivative along a direction. */
export interface Pushforward<Result> {
  readonly value: Valued<Result>
  readonly tangent: Valued<Result>
}

/**
 * The value of `f` and its directional derivative along the tangents, one for each argument.
 * @throws ShapeError when a tangent does not have the shape of its argument.
 * @example jvp((x) => x.square(), [3], [1]) // { value: 9, tangent: 6 }
 */
export function jvp<Args extends readonly Value[], Result>(
  f: (...args: Args) => Result,
  args: NoInfer<Loose<Args>>,
  tangents: NoInfer<Loose<Args>>,
): Pushforward<Result>
export function jvp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  args: NoInfer<Loose<Args>>,
  tangents: NoInfer<Loose<Args>>,
): Pushforward<Result>
export function jvp(f: (...args: never[]) => unknown, args: unknown, tangents: unknown): Pushforward<unknown> {
  return directional('jvp', f, args, tangents)
}

/** jvp, under the name of the transform that the user called. */
export function directional(
  name: string,
  f: (...args: never[]) => unknown,
  args: unknown,
  tangents: unknown,
): Pushforward<unknown> {
  if (!Array.isArray(args) || !Array.isArray(tangents)) {
    throw new ShapeError(
      `${name}: got ${show(args)} and ${show(tangents)}. Give a list of arguments and a list of tangents.`,
    )
  }
  const list: readonly unknown[] = args
  const trace = traceCall(
    name,
    f,
    list,
    list.map((_, index) => index),
  )
  const along: readonly unknown[] = tangents
  if (along.length !== list.length) {
    throw new ShapeError(
      `${name}: got ${show(along)} for a list of ${list.length}. Give a list with the same structure.`,
    )
  }
  const directions = list.flatMap((arg, i) => valuesLike(name, arg, along[i]))
  trace.inputs.forEach((x, i) => {
    const t = directions[i] as Value
    if (sameShape(t.shape, x.shape)) return
    throw new ShapeError(
      `${name}: the argument has shape ${showShape(x.shape)}, its tangent ${showShape(t.shape)}. Give each argument a tangent of its shape.`,
    )
  })
  const outputs = outputsOf(name, trace.result)
  const value = rebuild(
    name,
    trace.result,
    outputs.map((y) => settle(trace, y)),
  )
  const tangent = rebuild(
    name,
    trace.result,
    outputs.map((y) => pushForward(trace, y, directions)),
  )
  return { value, tangent } as never
}
