/**
 * How formulas are put together, whatever the script: which operator binds how tightly, and where parentheses are
 * needed. A script (plain text, TeX) says only how the parts look.
 */

/** How tightly a piece holds together, loosest first. */
export const LEVEL = {
  cases: 0,
  relation: 1,
  sum: 2,
  total: 2.2,
  matrix: 2.5,
  product: 3,
  /** dy/dx, read as one sign. */
  derivative: 3.5,
  power: 4,
  atom: 5,
} as const

/** A written formula. */
export interface Piece {
  readonly text: string
  readonly level: number
  /** It begins with a minus sign, which must not meet an operator on its left. */
  readonly signed: boolean
}

export type Relation = '>' | '≥' | '<' | '≤' | '=' | '≠'
/** One branch of a choice: what holds, and when. */
export type Branch = readonly [value: Piece, condition: Piece]

/** A piece where at least `level` is needed: in parentheses if it binds more loosely. */
export type Place = (x: Piece, level: number) => string

/** What plain text and TeX differ in. */
export interface Script {
  number(x: number): Piece
  /** A label, as the user chose it. */
  name(label: string): Piece
  readonly parentheses: readonly [open: string, close: string]
  readonly times: string
  /** Between the factors of a matrix product. */
  readonly matrixTimes: string
  readonly remainder: string
  readonly relations: Readonly<Record<Relation, string>>
  readonly absolute: readonly [open: string, close: string]
  readonly norm: readonly [open: string, close: string]
  quotient(a: Piece, b: Piece, left: Place, right: Place): Piece
  superscript(base: string, exponent: Piece): string
  readonly transposed: string
  root(x: Piece, degree: 2 | 3, place: Place): Piece
  /** How the name of a function is written, `tanh` or `\tanh`. */
  functionName(name: string): string
  /** An argument in words, `axis = 1`. */
  detail(words: string): string
  /** Σ over all elements, or over the axes named. */
  total(x: Piece, axes: string, place: Place): Piece
  cases(branches: readonly Branch[], otherwise: Piece): string
  /** The part of an array, `x[1:3]`. */
  part(x: string, ranges: string): string
  /** Whether changes of shape that only add or drop axes of size 1 are left out. */
  readonly hidesUnitAxes: boolean
}

export interface Notation extends Script {
  sum(a: Piece, b: Piece): Piece
  difference(a: Piece, b: Piece): Piece
  product(a: Piece, b: Piece): Piece
  ratio(a: Piece, b: Piece): Piece
  modulo(a: Piece, b: Piece): Piece
  matrixProduct(a: Piece, b: Piece): Piece
  relation(symbol: Relation, a: Piece, b: Piece): Piece
  negative(a: Piece): Piece
  power(base: Piece, exponent: Piece): Piece
  transpose(a: Piece): Piece
  squareRoot(a: Piece): Piece
  cubeRoot(a: Piece): Piece
  /** Σ over all elements, or over the axes named. */
  sumOver(a: Piece, axes: string): Piece
  between(bars: 'absolute' | 'norm', a: Piece): Piece
  call(name: string, inputs: readonly Piece[], details?: readonly string[]): Piece
  choice(branches: readonly Branch[], otherwise: Piece): Piece
  partOf(a: Piece, ranges: string): Piece
  /** The formula as one side of an equation. */
  side(a: Piece): string
}

export function piece(text: string, level: number = LEVEL.atom, signed = false): Piece {
  return { text, level, signed }
}

/** The grammar of formulas, over a script. */
export function notation(script: Script): Notation {
  const { parentheses, times, matrixTimes, remainder, relations } = script
  const wrapped = (text: string): string => parentheses[0] + text + parentheses[1]
  const left: Place = (a, level) => (a.level < level ? wrapped(a.text) : a.text)
  const right: Place = (a, level) => (a.level < level || a.signed ? wrapped(a.text) : a.text)
  const infix =
    (sign: string, level: number, leftLevel: number, rightLevel: number) =>
    (a: Piece, b: Piece): Piece =>
      piece(left(a, leftLevel) + sign + right(b, rightLevel), level, a.signed && a.level >= leftLevel)
  const { sum, total, matrix, product, power, atom } = LEVEL
  return {
    ...script,
    sum: infix(' + ', sum, sum, sum),
    difference: infix(' - ', sum, sum, total),
    product: infix(times, product, product, product),
    ratio: (a, b) => script.quotient(a, b, left, right),
    modulo: infix(remainder, matrix, power, power),
    matrixProduct: infix(matrixTimes, matrix, matrix, LEVEL.derivative),
    relation: (symbol, a, b) =>
      piece(left(a, LEVEL.relation) + relations[symbol] + left(b, sum), LEVEL.relation, a.signed),
    negative: (a) => piece(`-${right(a, product)}`, product, true),
    power: (base, exponent) => piece(script.superscript(right(base, atom), exponent), power),
    transpose: (a) => piece(right(a, atom) + script.transposed, power),
    squareRoot: (a) => script.root(a, 2, right),
    cubeRoot: (a) => script.root(a, 3, right),
    sumOver: (a, axes) => script.total(a, axes, right),
    between: (bars, a) => piece(script[bars][0] + a.text + script[bars][1]),
    call: (name, inputs, details = []) => {
      const list = [...inputs.map((x) => x.text), ...details.map(script.detail)]
      return piece(script.functionName(name) + wrapped(list.join(', ')))
    },
    choice: (branches, otherwise) => piece(script.cases(branches, otherwise), LEVEL.cases),
    partOf: (a, ranges) => piece(script.part(right(a, atom), ranges)),
    side: (a) => left(a, sum),
  }
}
