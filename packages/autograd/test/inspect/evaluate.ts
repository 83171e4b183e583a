/** Reads a plain formula back: numbers, names, + - · / ^, superscript digits, parentheses. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** The number that the formula has for the named numbers. Minus signs bind as loosely as products. */
export function evaluate(formula: string, names: Readonly<Record<string, number>>): number {
  const tokens = formula.match(/[\d.]+(?:e-?\d+)?|\p{L}+|[-+·/^()⁰¹²³⁴⁵⁶⁷⁸⁹]|∞/gu) ?? []
  let at = 0
  const take = (...signs: string[]): string | undefined => {
    const token = tokens[at]
    if (token === undefined || !signs.includes(token)) return undefined
    at++
    return token
  }
  const atom = (): number => {
    if (take('(')) {
      const x = sum()
      if (!take(')')) throw new Error(`no closing parenthesis in ${formula}`)
      return x
    }
    const token = tokens[at++] ?? ''
    if (token === '∞') return Number.POSITIVE_INFINITY
    const x = names[token] ?? Number(token)
    if (token === '' || (Number.isNaN(x) && token !== 'NaN')) throw new Error(`cannot read '${token}' in ${formula}`)
    return x
  }
  const power = (): number => {
    const base = atom()
    const digit = take(...SUPERSCRIPTS)
    if (digit !== undefined) return base ** SUPERSCRIPTS.indexOf(digit)
    return take('^') ? base ** atom() : base
  }
  const product = (): number => {
    let x = take('-') ? -power() : power()
    for (let sign = take('·', '/'); sign !== undefined; sign = take('·', '/'))
      x = sign === '·' ? x * power() : x / power()
    return x
  }
  const sum = (): number => {
    let x = product()
    for (let sign = take('+', '-'); sign !== undefined; sign = take('+', '-')) x += (sign === '+' ? 1 : -1) * product()
    return x
  }
  const result = sum()
  if (at < tokens.length) throw new Error(`'${tokens[at]}' is left over in ${formula}`)
  return result
}
