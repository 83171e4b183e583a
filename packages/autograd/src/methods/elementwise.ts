/** Elementwise methods with arguments of their own. Those without are in the lists of fluent.ts. */
import { many, one, two } from '../apply.ts'
import { DomainError, show } from '../errors.ts'
import type { Node } from '../node.ts'
import { type Operand, readNumber, readOperand, readOther } from '../operand.ts'
import { table } from '../ops/table.ts'
import { commonDType } from '../promote.ts'
import { Methods } from './methods.ts'

/** Documented in functions/activation.ts, special.ts, comparison.ts (clamp) and control.ts (where). */
export abstract class ElementwiseMethods<V extends Node> extends Methods<V> {
  leakyRelu(slope = 0.01): V {
    return one(table.leakyRelu, this.self, { slope: readNumber('leakyRelu', 'slope', slope) })
  }
  elu(alpha = 1): V {
    return one(table.elu, this.self, { alpha: readNumber('elu', 'alpha', alpha) })
  }
  gelu({ approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}): V {
    if (approximate !== 'none' && approximate !== 'tanh') {
      throw new DomainError(`gelu: approximate is ${show(approximate)}. Give 'none' or 'tanh'.`)
    }
    return one(approximate === 'tanh' ? table.geluTanh : table.gelu, this.self)
  }
  hardtanh(min = -1, max = 1): V {
    const bounds = { min: readNumber('hardtanh', 'min', min), max: readNumber('hardtanh', 'max', max) }
    return one(table.clamp, this.self, bounds)
  }
  digamma(): V {
    return one(table.polygamma, this.self, { order: 0 })
  }

  clamp(min: Operand<V> = Number.NEGATIVE_INFINITY, max: Operand<V> = Number.POSITIVE_INFINITY): V {
    if (typeof min === 'number' && typeof max === 'number') {
      const bounds = { min: readNumber('clamp', 'min', min), max: readNumber('clamp', 'max', max) }
      return one(table.clamp, this.self, bounds)
    }
    const raised = two(table.maximum, this.self, readOther('maximum', this.self, min))
    return two(table.minimum, raised, readOther('minimum', raised, max))
  }
  /** a where this Value is not 0, else b. */
  where(a: Operand<V>, b: Operand<V>): V {
    const dtype = commonDType([a, b])
    const read = (x: Operand<V>): V | number => (typeof x === 'number' ? x : readOperand('where', x, dtype))
    return many(table.where, [this.self, read(a), read(b)])
  }
}
