/** Lowers expressions of arrays to loops. */
import { table } from '../../ops/table.ts'
import { sizeOf } from '../../shape.ts'
import type { Expression, Leaf, Operation } from '../graph/expression.ts'
import { address, type Buffer, type HostCall, type Program, type Span, type Statement } from '../program/program.ts'
import { chooseStored, inOrder } from './arrays.ts'
import { type Memory, memoryOf, typeOf } from './elements.ts'
import { hostCall } from './host.ts'
import { mapLoops, targetOf } from './map.ts'
import { matmulCalls } from './matmul.ts'
import { isAlias, type Kernel, planKernels } from './plan.ts'
import { reduceLoops } from './reduce.ts'
import { concatLoops, cumsumLoops, scatterLoops, unsliceLoops } from './scatter.ts'
import { withoutDeadStores } from './unused.ts'

/** What happens after everything is computed: numbers that stay in a slot, for the next run. */
export interface Effect {
  readonly name: string
  /** The input that gets new numbers. */
  readonly target: Expression
  readonly reads: readonly Expression[]
  /** Writes them, from what is read and from the old ones. */
  readonly run: HostCall['run']
}

export interface Lowered {
  readonly program: Program
  /** The buffer of each slot that the program reads or writes. */
  readonly slots: ReadonlyMap<number, Buffer>
  /** The buffers of the results, in order. */
  readonly results: readonly Buffer[]
}

function kernelStatements(memory: Memory, kernel: Kernel): Statement[] {
  const { kind, shape, members } = kernel
  if (kind === 'map')
    return mapLoops(
      memory,
      shape,
      members.map((x) => targetOf(memory, x)),
    )
  if (kind === 'reduce') return reduceLoops(memory, kernel)
  const x = members[0] as Operation
  switch (x.op) {
    case table.matmul:
      return matmulCalls(memory, x)
    case table.concat:
      return concatLoops(memory, x)
    case table.unslice:
      return unsliceLoops(memory, x)
    case table.scatter:
    case table.untake:
      return scatterLoops(memory, x)
    case table.cumsum:
      return cumsumLoops(memory, x)
    default:
      return [hostCall(memory, x)]
  }
}

/** Gives each stored expression its buffer; aliases share that of what they rename. */
class Storage {
  readonly buffers: Map<Expression, Buffer>
  readonly slots: Map<number, Buffer>

  constructor() {
    this.buffers = new Map()
    this.slots = new Map()
  }

  leaf(x: Leaf, isState: boolean): void {
    const { source, shape, dtype, id } = x
    const common = { type: typeOf(dtype), size: sizeOf(shape) }
    if (source.kind === 'input') {
      const buffer: Buffer = { ...common, name: `in${source.slot}`, kind: isState ? 'state' : 'input' }
      this.buffers.set(x, buffer)
      this.slots.set(source.slot, buffer)
    } else if (source.kind === 'constant') {
      this.buffers.set(x, { ...common, name: `constant${id}`, kind: 'constant', data: source.data.data })
    }
  }

  /** A uniform that is read as an array. */
  filled(x: Leaf): Buffer {
    const known = this.buffers.get(x)
    if (known !== undefined) return known
    const size = sizeOf(x.shape)
    const value = x.source.kind === 'uniform' ? x.source.value : 0
    const data = x.dtype === 'float32' ? new Float32Array(size).fill(value) : new Float64Array(size).fill(value)
    const buffer: Buffer = { name: `uniform${x.id}`, type: typeOf(x.dtype), size, kind: 'constant', data }
    this.buffers.set(x, buffer)
    return buffer
  }
}

/** The program that computes the results and then carries out the effects. */
export function lower(results: readonly Expression[], effects: readonly Effect[]): Lowered {
  const written = new Set(effects.map(({ target }) => target))
  const roots = [...results, ...effects.flatMap(({ target, reads }) => [target, ...reads])]
  const order = inOrder(roots)
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
      storage.buffers.set(
        x,
        from.op === null && from.source.kind === 'uniform'
          ? storage.filled(from)
          : (storage.buffers.get(from) as Buffer),
      )
      continue
    }
    storage.buffers.set(x, {
      name: `${x.op.name}${x.id}`,
      type: typeOf(x.dtype),
      size: sizeOf(x.shape),
      kind: isOutput.has(x) ? 'output' : 'scratch',
    })
  }
  const memory: Memory = (x) =>
    x.op === null && x.source.kind === 'uniform' && stored.has(x) ? storage.filled(x) : storage.buffers.get(x)
  const body = planKernels(order, stored).flatMap((kernel) => kernelStatements(memory, kernel))
  const after = effects.map((effect) => effectCall(memory, effect))
  const outputs = results.map((x) => memoryOf(memory, x))
  const buffers = new Set<Buffer>(storage.buffers.values())
  const program = withoutDeadStores({ buffers: [...buffers], body: [...body, ...after] }, outputs)
  return { program, slots: storage.slots, results: outputs }
}

function effectCall(memory: Memory, { name, target, reads, run }: Effect): HostCall {
  const span = (x: Expression): Span => {
    const buffer = memoryOf(memory, x)
    return { address: address(buffer, 0), size: buffer.size }
  }
  return { kind: 'host', name, run, inputs: reads.map(span), output: span(target) }
}
