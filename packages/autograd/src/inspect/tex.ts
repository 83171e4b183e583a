/** Formulas as TeX, for KaTeX, MathJax and LaTeX with amsmath. */

import { LEVEL, type Notation, notation, piece } from './notation.ts'
import { formatNumber } from './numbers.ts'

/** Functions that TeX knows, or that have a sign of their own. The others get \operatorname. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'exp', 'log', 'max', 'min'].map((name) => [name, `\\${name}`]),
  ),
  asin: '\\arcsin',
  acos: '\\arccos',
  atan: '\\arctan',
  log2: '\\log_{2}',
  log10: '\\log_{10}',
  'sech²': '\\operatorname{sech}^{2}',
  Φ: '\\Phi',
  φ: '\\varphi',
  sigmoid: '\\sigma',
  digamma: '\\psi',
}

const KNOWN: ReadonlyMap<number, string> = new Map([
  [Math.LN2, '\\log 2'],
  [Math.LN10, '\\log 10'],
  [1 / 3, '\\tfrac{1}{3}'],
  [Math.PI, '\\pi'],
  [1.1283791670955126, '\\tfrac{2}{\\sqrt{\\pi}}'],
])

const GREEK =
  /^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega)$/

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\textbackslash{}', '^': '\\^{}', '~': '\\~{}' }

function words(text: string): string {
  return `\\text{${text.replace(/[\\{}$&#%_^~]/g, (sign) => ESCAPES[sign] ?? `\\${sign}`)}}`
}

/** `w`, `w1` and `w_1` as w with an index, `theta` as the letter, words upright; anything else as text. */
function symbol(label: string): string {
  const [, stem, number, word] = /^(\p{L}+)(?:_?(\d+)|_(\p{L}+))$/u.exec(label) ?? []
  if (stem !== undefined) return `${symbol(stem)}_{${number ?? symbol(word ?? '')}}`
  if (GREEK.test(label)) return `\\${label}`
  if (!/^\p{L}+$/u.test(label)) return words(label)
  return Array.from(label).length === 1 ? label : `\\mathrm{${label}}`
}

function digits(x: number): string {
  const known = KNOWN.get(x)
  if (known !== undefined) return known
  if (Number.isNaN(x)) return '\\mathrm{NaN}'
  return formatNumber(x)
    .replace('∞', '\\infty')
    .replace(/^1e(.*)$/, '10^{$1}')
    .replace(/e(.*)$/, ' \\times 10^{$1}')
}

export const tex: Notation = notation({
  number: (x) => {
    const text = digits(Math.abs(x))
    const level = text.includes('10^') ? LEVEL.product : LEVEL.atom
    return x < 0 ? piece(`-${text}`, LEVEL.product, true) : piece(text, level)
  },
  name: (label) => piece(symbol(label)),
  parentheses: ['\\left(', '\\right)'],
  times: ' \\cdot ',
  matrixTimes: ' \\, ',
  remainder: ' \\bmod ',
  relations: { '>': ' > ', '≥': ' \\ge ', '<': ' < ', '≤': ' \\le ', '=': ' = ', '≠': ' \\ne ' },
  absolute: ['\\left| ', ' \\right|'],
  norm: ['\\left\\lVert ', ' \\right\\rVert'],
  quotient: (a, b) => piece(`\\frac{${a.text}}{${b.text}}`, LEVEL.product),
  superscript: (base, exponent) => `${base}^{${exponent.text}}`,
  transposed: '^{\\top}',
  root: (x, degree) => piece(`\\sqrt${degree === 2 ? '' : `[${degree}]`}{${x.text}}`),
  functionName: (name) => FUNCTIONS[name] ?? `\\operatorname{${name.replace(/[^\p{L}\p{N}]/gu, '')}}`,
  detail: words,
  total: (x, axes, place) =>
    piece(`\\sum${axes === '' ? '' : `_{${words(axes)}}`} ${place(x, LEVEL.product)}`, LEVEL.total),
  cases: (branches, otherwise) => {
    const rows = branches.map(([value, condition]) => `${value.text} & \\text{if } ${condition.text}`)
    return `\\begin{cases} ${[...rows, `${otherwise.text} & \\text{otherwise}`].join(' \\\\ ')} \\end{cases}`
  },
  part: (x, ranges) => `${x}\\left[${ranges}\\right]`,
  hidesUnitAxes: true,
})
