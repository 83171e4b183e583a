/** Makes expressions: equal ones once, what is known in advance computed, what changes nothing left out. */
import { carrierOf } from '../../carriers/carrier.ts'
import { castData, type Data, type DType, dtypeOf, NdArray, shapeOf, toNdArray } from '../../data.ts'
import type { AxesArgs, Carrier, Op, ShapeArgs } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { broadcastShapes, reducedShape, type Shape, sameShape, sizeOf } from '../../shape.ts'
import { argsText } from '../argsText.ts'
import { type Expression, isElementwise, type Leaf, type Maker, type Operation, uniformOf } from './expression.ts'
import { simplify } from './simplify.ts'

/** Constants up to this size are computed while compiling; larger ones would make the program large. */
const FOLDED = 4096

export class Builder implements Maker {
  private readonly known: Map<string, Expression>
  private readonly opIds: Map<Op, number>
  private next: number
  /** The words of derivative rules and compositions, over expressions. */
  readonly k: Carrier<Expression>

  constructor() {
    this.known = new Map()
    this.opIds = new Map()
    this.next = 0
    this.k = carrierOf<Expression>({
      apply: (op, a, b, args) => this.infer(op, op.arity === 1 ? [this.lift(a)] : [this.lift(a), this.lift(b)], args),
      applyList: (op, inputs, args) =>
        this.infer(
          op,
          inputs.map((x) => this.lift(x)),
          args,
        ),
      shape: (x) => (typeof x === 'number' ? [] : x.shape),
      dtype: (x) => (typeof x === 'number' ? 'float64' : x.dtype),
      constant: (x) => this.constant(x),
    })
  }

  input(slot: number, shape: Shape, dtype: DType): Expression {
    return { id: this.next++, op: null, source: { kind: 'input', slot }, shape, dtype }
  }

  /** What stands for a carry of a loop, or a row of what it walks. */
  bound(shape: Shape, dtype: DType): Leaf {
    return { id: this.next++, op: null, source: { kind: 'bound' }, shape, dtype }
  }

  /**
   * One number throughout. A number that float32 does not have is float64 in any case: as a plain number beside float32
   * it keeps its digits until it is known what is done with it (see narrow.ts).
   */
  uniform(value: number, shape: Shape, wanted: DType): Expression {
    const dtype = Object.is(Math.fround(value), value) ? wanted : 'float64'
    const key = `=${Object.is(value, -0) ? '-0' : value}|${shape}|${dtype}`
    return this.once(key, (id) => ({ id, op: null, source: { kind: 'uniform', value }, shape, dtype }))
  }

  constant(x: Data): Expression {
    const data = toNdArray(x)
    const first = data.data[0]
    if (first !== undefined && data.data.every((n) => Object.is(n, first))) {
      return this.uniform(first, data.shape, dtypeOf(data))
    }
    return { id: this.next++, op: null, source: { kind: 'constant', data }, shape: data.shape, dtype: dtypeOf(data) }
  }

  /** A plain number beside expressions has no say in the dtype: it takes that of the expression that it meets. */
  private lift(x: Expression | number): Expression {
    return typeof x === 'number' ? this.uniform(x, [], 'float64') : x
  }

  /** The operation, its shape and dtype inferred: for those that rules and expansions are written in. */
  private infer(op: Op, inputs: readonly Expression[], args: unknown): Expression {
    const arrays = inputs.filter((x) => uniformOf(x) === undefined || x.shape.length > 0)
    const said = arrays.length > 0 ? arrays : inputs
    const dtype =
      op === table.cast
        ? (args as { dtype: DType }).dtype
        : said.every((x) => x.dtype === 'float32')
          ? 'float32'
          : 'float64'
    return this.apply(op, inputs, args, shapeAfter(op, inputs, args), dtype)
  }

  /** The operation on expressions, simplified. */
  apply(op: Op, inputs: readonly Expression[], args: unknown, shape: Shape, dtype: DType): Expression {
    const simpler = simplify(this, op, inputs, args, shape, dtype) ?? this.fold(op, inputs, args, shape, dtype)
    return simpler ?? this.operation(op, inputs, args, shape, dtype)
  }

  /** The operation on expressions as it is. */
  operation(op: Op, inputs: readonly Expression[], args: unknown, shape: Shape, dtype: DType): Expression {
    const key = this.keyOf(op, inputs, args, shape, dtype)
    return this.once(key, (id): Operation => ({ id, op, inputs, args, shape, dtype }))
  }

  private once(key: string | undefined, create: (id: number) => Expression): Expression {
    const before = key === undefined ? undefined : this.known.get(key)
    if (before !== undefined) return before
    const created = create(this.next++)
    if (key !== undefined) this.known.set(key, created)
    return created
  }

  private keyOf(op: Op, inputs: readonly Expression[], args: unknown, shape: Shape, dtype: DType): string | undefined {
    const id = this.opIds.get(op) ?? this.opIds.size
    this.opIds.set(op, id)
    const plain = argsText(args)
    return plain === undefined ? undefined : `${id}(${inputs.map((x) => x.id)})${plain}|${shape}|${dtype}`
  }

  /** Computes what depends on constants only. */
  private fold(
    op: Op,
    inputs: readonly Expression[],
    args: unknown,
    shape: Shape,
    dtype: DType,
  ): Expression | undefined {
    const numbers = inputs.map(uniformOf)
    if (op.scalar !== null && numbers.every((x) => x !== undefined)) {
      const value = op.scalar(numbers[0] ?? 0, numbers[1] ?? 0, args)
      return this.uniform(dtype === 'float32' ? Math.fround(value) : value, shape, dtype)
    }
    if (sizeOf(shape) > FOLDED) return undefined
    const data = inputs.map(dataOf)
    if (!data.every((x) => x !== undefined) || data.length === 0) return undefined
    const all = data as readonly Data[]
    const result =
      op.arity > 2 || op.dlist !== null ? op.forwardList(all, args) : op.forward(all[0] as Data, all[1] ?? 0, args)
    if (!sameShape(shapeOf(result), shape)) return undefined
    return this.constant(castData(result, dtype))
  }
}

/** The numbers of a small constant; undefined for what is computed. */
function dataOf(x: Expression): Data | undefined {
  if (x.op !== null || x.source.kind === 'input' || x.source.kind === 'bound') return undefined
  if (x.source.kind === 'constant') return x.source.data.data.length <= FOLDED ? x.source.data : undefined
  if (x.shape.length === 0 && x.dtype === 'float64') return x.source.value
  const size = sizeOf(x.shape)
  if (size > FOLDED) return undefined
  const data = x.dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)
  return new NdArray(x.shape, data.fill(x.source.value))
}

/** The shape of a result, for the operations that expansions use. */
function shapeAfter(op: Op, inputs: readonly Expression[], args: unknown): Shape {
  const [first] = inputs
  if (isElementwise(op)) return inputs.reduce<Shape>((shape, x) => broadcastShapes(op.name, shape, x.shape), [])
  if (op === table.reshape || op === table.broadcastTo) return (args as ShapeArgs).shape
  if ((op === table.sum || op === table.max) && first !== undefined) {
    const { axes, keepDims } = args as AxesArgs
    return reducedShape(first.shape, axes, keepDims)
  }
  if (op === table.cast && first !== undefined) return first.shape
  throw new Error(`the compiler cannot tell the shape of ${op.name}`)
}
