/**
 * A loop as one step of the graph. Its result is one Value, of several packed: the carries at the end, what was kept of
 * each step, and the carries as each step found them. With these the gradient runs the steps again, the last one first:
 * that is a loop too, and so are its own gradient and the tangent.
 */

import { mode } from '../node.ts'
import { CONSTANT, isLive, type Op, op } from '../op.ts'
import { many, type Value, values } from '../value.ts'
import { type Bundle, bundle } from './bundle.ts'
import { type Inside, insideOf, shareOf } from './inside.ts'
import { withRecording } from './recording.ts'
import { recordStep } from './scanRecord.ts'
import { type Loop, pullStep, pushStep } from './scanStep.ts'
import { runSteps, type Spec, zerosLike } from './scanSteps.ts'

/** Pictures show arguments that are numbers or text: the loop is none. */
export type LoopArgs = { readonly loop: Loop }

export const SCAN: Op<LoopArgs> = op<LoopArgs>({
  name: 'scan',
  linearity: 'custom',
  forwardList: (_inputs, { loop }) => loop.raw,
  dlist: (k, g, y, inputs, index, { loop }) => {
    const inside = insideOf('scan', k)
    const pull = (): readonly (Value | undefined)[] =>
      pullLoop(loop, inside.toValue(g), inside.toValue(y), inputs.map(inside.toValue))
    const compute = (): readonly (typeof g | undefined)[] =>
      recorded(inside, pull).map((share) => share && inside.fromValue(share))
    return shareOf<typeof g | undefined>(loop, g, index, loop.last, compute) ?? 0
  },
  pushList: (k, tangents, y, inputs, { loop }) => {
    const inside = insideOf('scan', k)
    const along = tangents.map((t) => (t === undefined ? undefined : inside.toValue(t)))
    const pushed = recorded(inside, () => pushLoop(loop, along, inside.toValue(y), inputs.map(inside.toValue)))
    return inside.fromValue(bundle('scan', pushed).packed)
  },
})

function recorded<T, R>({ live }: Inside<T>, f: () => R): R {
  return live ? f() : withRecording('scan', false, f)
}

/** Neighbouring parts of a list, of these lengths. */
function cut<T>(list: readonly T[], ...counts: readonly number[]): T[][] {
  let end = 0
  return counts.map((count) => {
    end += count
    return list.slice(end - count, end)
  })
}

/**
 * Runs a loop: the carries at the end, what was kept of each step, and, where a gradient can flow or `keep` is set, the
 * carries as each step found them.
 */
export function runLoop(spec: Spec, inits: readonly Value[], xs: readonly Value[], keep = false): readonly Value[] {
  if (mode.compiling !== undefined) {
    const { body, drawn, sources, parts } = recordStep(spec, inits, xs)
    const outside = [...inits, ...xs, ...drawn, ...(sources as Set<Value>)]
    if (outside.some((x) => x.op !== CONSTANT)) {
      return applied(spec, inits, xs, { parts, drawn, sources, streams: [], body })
    }
  }
  const { parts, sources, streams, live } = runSteps(spec, inits, xs, keep)
  return live ? applied(spec, inits, xs, { parts, drawn: [], sources, streams, body: undefined }) : parts
}

type Ran = Pick<Loop, 'drawn' | 'sources' | 'streams' | 'body'> & { readonly parts: readonly Value[] }

/** The step of the graph. */
function applied(spec: Spec, inits: readonly Value[], xs: readonly Value[], { parts, ...ran }: Ran): readonly Value[] {
  const { packed, unpack }: Bundle = bundle('scan', parts)
  const inputs = [...inits, ...xs, ...ran.drawn, ...(ran.sources as Set<Value>)]
  const loop: Loop = {
    ...spec,
    ...ran,
    raw: packed.raw,
    results: parts.length,
    unpack: (all) => unpack(all) as readonly Value[],
    liveRows: xs.map((x) => isLive(x.op)),
    last: inputs.findLastIndex((x) => x.op !== CONSTANT),
  }
  return loop.unpack(many(SCAN as Op, inputs, { loop }))
}

/** The cotangents of all inputs of a loop, by a loop in the other direction; undefined where none is wanted. */
function pullLoop(loop: Loop, g: Value, y: Value, inputs: readonly Value[]): (Value | undefined)[] {
  const { carries: nc, liveRows, length, drawn } = loop
  const nx = liveRows.length
  const ny = loop.results - 2 * nc
  const sources = [...(loop.sources as ReadonlySet<Value>)]
  const liveSources = sources.map((source) => isLive(source.op))
  const summed = sources.filter((_, i) => liveSources[i])
  const [gEnds = [], gYs = [], gKept = []] = cut(loop.unpack(g), nc, ny, nc)
  const kept = loop.unpack(y).slice(nc + ny)
  const rows = inputs.slice(nc, nc + nx)
  const back: Spec = {
    carries: nc + summed.length,
    length,
    reverse: !loop.reverse,
    step: (list, row) => {
      const [gEnd = [], sums = [], given = [], gY = [], gCarry = []] = cut(list, nc, summed.length, nc + nx, ny, nc)
      const shares = pullStep(loop, row, given, [...gEnd, ...gY])
      const [toCarries = [], toRows = [], toSources = []] = cut(shares, nc, nx, sources.length)
      const toSummed = toSources.filter((_, i) => liveSources[i])
      return [
        ...gCarry.map((before, i) => sumOf(before, toCarries[i])),
        ...sums.map((before, i) => sumOf(before, toSummed[i])),
        ...toRows.map((share, i) => share ?? zerosLike(given[nc + i] as Value)).filter((_, i) => liveRows[i]),
      ]
    },
  }
  const shares = runLoop(back, [...gEnds, ...summed.map(zerosLike)], [...kept, ...rows, ...gYs, ...gKept])
  const [toInits = [], toSummed = [], toRows = []] = cut(
    shares,
    nc,
    summed.length,
    liveRows.filter((live) => live).length,
  )
  return [...toInits, ...spread(toRows, liveRows), ...drawn.map(() => undefined), ...spread(toSummed, liveSources)]
}

function sumOf(before: Value, share: Value | undefined): Value {
  return share === undefined ? before : values.add(before, share)
}

/** The list with gaps where there is nothing. */
function spread<T>(list: readonly T[], present: readonly boolean[]): (T | undefined)[] {
  let next = 0
  return present.map((here) => (here ? list[next++] : undefined))
}

/** The tangents of all results of a loop, by a loop along with it. */
function pushLoop(
  loop: Loop,
  tangents: readonly (Value | undefined)[],
  y: Value,
  inputs: readonly Value[],
): readonly Value[] {
  const { carries: nc, liveRows, length, reverse } = loop
  const nx = liveRows.length
  const ny = loop.results - 2 * nc
  const kept = loop.unpack(y).slice(nc + ny)
  const rows = inputs.slice(nc, nc + nx)
  const rowTangents = tangents.slice(nc, nc + nx)
  const movedRows = rowTangents.map((t) => t !== undefined)
  const toSources = tangents.slice(nc + nx + loop.drawn.length)
  const forth: Spec = {
    carries: nc,
    length,
    reverse,
    step: (list, row) => {
      const [toCarries = [], given = [], toRows = []] = cut(list, nc, nc + nx, list.length - 2 * nc - nx)
      return pushStep(loop, row, given, [...toCarries, ...spread(toRows, movedRows), ...toSources])
    },
  }
  const begin = inputs.slice(0, nc).map((x, i) => tangents[i] ?? zerosLike(x))
  return runLoop(forth, begin, [...kept, ...rows, ...rowTangents.filter((t) => t !== undefined)], true)
}
