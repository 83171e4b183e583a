/**
 * 1. An expression and its gradients.
 *
 * A Value is a number that remembers how it was computed. From that memory `backward()` finds how much the result
 * moves when an input moves: the gradient. The expression is the one in micrograd's README, with its numbers.
 */
import { div, type Value, value } from '@adjoint/autograd'
import { explain } from '@adjoint/autograd/inspect'
import { type Print, runIfMain, save } from './lib/example.ts'
import { graphSvg } from './lib/graph.ts'

/** Every operation computes a number, and adds a node to the graph. */
function expression(a: Value, b: Value): Value {
  let c = a.add(b)
  let d = a.mul(b).add(b.pow(3))
  c = c.add(c.add(1))
  c = c.add(c.add(1).sub(a))
  d = d.add(d.mul(2).add(b.add(a).relu()))
  d = d.add(d.mul(3).add(b.sub(a).relu()))
  const e = c.withLabel('c').sub(d.withLabel('d')).withLabel('e')
  const f = e.square().withLabel('f')
  return f.div(2).add(div(10, f)).withLabel('g')
}

export async function run(print: Print) {
  print('Forward: from the inputs to the result')
  const a = value(-4, { label: 'a' })
  const b = value(2, { label: 'b' })
  const g = expression(a, b)
  print(`  a = ${a.item()}, b = ${b.item()}`)
  print(`  g = ${g.item().toFixed(4)}`)

  print('Backward: from the result to the inputs')
  g.backward()
  const [da, db] = [a.grad.item(), b.grad.item()]
  print(`  dg/da = ${da.toFixed(4)}: a a little larger makes g larger by ${Math.round(da)} times as much`)
  print(`  dg/db = ${db.toFixed(4)}`)

  print('The same without calculus: move a by a millionth to both sides, and divide')
  const at = (x: number): number => expression(value(x), b).item()
  const slope = (at(-4 + 1e-6) - at(-4 - 1e-6)) / 2e-6
  print(`  (g(a + 10⁻⁶) − g(a − 10⁻⁶)) / (2 · 10⁻⁶) = ${slope.toFixed(4)}`)

  print('How backward() does it, on a smaller expression: one neuron with one input')
  print('')
  const [x, w, bias] = [value(2, { label: 'x' }), value(-0.5, { label: 'w' }), value(1.5, { label: 'b' })]
  const y = x.mul(w).add(bias).withLabel('s').tanh().withLabel('y')
  y.backward()
  for (const line of explain(y).trimEnd().split('\n')) print(line === '' ? '' : `  ${line}`)
  print('')

  print('The graphs, with the value and the gradient of every node')
  print(`  ${save('01-neuron.svg', await graphSvg(y))}`)
  print(`  ${save('01-expression.svg', await graphSvg(g, { direction: 'TB' }))}`)
  return { g: g.item(), da, db, slope }
}

await runIfMain(import.meta, run)
