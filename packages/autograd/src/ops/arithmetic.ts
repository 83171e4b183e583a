/** Sums, products, powers and their kin. */

import { hypotenuse } from '../kernels/hypotenuse.ts'
import { addLoop, divLoop, mulLoop, mulNoNanLoop, negLoop, squareLoop, subLoop } from '../kernels/loops.ts'
import type { Op } from '../op.ts'
import { binary, unary } from './elementwise.ts'

const reals: readonly [number, number] = [-3, 3]
const positive: readonly [number, number] = [0.2, 4]

export const add: Op = binary('add', {
  forward: (a, b) => a + b,
  loop: addLoop,
  da: (_k, g) => g,
  db: (_k, g) => g,
  smooth: { domain: [reals, reals], reference: [[0.75, -0.5, 0.25]] },
})

export const sub: Op = binary('sub', {
  forward: (a, b) => a - b,
  loop: subLoop,
  da: (_k, g) => g,
  db: (k, g) => k.neg(g),
  smooth: { domain: [reals, reals], reference: [[0.75, -0.5, 1.25]] },
})

export const mul: Op = binary('mul', {
  forward: (a, b) => a * b,
  loop: mulLoop,
  da: (k, g, _y, _a, b) => k.mulNoNan(g, b),
  db: (k, g, _y, a) => k.mulNoNan(g, a),
  smooth: { domain: [reals, reals], reference: [[0.75, -0.5, -0.375]] },
})

/** a/b. With y = a/b: ∂/∂b = −y/b, which cannot overflow where b² would. */
export const div: Op = binary('div', {
  forward: (a, b) => a / b,
  loop: divLoop,
  da: (k, g, _y, _a, b) => k.mulNoNan(g, k.reciprocal(b)),
  db: (k, g, y, _a, b) => k.mulNoNan(g, k.neg(k.divNoNan(y, b))),
  smooth: { domain: [reals, [0.5, 3]], reference: [[0.75, -0.5, -1.5]] },
})

/** The product of a cotangent and a local derivative: a branch that no gradient flows through yields 0, never NaN. */
export const mulNoNan: Op = binary('mulNoNan', {
  forward: (a, b) => {
    const product = a * b
    return product === product || (a !== 0 && b !== 0) ? product : 0
  },
  loop: mulNoNanLoop,
  da: (k, g, _y, _a, b) => k.mulNoNan(g, b),
  db: (k, g, _y, a) => k.mulNoNan(g, a),
  smooth: {
    domain: [reals, reals],
    reference: [
      [0.75, -0.5, -0.375],
      [0, Number.POSITIVE_INFINITY, 0],
      [Number.NaN, 0, 0],
    ],
  },
})

export const divNoNan: Op = binary('divNoNan', {
  forward: (a, b) => (a === 0 ? 0 : a / b),
  da: (k, g, _y, _a, b) => k.mulNoNan(g, k.reciprocal(b)),
  db: (k, g, y, _a, b) => k.mulNoNan(g, k.neg(k.divNoNan(y, b))),
  smooth: {
    domain: [reals, [0.5, 3]],
    reference: [
      [0.75, -0.5, -1.5],
      [0, 0, 0],
    ],
  },
})

/** IEEE 754 makes 1^y = 1 for every y, where Math.pow gives NaN for an infinite one. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b
}

/** ∂/∂a = b·a^(b−1), 0 for b = 0; ∂/∂b = y·log a, 0 at a = 0 for b ≥ 0 as in PyTorch. */
export const pow: Op = binary('pow', {
  forward: power,
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.mulNoNan(b, k.pow(a, k.sub(b, 1)))),
  db: (k, g, y, a, b) => {
    const alive = k.add(k.ne(a, 0), k.lt(b, 0))
    return k.mulNoNan(g, k.where(alive, k.mulNoNan(y, k.log(a)), 0))
  },
  smooth: {
    domain: [positive, reals],
    reference: [
      [0.75, 1.5, 0.649519052838329],
      [2.25, -0.5, 0.6666666666666666],
    ],
  },
})

export const neg: Op = unary('neg', {
  forward: (x) => -x,
  loop: negLoop,
  derivative: () => -1,
  smooth: { domain: [reals], reference: [[0.75, -0.75]] },
})

export const abs: Op = unary('abs', {
  forward: Math.abs,
  derivative: (k, x) => k.sign(x),
  smooth: { domain: [reals], kinks: [0], reference: [[-0.5, 0.5]] },
})

/** The cotangent meets x before the 2, so that a huge x and a small cotangent do not overflow. */
export const square: Op = {
  ...unary('square', {
    forward: (x) => x * x,
    loop: squareLoop,
    derivative: (k, x) => k.mul(2, x),
    smooth: { domain: [reals], reference: [[-1.5, 2.25]] },
  }),
  da: (k, g, _y, x) => k.mul(2, k.mulNoNan(g, x)),
}

/** The derivative is ½/y. The sum with 0 turns −0 into 0, so that the slope at the border is +∞. */
export const sqrt: Op = unary('sqrt', {
  forward: (x) => Math.sqrt(x + 0),
  derivative: (k, _x, y) => k.div(0.5, y),
  smooth: { domain: [positive], reference: [[0.75, 0.8660254037844386]] },
})

export const rsqrt: Op = unary('rsqrt', {
  forward: (x) => 1 / Math.sqrt(x + 0),
  derivative: (k, x, y) => k.mul(-0.5, k.div(y, x)),
  smooth: { domain: [positive], reference: [[0.75, 1.1547005383792515]] },
})

export const cbrt: Op = unary('cbrt', {
  forward: Math.cbrt,
  derivative: (k, _x, y) => k.div(1 / 3, k.square(y)),
  smooth: { domain: [positive], reference: [[-0.5, -0.7937005259840998]] },
})

/** The cotangent meets 1/x before the second 1/x, so that a small cotangent keeps the square from overflowing. */
export const reciprocal: Op = {
  ...unary('reciprocal', {
    forward: (x) => 1 / x,
    derivative: (k, _x, y) => k.neg(k.square(y)),
    smooth: { domain: [positive], reference: [[0.75, 1.3333333333333333]] },
  }),
  da: (k, g, y) => k.neg(k.mulNoNan(k.mulNoNan(g, y), y)),
}

export const hypot: Op = binary('hypot', {
  forward: hypotenuse,
  da: (k, g, _y, a, b) => k.mulNoNan(g, k.direction(a, b)),
  db: (k, g, _y, a, b) => k.mulNoNan(g, k.direction(b, a)),
  smooth: {
    domain: [positive, reals],
    reference: [
      [0.75, 1.5, 1.6770509831248424],
      [0, 0, 0],
    ],
  },
})

/** The remainder with the divisor's sign, a − floor(a/b)·b, exact as JavaScript's `%`. */
function floorMod(a: number, b: number): number {
  const r = a % b
  return r !== 0 && r < 0 !== b < 0 ? r + b : r
}

export const mod: Op = binary('mod', {
  forward: floorMod,
  da: (_k, g) => g,
  db: (k, g, _y, a, b) => k.mulNoNan(g, k.neg(k.floorDiv(a, b))),
  smooth: {
    domain: [
      [2.2, 2.8],
      [1.5, 2.1],
    ],
    reference: [[-0.5, 0.75, 0.25]],
  },
})

/** floor(a/b), consistent with `mod` where a/b itself rounds. */
export const floorDiv: Op = binary('floorDiv', {
  forward: (a, b) => {
    if (Math.abs(b) === Number.POSITIVE_INFINITY) return a !== 0 && a < 0 !== b < 0 ? -1 : 0
    return Math.round((a - floorMod(a, b)) / b)
  },
  da: (k, g) => k.mulNoNan(g, 0),
  db: (k, g) => k.mulNoNan(g, 0),
  smooth: {
    domain: [
      [2.2, 2.8],
      [1.5, 2.1],
    ],
    reference: [[-0.5, 0.75, -1]],
  },
})
