/** Expressions as text, for `explain()`. */
import { showShape } from '../../errors.ts'
import type { Expression, Source } from './expression.ts'

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'input':
      return `input ${source.slot}`
    case 'constant':
      return 'constant'
    case 'uniform':
      return String(source.value)
    case 'bound':
      return 'of a loop'
  }
}

/**
 * One expression a line, in the order in which they are computed.
 * @example
 * // x0 = input 0  float64[3]
 * // x1 = exp(x0)  float64[3]
 */
export function printExpressions(order: readonly Expression[]): string {
  return order
    .map((x) => {
      const what =
        x.op === null ? sourceText(x.source) : `${x.op.name}(${x.inputs.map(({ id }) => `x${id}`).join(', ')})`
      return `x${x.id} = ${what}  ${x.dtype}${showShape(x.shape)}`
    })
    .join('\n')
}
