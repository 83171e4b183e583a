/** While a function is compiled: a loop is recorded once, on stand-ins for its carries and rows. */
import { allocate, type Data, dtypeOf, NdArray, shapeOf, toNdArray } from '../data.ts'
import { drawingApart, drawnLater } from '../draws.ts'
import { TraceError } from '../errors.ts'
import { mode, type Node, type Recorder } from '../node.ts'
import { EXAMPLE } from '../op.ts'
import { sizeOf } from '../shape.ts'
import { make, type Value, values } from '../value.ts'
import { closedOver } from '../walk.ts'
import { rowOf, type Spec } from './scanSteps.ts'

/** What one step does. */
export interface Body {
  /** What stands for the carries, then for the rows of all arrays that are walked. */
  readonly inputs: readonly Node[]
  /** The new carries, then what is kept of the step. */
  readonly results: readonly Value[]
}

export interface Recorded {
  readonly body: Body
  /** Arrays of random numbers, a row a step, that are walked besides the xs. */
  readonly drawn: readonly Value[]
  readonly sources: ReadonlySet<Node>
  /** Numbers of the form that the results have: those of one step, for all of them. */
  readonly parts: readonly Value[]
}

/** A random draw of a step that ran before: its numbers are there already, a row a step. */
interface Redraw {
  readonly node: Node
  readonly rows: Value
}

const redraws = new WeakMap<Recorder, Redraw[]>()

/** Runs `f`, in which a step runs again that drew these numbers the first time. */
export function redrawing<R>(drawn: readonly Value[], f: () => R): R {
  const recorder = mode.compiling
  if (recorder === undefined) return f()
  const before = recorder.draws.length
  const result = drawingApart(f)
  const again = recorder.draws.splice(before)
  const found = again.flatMap(({ node }, i) => (drawn[i] === undefined ? [] : [{ node, rows: drawn[i] }]))
  redraws.get(recorder)?.push(...found)
  return result
}

/** The same numbers in each row. */
function repeatedRows(length: number, raw: Data): Data {
  const { shape, data } = toNdArray(raw)
  const all = allocate(dtypeOf(raw), length * data.length)
  for (let row = 0; row < length; row++) all.set(data, row * data.length)
  return new NdArray([length, ...shape], all)
}

/** Draws for all steps at once, in the order in which the steps would. */
function drawRows({ length, reverse }: Spec, draws: Recorder['draws']): Value[] {
  const buffers = draws.map(({ node }) => new Float64Array(length * sizeOf(shapeOf(node.raw))))
  const fillAll = (): void => {
    for (let t = 0; t < length; t++) {
      const row = reverse ? length - 1 - t : t
      for (const [i, { fill, node }] of draws.entries()) buffers[i]?.set(fill(), row * sizeOf(shapeOf(node.raw)))
    }
  }
  return draws.map(({ node }, i) => {
    const fill = (): Float64Array => {
      if (i === 0) fillAll()
      return buffers[i] as Float64Array
    }
    return drawnLater(repeatedRows(length, node.raw), fill)
  })
}

/** @throws TraceError where the step assigns to a leaf. */
export function recordStep(spec: Spec, inits: readonly Value[], xs: readonly Value[]): Recorded {
  const outer = mode.compiling
  const clock = --mode.clock
  const { began, reads, follows, graded } = outer ?? { began: clock, reads: new Map(), follows: [], graded: new Map() }
  const nested: Recorder = { clock, began, reads, follows, graded, nodes: [], draws: [], effects: [], replayed: [] }
  const repeated: Redraw[] = []
  redraws.set(nested, repeated)
  const standIn = (raw: Data, like: Value): Value => {
    const x = make(EXAMPLE, raw, 0, 0, undefined)
    if (mode.mapped?.has(like)) mode.mapped.add(x)
    return x
  }
  const list = [...inits.map((x) => standIn(x.raw, x)), ...xs.map((x) => standIn(rowOf(x, 0), x))]
  mode.compiling = nested
  let results: readonly Value[]
  try {
    results = drawingApart(() => spec.step(list, 0))
  } finally {
    mode.compiling = outer
  }
  if (nested.effects.length > 0) {
    throw new TraceError(
      'scan: inside a compiled function its step assigns to a leaf. Carry the numbers along, and assign after the scan.',
    )
  }
  const drawn = drawRows(spec, nested.draws)
  const given = [...list, ...nested.draws.map(({ node }) => node), ...repeated.map(({ node }) => node)]
  const sources = new Set(results.flatMap((y) => [...closedOver(y, nested.clock, given)]))
  const finals = results.slice(0, spec.carries)
  const stacks = [...results.slice(spec.carries), ...inits]
  return {
    body: { inputs: given, results },
    drawn: [...drawn, ...repeated.map(({ rows }) => rows)],
    sources,
    parts: [
      ...finals.map((x) => values.constant(x.raw)),
      ...stacks.map((x) => values.constant(repeatedRows(spec.length, x.raw))),
    ],
  }
}
