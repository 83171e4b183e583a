/** Lowers expressions of arrays to loops. */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import type { Expression, Leaf, Operation } from '../graph/expression.ts'
import { escaped, SCAN_PART } from '../graph/scan.ts'
import type { Buffer, Program, Statement } from '../program/program.ts'
import { chooseStored, inOrder } from './arrays.ts'
import { convStatements, isConvolution } from './conv.ts'
import { depthwiseLoops, isDepthwise } from './depthwise.ts'
import { type Effect, planEffects } from './effects.ts'
import { type Memory, memoryOf, typeOf } from './elements.ts'
import { hostCall } from './host.ts'
import { type Region, regionOver } from './index.ts'
import { mapLoops, targetOf } from './map.ts'
import { matmulCalls } from './matmul.ts'
import { isPieced, pieceLoops } from './pieces.ts'
import { isAlias, type Kernel, planKernels } from './plan.ts'
import { reduceLoops } from './reduce.ts'
import { type Context, resultRegion } from './regions.ts'
import { scanLoops } from './scan.ts'
import { concatLoops, cumsumLoops, scatterLoops, unsliceLoops } from './scatter.ts'
import { withoutDeadStores } from './unused.ts'
import { argmaxWindowLoops, isSmallWindow } from './windows.ts'

export interface Lowered {
  readonly program: Program
  /** The buffer of each slot that the program reads or writes. */
  readonly slots: ReadonlyMap<number, Buffer>
  /** The buffers of the results, in order. */
  readonly results: readonly Buffer[]
}

function kernelStatements(context: Context, kernel: Kernel): Statement[] {
  const { memory, accumulated } = context
  const { kind, shape, members } = kernel
  if (kind === 'map')
    return mapLoops(
      memory,
      shape,
      members.map((x) => targetOf(memory, x)),
    )
  if (kind === 'reduce') return reduceLoops(memory, kernel)
  const x = members[0] as Operation
  if (isPieced(x, (input) => memory(input) !== undefined)) return pieceLoops(memory, x)
  switch (x.op) {
    case SCAN_PART as Op:
      return scanLoops(context, members)
    case table.matmul:
      return matmulCalls(memory, x, accumulated.has(x))
    case table.concat:
      return concatLoops(memory, x)
    case table.unslice:
      return unsliceLoops(memory, x)
    case table.scatter:
    case table.untake:
      return scatterLoops(memory, x)
    case table.cumsum:
      return cumsumLoops(memory, x)
    default: {
      if (isDepthwise(x)) return depthwiseLoops(memory, x)
      if (isSmallWindow(x)) return argmaxWindowLoops(memory, x, context.buffers)
      if (!isConvolution(x)) return [hostCall(memory, x)]
      return convStatements(memory, x, context.buffers)
    }
  }
}

/** Gives each stored expression its buffer; aliases share that of what they rename. */
class Storage {
  readonly regions: Map<Expression, Region>
  readonly slots: Map<number, Buffer>

  constructor() {
    this.regions = new Map()
    this.slots = new Map()
  }

  leaf(x: Leaf, isState: boolean): void {
    const { source, shape, dtype, id } = x
    const common = { type: typeOf(dtype), size: sizeOf(shape) }
    if (source.kind === 'input') {
      const buffer: Buffer = { ...common, name: `in${source.slot}`, kind: isState ? 'state' : 'input' }
      this.regions.set(x, regionOver(buffer))
      this.slots.set(source.slot, buffer)
    } else if (source.kind === 'constant') {
      const data = source.data.data
      this.regions.set(x, regionOver({ ...common, name: `constant${id}`, kind: 'constant', data }))
    } else if (source.kind === 'bound') {
      throw escaped()
    }
  }

  /** A uniform that is read as an array. */
  filled(x: Leaf): Region {
    const known = this.regions.get(x)
    if (known !== undefined) return known
    const size = sizeOf(x.shape)
    const value = x.source.kind === 'uniform' ? x.source.value : 0
    const data = x.dtype === 'float32' ? new Float32Array(size).fill(value) : new Float64Array(size).fill(value)
    const region = regionOver({ name: `uniform${x.id}`, type: typeOf(x.dtype), size, kind: 'constant', data })
    this.regions.set(x, region)
    return region
  }
}

/** The program that computes the results and then carries out the effects. */
export function lower(results: readonly Expression[], effects: readonly Effect[]): Lowered {
  const steps = planEffects(effects)
  const written = new Set(effects.map(({ target }) => target))
  const roots = [...results, ...written, ...steps.flatMap(({ reads }) => reads)]
  const order = inOrder([...roots, ...steps.flatMap(({ values }) => values)])
  const stored = chooseStored(order, roots)
  const storage = new Storage()
  const isOutput = new Set<Expression>(results)
  for (const x of order) {
    if (x.op === null) storage.leaf(x, written.has(x))
  }
  // A result that renames something stored makes that an output.
  for (const x of [...order].reverse()) {
    if (x.op !== null && isOutput.has(x) && isAlias(x, stored)) isOutput.add(x.inputs[0] as Expression)
  }
  for (const x of order) {
    if (x.op === null || !stored.has(x)) continue
    if (isAlias(x, stored)) {
      const from = x.inputs[0] as Expression
      storage.regions.set(
        x,
        from.op === null && from.source.kind === 'uniform'
          ? storage.filled(from)
          : (storage.regions.get(from) as Region),
      )
      continue
    }
    storage.regions.set(x, resultRegion(x, isOutput.has(x) ? 'output' : 'scratch'))
  }
  const memory: Memory = (x) =>
    x.op === null && x.source.kind === 'uniform' ? storage.filled(x) : storage.regions.get(x)
  const context: Context = { memory, buffers: new Set(), accumulated: new Set(), lower: kernelStatements }
  const body = planKernels(order, stored).flatMap((kernel) => kernelStatements(context, kernel))
  const after = steps.flatMap(({ statements }) => statements(memory))
  const outputs = results.map((x) => memoryOf(memory, x).buffer)
  const own = [...storage.regions.values()].map(({ buffer }) => buffer)
  const buffers = new Set<Buffer>([...own, ...context.buffers])
  const program = withoutDeadStores({ buffers: [...buffers], body: [...body, ...after] }, outputs)
  return { program, slots: storage.slots, results: outputs }
}
