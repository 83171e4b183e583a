/** What a vector function is made from: its record's `forward`, said in the words of lanes. */
import { halves } from './halves.ts'
import type { FloatType, Lanes, Vector } from './lanes.ts'

/** Writes the instructions for f(x) or f(x, y); y is x where the record has one input. */
export type Formula = (f: Lanes, x: Vector, y: Vector, args: unknown) => Vector
export type Formulas = Readonly<Record<string, Formula>>

/** Formulas for f64 lanes, made to serve f32 lanes by way of f64: with short polynomials, unless they need long ones. */
export function inDoublePrecision(formulas: Formulas, precision: FloatType = 'f32'): Formulas {
  const both = (formula: Formula): Formula => {
    return (f, x, y, args) =>
      f.type === 'f64' ? formula(f, x, y, args) : halves(f, precision, (g, a, b) => formula(g, a, b, args), x, y)
  }
  return Object.fromEntries(Object.entries(formulas).map(([name, formula]) => [name, both(formula)]))
}
