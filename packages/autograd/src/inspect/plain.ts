/** Formulas as plain text: `tanh(w · x + b)`, `3 · b²`, `Wᵀ @ x`. */

import { LEVEL, type Notation, notation, piece } from './notation.ts'
import { formatNumber } from './numbers.ts'

const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Numbers that a reader knows by another name. */
const KNOWN: ReadonlyMap<number, string> = new Map([
  [Math.LN2, 'log(2)'],
  [Math.LN10, 'log(10)'],
  [1 / 3, '⅓'],
  [Math.PI, 'π'],
  [1.1283791670955126, '(2/√π)'],
])

export const plain: Notation = notation({
  number: (x) => {
    const known = KNOWN.get(Math.abs(x))
    if (x < 0) return piece(`-${known ?? formatNumber(-x)}`, LEVEL.product, true)
    return piece(known ?? formatNumber(x))
  },
  // Anything but one word is quoted, so that a label like 'x1*w1' cannot be taken for a formula.
  name: (label) => piece(/^[\p{L}\p{M}\p{N}_.′']+$/u.test(label) ? label : `'${label}'`),
  parentheses: ['(', ')'],
  times: ' · ',
  matrixTimes: ' @ ',
  remainder: ' mod ',
  relations: { '>': ' > ', '≥': ' ≥ ', '<': ' < ', '≤': ' ≤ ', '=': ' = ', '≠': ' ≠ ' },
  absolute: ['|', '|'],
  norm: ['‖', '‖'],
  quotient: (a, b, left, right) => {
    const signed = a.signed && a.level >= LEVEL.product
    return piece(`${left(a, LEVEL.product)} / ${right(b, LEVEL.power)}`, LEVEL.product, signed)
  },
  superscript: (base, exponent) => {
    const digit = /^\d$/.test(exponent.text) ? DIGITS[Number(exponent.text)] : undefined
    if (digit !== undefined) return base + digit
    return `${base}^${exponent.level < LEVEL.atom ? `(${exponent.text})` : exponent.text}`
  },
  transposed: 'ᵀ',
  root: (x, degree, place) => piece(`${degree === 2 ? '√' : '∛'}${place(x, LEVEL.atom)}`, LEVEL.power),
  functionName: (name) => name,
  detail: (words) => words,
  total: (x, axes) => piece(`sum(${x.text}${axes === '' ? '' : `, ${axes}`})`),
  cases: (branches, otherwise) =>
    `${branches.map(([value, condition]) => `${value.text} if ${condition.text}`).join(', ')}, else ${otherwise.text}`,
  part: (x, ranges) => `${x}[${ranges}]`,
  hidesUnitAxes: false,
})
