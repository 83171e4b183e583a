/** Circular and hyperbolic functions and their inverses. */
import { cosine, hypotenuse } from '../kernels/hypotenuse.ts'
import { sechSquaredLoop, tanhLoop } from '../kernels/loops.ts'
import type { Op } from '../op.ts'
import { binary, unary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]
const inner: readonly [number, number] = [-0.9, 0.9]
const outer: readonly [number, number] = [1.2, 4]

export const sin: Op = unary('sin', {
  forward: Math.sin,
  derivative: (k, x) => k.cos(x),
  smooth: { domain: [reals], reference: [[0.75, 0.6816387600233341]] },
})

export const cos: Op = unary('cos', {
  forward: Math.cos,
  derivative: (k, x) => k.neg(k.sin(x)),
  smooth: { domain: [reals], reference: [[0.75, 0.7316888688738209]] },
})

export const tan: Op = unary('tan', {
  forward: Math.tan,
  derivative: (k, _x, y) => k.add(1, k.square(y)),
  smooth: { domain: [[-1.2, 1.2]], reference: [[0.75, 0.9315964599440725]] },
})

export const asin: Op = unary('asin', {
  forward: Math.asin,
  derivative: (k, x) => k.asinSlope(x),
  smooth: { domain: [inner], reference: [[0.75, 0.848062078981481]] },
})

export const acos: Op = unary('acos', {
  forward: Math.acos,
  derivative: (k, x) => k.neg(k.asinSlope(x)),
  smooth: { domain: [inner], reference: [[-0.5, 2.0943951023931957]] },
})

export const atan: Op = unary('atan', {
  forward: Math.atan,
  derivative: (k, x) => k.atanSlope(x),
  smooth: { domain: [reals], reference: [[0.75, 0.6435011087932844]] },
})

export const sinh: Op = unary('sinh', {
  forward: Math.sinh,
  derivative: (k, x) => k.cosh(x),
  smooth: { domain: [reals], reference: [[0.75, 0.82231673193583]] },
})

export const cosh: Op = unary('cosh', {
  forward: Math.cosh,
  derivative: (k, x) => k.sinh(x),
  smooth: { domain: [reals], reference: [[0.75, 1.2946832846768448]] },
})

/** The derivative is sech²(x), not 1 − y², which has no digits left where |y| is next to 1. */
export const tanh: Op = unary('tanh', {
  forward: Math.tanh,
  loop: tanhLoop,
  derivative: (k, x) => k.sechSquared(x),
  smooth: { domain: [reals], reference: [[0.75, 0.6351489523872873]] },
})

export const asinh: Op = unary('asinh', {
  forward: Math.asinh,
  derivative: (k, x) => k.asinhSlope(x),
  smooth: { domain: [reals], reference: [[0.75, 0.6931471805599453]] },
})

export const acosh: Op = unary('acosh', {
  forward: Math.acosh,
  derivative: (k, x) => k.acoshSlope(x),
  smooth: { domain: [outer], reference: [[1.5, 0.9624236501192069]] },
})

export const atanh: Op = unary('atanh', {
  forward: Math.atanh,
  derivative: (k, x) => k.atanhSlope(x),
  smooth: { domain: [inner], reference: [[0.75, 0.9729550745276566]] },
})

/** The angle of the point (x, y), with z = x + iy: ∂/∂y = Re(1/z), ∂/∂x = Im(1/z). */
export const atan2: Op = binary('atan2', {
  forward: (y, x) => Math.atan2(y, x),
  da: (k, g, _y, y, x) => k.mulNoNan(g, k.inversePower(x, y, 1, false)),
  db: (k, g, _y, y, x) => k.mulNoNan(g, k.inversePower(x, y, 1, true)),
  smooth: {
    domain: [reals, [0.3, 3]],
    reference: [
      [0.75, 1.5, 0.4636476090008061],
      [2.25, -0.5, 1.7894652726688385],
    ],
  },
})

type PowerArgs = { readonly order: number; readonly imaginary: boolean }

/** Re or Im of (a + ib)⁻ⁿ: the unit vector to the power n, then n divisions by the modulus, so that none overflows early. */
function inverse(a: number, b: number, { order, imaginary }: PowerArgs): number {
  const c = cosine(a, b)
  const s = -cosine(b, a)
  let re = c
  let im = s
  for (let n = 1; n < order; n++) [re, im] = [n === 1 ? (c - s) * (c + s) : re * c - im * s, re * s + im * c]
  let part = imaginary ? im : re
  const modulus = hypotenuse(a, b)
  for (let n = 0; n < order && part !== 0; n++) part /= modulus
  return part
}

/** d/dz z⁻ⁿ = −n·z⁻ⁿ⁻¹ in real terms (Cauchy and Riemann): the derivatives of atan2 of every order. 0 at the origin. */
export const inversePower: Op<PowerArgs> = binary('inversePower', {
  forward: inverse,
  da: (k, g, _y, a, b, { order, imaginary }) =>
    k.mulNoNan(g, k.mul(-order, k.inversePower(a, b, order + 1, imaginary))),
  db: (k, g, _y, a, b, { order, imaginary }) =>
    k.mulNoNan(g, k.mul(imaginary ? -order : order, k.inversePower(a, b, order + 1, !imaginary))),
  smooth: {
    args: { order: 2, imaginary: false },
    domain: [reals, [0.3, 3]],
    reference: [
      [0.5, 0.5, 0],
      [2, 0, 0.25],
    ],
  },
})

/** With c = direction(a, b), s = direction(b, a), h = hypot(a, b): ∂c/∂a = s²/h, ∂c/∂b = −s·c/h. */
export const direction: Op = binary('direction', {
  forward: cosine,
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.mulNoNan(k.square(k.direction(b, a)), k.reciprocal(k.hypot(a, b)))),
  db: (k, g, y, a, b) =>
    k.mulNoNan(g, k.neg(k.mulNoNan(k.mulNoNan(y, k.direction(b, a)), k.reciprocal(k.hypot(a, b))))),
  smooth: {
    domain: [reals, [0.3, 3]],
    reference: [
      [0.75, 1.5, 0.4472135954999579],
      [2.25, -0.5, 0.9761870601839527],
      [0, 0, 0],
    ],
  },
})

/** sech²(x), closed under differentiation: its slope is −2·tanh(x)·sech²(x). */
export const sechSquared: Op = unary('sechSquared', {
  forward: (x) => {
    const e = Math.exp(-2 * Math.abs(x))
    return (4 * e) / ((1 + e) * (1 + e))
  },
  loop: sechSquaredLoop,
  derivative: (k, x, y) => k.mul(-2, k.mul(k.tanh(x), y)),
  smooth: { domain: [reals], reference: [[0.75, 0.5965858082813315]] },
})

/** s = 1/√(1 − x²), from (1 − x)(1 + x), exact next to ±1; s′ = x·s³. */
export const asinSlope: Op = unary('asinSlope', {
  forward: (x) => 1 / Math.sqrt((1 - x) * (1 + x)),
  derivative: (k, x, y) => k.mul(k.mulNoNan(x, y), k.square(y)),
  smooth: { domain: [inner], reference: [[0.75, 1.511857892036909]] },
})

/** s = 1/√(1 + x²); s′ = −x·s³, multiplied so that no power overflows. */
export const asinhSlope: Op = unary('asinhSlope', {
  forward: (x) => 1 / Math.hypot(1, x),
  derivative: (k, x, y) => k.neg(k.mul(k.mulNoNan(x, y), k.square(y))),
  smooth: { domain: [reals], reference: [[0.75, 0.8]] },
})

/** s = 1/√(x² − 1), from two roots, so that x² cannot overflow; s′ = −x·s³. */
export const acoshSlope: Op = unary('acoshSlope', {
  forward: (x) => 1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1)),
  derivative: (k, x, y) => k.neg(k.mul(k.mulNoNan(x, y), k.square(y))),
  smooth: { domain: [outer], reference: [[1.5, 0.8944271909999159]] },
})

/** s = 1/(1 + x²); s′ = −2x·s². */
export const atanSlope: Op = unary('atanSlope', {
  forward: (x) => 1 / (1 + x * x),
  derivative: (k, x, y) => k.mul(-2, k.mul(k.mulNoNan(x, y), y)),
  smooth: { domain: [reals], reference: [[0.75, 0.64]] },
})

/** s = 1/(1 − x²), NaN outside the domain of atanh; s′ = 2x·s². */
export const atanhSlope: Op = unary('atanhSlope', {
  forward: (x) => (x >= -1 && x <= 1 ? 1 / ((1 - x) * (1 + x)) : Number.NaN),
  derivative: (k, x, y) => k.mul(2, k.mul(k.mulNoNan(x, y), y)),
  smooth: { domain: [inner], reference: [[0.75, 2.2857142857142856]] },
})
