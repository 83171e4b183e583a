/**
 * Example 10. An operation of your own, tested with properties. An operation is one record: how to compute it, and how
 * a gradient passes back through it. That rule is written by hand, so it can be wrong. Testing it needs no second
 * formula: the values alone tell the slope, (f(x + h) − f(x − h)) / 2h, extrapolated to h = 0.
 */
import { binary, type Carrier, constant, defineOp, grad, type Operand, type Value } from '@adjoint/autograd'
import { arbitraryValue, checkGradients } from '@adjoint/autograd/testing'
import fc from 'fast-check'
import { type Print, runIfMain } from './lib/example.ts'

// The pseudo-Huber loss of an error r, δ²(s − 1) with s = √(1 + (r/δ)²): like r²/2 well below δ and like δ·|r| far above,
// so that a wild point cannot pull a fit away. Written as r²/(1 + s) it keeps its digits for small r.
const forward = (r: number, delta: number): number => r ** 2 / (1 + Math.hypot(1, r / delta))

/** s in the words of a carrier: for numbers this gives a gradient, for Values one that can be differentiated again. */
const s = <T>(k: Carrier<T>, r: T | number, delta: T | number): T => k.hypot(1, k.div(r, delta))

/** Of Values, numbers or arrays whose shapes broadcast; δ > 0 can be learned too. */
export const pseudoHuber = defineOp(
  binary('pseudoHuber', {
    forward,
    // ∂y/∂r = r/s, times what arrives, g
    da: (k, g, _y, r, delta) => k.mul(g, k.div(r, s(k, r, delta))),
    // ∂y/∂δ = y²/(δ³·s), from the saved result y
    db: (k, g, y, r, delta) => k.mul(g, k.div(k.square(y), k.mul(k.pow(delta, 3), s(k, r, delta)))),
  }),
)

/** The same with a mistake that no positive error shows: |r| in the place of r. */
export const wrongHuber = defineOp(
  binary('wrongHuber', {
    forward,
    da: (k, g, _y, r, delta) => k.mul(g, k.div(k.abs(r), s(k, r, delta))),
    db: (k, g, y, r, delta) => k.mul(g, k.div(k.square(y), k.mul(k.pow(delta, 3), s(k, r, delta)))),
  }),
)

type Loss = (r: Operand, delta: Operand) => Value

/** Errors in an array of any shape, and a δ. In quarters, so that a counterexample is easy to read. */
const quarters = (x: Value): Value => constant(x.mul(4).round().div(4))
export const anyError: fc.Arbitrary<Value> = arbitraryValue({ min: -5, max: 5 }).map(quarters)
export const anyDelta: fc.Arbitrary<Value> = arbitraryValue({ shape: [], min: 0.25, max: 4 }).map(quarters)

/** The property: whatever the error and δ, reverse mode, forward mode and the differences of values agree. */
export const hasRightGradients = (loss: Loss) =>
  fc.property(anyError, anyDelta, (r, delta) => checkGradients(loss, [r, delta]).ok)

/** The middle of some points, found by gradient descent on their mean loss. */
function middle(points: Value, loss: (r: Value) => Value): number {
  const slope = grad((centre: Value) => loss(points.sub(centre)).mean())
  let centre = 0
  for (let step = 0; step < 300; step++) centre -= slope(centre).item()
  return centre
}

export function run(print: Print) {
  const points = constant([1.1, 0.9, 1, 1.2, 0.8, 31])
  const middles = [middle(points, (r) => r.square().div(2)), middle(points, (r) => pseudoHuber(r, 0.5))]
  print(`The middle of ${Array.from(points.data).join(', ')}:`)
  print(`  by squared errors ${middles[0]?.toFixed(2)}, by the pseudo-Huber loss ${middles[1]?.toFixed(2)}`)

  print('')
  print('At one place, with its second derivatives:')
  print(checkGradients(pseudoHuber, [[-3, 0, 0.5], 2], { order: 2 }).report)
  const right = fc.check(hasRightGradients(pseudoHuber), { seed: 1, numRuns: 100 })
  print(`At ${right.numRuns} random places: ${right.failed ? 'wrong' : 'right'}`)

  print('')
  print('The wrong rule, at the one place where its author tried it:')
  const lucky = checkGradients(wrongHuber, [3, 2])
  print(lucky.report)
  const wrong = fc.check(hasRightGradients(wrongHuber), { seed: 1, numRuns: 100 })
  const [r, delta] = wrong.counterexample ?? []
  if (r === undefined || delta === undefined) throw new Error('the wrong rule was not caught')
  const counterexample = { r: r.toArray(), delta: delta.toArray() }
  print(`At random places it fails; the simplest that fast-check could find is ${JSON.stringify(counterexample)}`)
  const { report } = checkGradients(wrongHuber, [r, delta])
  print(report)
  return { middles, right: !right.failed, lucky: lucky.ok, counterexample, report }
}

await runIfMain(import.meta, run)
