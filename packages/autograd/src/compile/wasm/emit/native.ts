/** The records that are a few instructions. Each formula gives what `op.scalar` gives, bit for bit in float64. */
import type { Op } from '../../../op.ts'
import * as activation from '../../../ops/activation.ts'
import * as arithmetic from '../../../ops/arithmetic.ts'
import { maximum, minimum, preference } from '../../../ops/comparison.ts'
import { gap } from '../../../ops/exponential.ts'
import * as rounding from '../../../ops/rounding.ts'
import type { Numbers, Push } from './numbers.ts'

export interface Operand {
  readonly push: Push
  /** The number, where it is known. */
  readonly constant: number | null
  /** Whether it can be neither infinite nor NaN. */
  readonly isFinite: boolean
}

/** Leaves the result on the stack. */
export type Recipe = (n: Numbers, x: Push, y: Push, args: unknown, operands: readonly Operand[]) => void

/** 0 wins over NaN and ±∞: where a factor is 0 and the product NaN, the product is 0. */
const mulNoNan: Recipe = (n, x, y, _args, operands) => {
  const product = (): void => n.apply('mul', x, y)
  const [a, b = a] = operands
  // A factor that is a finite number other than 0 makes NaN only of NaN.
  if (operands.some(({ constant: c }) => c !== null && c !== 0 && Number.isFinite(c))) return product()
  // The 0 of a factor only matters where the other one may not be finite.
  const isZero = [x, y].filter((_, i) => (i === 0 ? b : a)?.isFinite !== true)
  if (isZero.length === 0) return product()
  const [first, second] = isZero.map((factor) => () => n.compare('eq', factor, () => n.constant(0)))
  n.keep(product, (p) => {
    const absorbs = (): void => {
      if (first !== undefined && second !== undefined) n.either(first, second)
      else first?.()
    }
    n.zeroWhere(() => n.both(absorbs, () => n.compare('ne', p, p)), p)
  })
}

/** The largest float32 not above x, the smallest not below: comparisons with them decide as those with x do. */
function roundDown(x: number): number {
  const nearest = Math.fround(x)
  return nearest <= x || Number.isNaN(x) ? nearest : -roundUp(-x)
}
function roundUp(x: number): number {
  const nearest = Math.fround(x)
  if (nearest >= x || Number.isNaN(x)) return nearest
  const bits = new Int32Array(Float32Array.of(nearest === 0 ? 0 : nearest).buffer)
  bits[0] = (bits[0] as number) + (nearest < 0 ? -1 : 1)
  return new Float32Array(bits.buffer)[0] as number
}

function bounds(n: Numbers, args: unknown): { readonly min: number; readonly max: number } {
  const { min, max } = args as activation.Bounds
  return n.type === 'f64' ? { min, max } : { min: roundUp(min), max: roundDown(max) }
}

const sqrt: Recipe = (n, x) =>
  n.unary('sqrt', () =>
    n.apply('add', x, () => {
      n.constant(0)
    }),
  )

/** A number, as a push. */
const k =
  (n: Numbers, x: number): Push =>
  () =>
    n.constant(x)

const recipes: readonly (readonly [Op, Recipe])[] = [
  [arithmetic.add, (n, x, y) => n.apply('add', x, y)],
  [arithmetic.sub, (n, x, y) => n.apply('sub', x, y)],
  [arithmetic.mul, (n, x, y) => n.apply('mul', x, y)],
  [arithmetic.div, (n, x, y) => n.apply('div', x, y)],
  [arithmetic.mulNoNan, mulNoNan],
  [
    arithmetic.divNoNan,
    (n, x, y) =>
      n.zeroWhere(
        () => n.compare('eq', x, k(n, 0)),
        () => n.apply('div', x, y),
      ),
  ],
  [arithmetic.neg, (n, x) => n.unary('neg', x)],
  [arithmetic.abs, (n, x) => n.unary('abs', x)],
  [arithmetic.square, (n, x) => n.apply('mul', x, x)],
  [arithmetic.sqrt, sqrt],
  [arithmetic.rsqrt, (n, x, y, args, o) => n.apply('div', k(n, 1), () => sqrt(n, x, y, args, o))],
  [arithmetic.reciprocal, (n, x) => n.apply('div', k(n, 1), x)],
  [
    gap,
    (n, x, y) =>
      n.zeroWhere(
        () => n.compare('eq', x, y),
        () => n.apply('sub', x, y),
      ),
  ],
  [maximum, (n, x, y) => n.apply('max', x, y)],
  [minimum, (n, x, y) => n.apply('min', x, y)],
  [
    preference,
    (n, x, y) =>
      n.select(
        () => n.compare('gt', x, y),
        k(n, 1),
        () =>
          n.select(
            () => n.compare('eq', x, y),
            k(n, 0.5),
            () => n.select(() => n.compare('lt', x, y), k(n, 0), k(n, Number.NaN)),
          ),
      ),
  ],
  [rounding.floor, (n, x) => n.unary('floor', x)],
  [rounding.ceil, (n, x) => n.unary('ceil', x)],
  [rounding.trunc, (n, x) => n.unary('trunc', x)],
  [rounding.round, (n, x) => n.unary('nearest', x)],
  [
    rounding.sign,
    (n, x) =>
      n.select(
        () => n.compare('gt', x, k(n, 0)),
        k(n, 1),
        () => n.select(() => n.compare('lt', x, k(n, 0)), k(n, -1), x),
      ),
  ],
  [
    activation.step,
    (n, x) =>
      n.select(
        () => n.compare('ne', x, x),
        x,
        () => n.truth(() => n.compare('gt', x, k(n, 0))),
      ),
  ],
  [activation.relu, (n, x) => n.zeroWhere(() => n.compare('le', x, k(n, 0)), x)],
  [
    activation.leakyRelu,
    (n, x, _y, args) =>
      n.select(
        () => n.compare('gt', x, k(n, 0)),
        x,
        () => n.apply('mul', k(n, (args as { readonly slope: number }).slope), x),
      ),
  ],
  [
    activation.inside,
    (n, x, _y, args) => {
      const { min, max } = bounds(n, args)
      n.select(
        () => n.compare('ne', x, x),
        x,
        () =>
          n.truth(() =>
            n.both(
              () => n.compare('ge', x, k(n, min)),
              () => n.compare('le', x, k(n, max)),
            ),
          ),
      )
    },
  ],
  [
    activation.clamp,
    (n, x, _y, args) => {
      const { min, max } = args as activation.Bounds
      n.select(
        () => n.compare('lt', x, k(n, min)),
        k(n, min),
        () => n.select(() => n.compare('gt', x, k(n, max)), k(n, max), x),
      )
    },
  ],
  [
    activation.relu6,
    (n, x) =>
      n.zeroWhere(
        () => n.compare('le', x, k(n, 0)),
        () => n.select(() => n.compare('gt', x, k(n, 6)), k(n, 6), x),
      ),
  ],
  [
    activation.hardSigmoid,
    (n, x) =>
      n.zeroWhere(
        () => n.compare('le', x, k(n, -3)),
        () =>
          n.select(
            () => n.compare('ge', x, k(n, 3)),
            k(n, 1),
            () => sixth(n, x),
          ),
      ),
  ],
  [
    activation.hardSwish,
    (n, x) =>
      n.zeroWhere(
        () => n.compare('le', x, k(n, -3)),
        () =>
          n.select(
            () => n.compare('ge', x, k(n, 3)),
            x,
            () => n.apply('mul', x, () => sixth(n, x)),
          ),
      ),
  ],
]

/** (x + 3)/6 */
function sixth(n: Numbers, x: Push): void {
  n.apply('div', () => n.apply('add', x, k(n, 3)), k(n, 6))
}

/** Records that are written out as instructions; comparisons and `where` have their own place. */
export const native: ReadonlyMap<Op, Recipe> = new Map(recipes)
