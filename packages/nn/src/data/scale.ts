/** Bringing features to one scale: measured on the training part, applied to every part. */
import { constant, DomainError, type Operand, ShapeError, type Value } from '@adjoint/autograd'
import { readInput, showShape } from '../input.ts'
import { checkOptions, type Names } from '../options.ts'

/** (x − shift)/scale, feature by feature. */
export interface Scaler {
  /** One number a feature (in the shape of one row). */
  readonly shift: Value
  readonly scale: Value
  /** Scales rows as the training part was. @throws ShapeError for rows of another shape. */
  apply(x: Operand): Value
  /** Back from scaled rows to the original ones. @throws ShapeError */
  invert(x: Operand): Value
}

/**
 * A scaler to mean 0 and standard deviation 1 (of all rows, as scikit-learn's StandardScaler); a feature that does not
 * vary is only shifted.
 * @param x The training part: [rows, …features].
 * @throws ShapeError for a scalar or no rows.
 * @example
 * const scaler = standardize(train.x)
 * scaler.apply(test.x)
 */
export function standardize(x: Operand): Scaler {
  const rows = readRows('standardize', x)
  const mean = rows.mean({ axis: 0 })
  const spread = rows.std({ axis: 0, correction: 0 })
  // Of equal numbers the mean may be an ulp off, and the deviation of this order.
  const range = rows.max({ axis: 0 }).sub(rows.min({ axis: 0 }))
  return scaler('standardize', mean, nonZero(spread, range))
}

export interface MinMaxOptions {
  /** Where the smallest number goes. Default: 0. */
  readonly low?: number
  /** Where the largest number goes. Default: 1. */
  readonly high?: number
}

const minMaxOptions: Names<MinMaxOptions> = { low: true, high: true }

/**
 * A scaler that takes each feature's smallest number to `low` and its largest to `high`; a feature that does not vary
 * goes to `low`.
 * @throws ShapeError for a scalar or no rows; DomainError unless low < high.
 * @example minMax(train.x, { low: -1, high: 1 }).apply(test.x)
 */
export function minMax(x: Operand, options: MinMaxOptions = {}): Scaler {
  checkOptions('minMax', options, minMaxOptions)
  const { low = 0, high = 1 } = options
  if (!(low < high)) throw new DomainError(`minMax: the range ${low} … ${high} is empty. Give low below high.`)
  const rows = readRows('minMax', x)
  const min = rows.min({ axis: 0 })
  const range = rows.max({ axis: 0 }).sub(min)
  const scale = nonZero(range, range).div(high - low)
  return scaler('minMax', min.sub(scale.mul(low)), scale)
}

function readRows(name: string, x: Operand): Value {
  const rows = readInput(x, undefined, name).detach()
  if (rows.rank > 0 && rows.size > 0) return rows
  throw new ShapeError(`${name}: got an array of shape ${showShape(rows.shape)}. Give at least one row of features.`)
}

/** The scale, and 1 where the feature does not vary. */
function nonZero(scale: Value, range: Value): Value {
  const varies = range.data
  return constant(
    scale.data.map((s, i) => (varies[i] === 0 ? 1 : s)),
    { shape: scale.shape },
  )
}

function scaler(name: string, shift: Value, scale: Value): Scaler {
  const read = (x: Operand): Value => {
    const rows = readInput(x, shift.dtype, name)
    const row = rows.shape.slice(rows.rank - shift.rank)
    if (rows.rank >= shift.rank && row.every((n, axis) => n === shift.shape[axis])) return rows
    throw new ShapeError(
      `${name}: it was fitted to rows of shape ${showShape(shift.shape)}, got ${showShape(rows.shape)}. Give rows of the same features.`,
    )
  }
  return {
    shift,
    scale,
    apply: (x) => read(x).sub(shift).div(scale),
    invert: (x) => read(x).mul(scale).add(shift),
  }
}
