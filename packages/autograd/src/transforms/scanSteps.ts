/** Runs a loop step after step, and keeps numbers only: the graph of a step is gone when the next one begins. */
import { allocate, compact, type Data, type DType, dtypeOf, filled, NdArray, shapeOf, toNdArray } from '../data.ts'
import { DTypeError, ShapeError, showShape } from '../errors.ts'
import { mode, type Node, takesShare } from '../node.ts'
import { type Shape, sameShape, sizeOf } from '../shape.ts'
import { type Value, values } from '../value.ts'
import { closedOver } from '../walk.ts'
import { noticing, type Streams } from './streams.ts'
import { traceCall } from './trace.ts'

/** What is run: a function of lists of Values. */
export interface Spec {
  /**
   * From the carries, then the rows of all xs, to the new carries, then what is kept of the step. `row` is the place of
   * the step along axis 0.
   */
  step(list: readonly Value[], row: number): readonly Value[]
  /** How many carries there are. */
  readonly carries: number
  readonly length: number
  /** Whether the last row comes first. */
  readonly reverse: boolean
}

export interface Steps {
  /** The carries at the end, what was kept of each step, and, if asked for, the carries as each step found them. */
  readonly parts: readonly Value[]
  /** Everything with a gradient that the function closes over. */
  readonly sources: ReadonlySet<Node>
  /** The random streams that each row draws from. */
  readonly streams: readonly (Streams | undefined)[]
  /** Whether a gradient can flow through the loop. */
  readonly live: boolean
}

/** Arrays of one form, row by row in one array. */
class Rows {
  private readonly shape: Shape
  private readonly dtype: DType
  private readonly all: NdArray

  constructor(length: number, first: Data) {
    this.shape = shapeOf(first)
    this.dtype = dtypeOf(first)
    this.all = new NdArray([length, ...this.shape], allocate(this.dtype, length * sizeOf(this.shape)))
  }

  write(row: number, raw: Data): void {
    if (!sameShape(shapeOf(raw), this.shape)) {
      throw new ShapeError(
        `scan: y has the shape ${showShape(shapeOf(raw))} after a step, ${showShape(this.shape)} after the first one. Return the same shape each time.`,
      )
    }
    if (dtypeOf(raw) !== this.dtype) {
      throw new DTypeError(
        `scan: y is ${dtypeOf(raw)} after a step, ${this.dtype} after the first one. Return the same dtype each time.`,
      )
    }
    this.all.data.set(toNdArray(raw).data, row * sizeOf(this.shape))
  }

  value(): Value {
    return values.constant(this.all)
  }
}

/** A constant with these numbers, which vmap takes for those of one example where it does so for `like`. */
function standIn(raw: Data, like: Value): Value {
  const x = values.constant(raw)
  if (mode.mapped?.has(like)) mode.mapped.add(x)
  return x
}

/** One row of an array along axis 0. */
export function rowOf({ raw }: Value, row: number): Data {
  const { shape, data } = raw as NdArray
  const inner = shape.slice(1)
  const size = sizeOf(inner)
  return compact(new NdArray(inner, data.subarray(row * size, (row + 1) * size)))
}

/** Runs one step, and finds what it closes over. */
function watched(
  { step }: Spec,
  list: readonly Value[],
  row: number,
): { readonly results: readonly Value[]; readonly sources: Set<Node> } {
  const all = list.map((_, i) => i)
  const trace = traceCall('scan', (...args: Value[]) => step(args, row), list, all)
  const results = trace.result as readonly Value[]
  const { clock } = trace.token
  const found = results.flatMap((y) => [...closedOver(y, clock, trace.inputs)])
  // A leaf that the step itself made is new each time: its gradient is nobody's.
  return { results, sources: new Set(found.filter((source) => source.stamp > clock)) }
}

/** The zeros of an array, for what no gradient flows to. */
export function zerosLike({ shape, dtype }: Value): Value {
  return values.constant(filled(shape, 0, dtype))
}

/** Runs all steps. `keep`: the carries are kept in any case, not only for a gradient. */
export function runSteps(spec: Spec, inits: readonly Value[], xs: readonly Value[], keep: boolean): Steps {
  const { length, reverse } = spec
  const traced = mode.tracing > 0
  const watching = traced || mode.recording
  const streams: (Streams | undefined)[] = []
  let sources: ReadonlySet<Node> = new Set()
  let live = traced
  let carries = inits.map((x) => standIn(x.raw, x))
  const kept: Rows[] = []
  const ys: Rows[] = []
  for (let t = 0; t < length; t++) {
    const row = reverse ? length - 1 - t : t
    const list = [...carries, ...xs.map((x) => standIn(rowOf(x, row), x))]
    const run = noticing(() => {
      if (!watching || (t > 0 && !traced)) return spec.step(list, row)
      const { results, sources: found } = watched(spec, list, row)
      if (t === 0) sources = found
      return results
    })
    if (run.streams.size > 0) streams[row] = run.streams
    const made = run.result.slice(spec.carries)
    if (t === 0) {
      live ||= mode.recording && (sources.size > 0 || [...inits, ...xs].some(takesShare))
      if (live || keep) kept.push(...inits.map((x) => new Rows(length, x.raw)))
      ys.push(...made.map((y) => new Rows(length, y.raw)))
    }
    for (const [i, rows] of kept.entries()) rows.write(row, (carries[i] as Value).raw)
    for (const [i, rows] of ys.entries()) rows.write(row, (made[i] as Value).raw)
    carries = run.result.slice(0, spec.carries).map((x) => standIn(x.raw, x))
  }
  const stacked = [...ys, ...kept].map((rows) => rows.value())
  return { parts: [...carries, ...stacked], sources, streams, live }
}
