import { value } from '@adjoint/autograd'
import { expect, it } from 'vitest'
import { graphSvg } from '../../src/lib/graph.ts'

it('draws labels, values and gradients, without ids that two graphs on a page would share', async () => {
  const a = value(2, { label: 'a' })
  const y = a.mul(3).withLabel('y')
  y.backward()
  const svg = await graphSvg(y)
  expect(svg).toMatch(/^<svg class="graph" role="img" style="[^"]*" width="\d+" height="\d+"/)
  expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"')
  for (const text of ['>a<', '>data 2<', '>grad 3<', '>y<', '>data 6<', '>grad 1<']) expect(svg).toContain(text)
  expect(svg).not.toMatch(/ id="|<!--|<\?xml/)
})

it('passes options on', async () => {
  const tall = await graphSvg(value(2).exp().exp().exp(), { direction: 'TB' })
  const [, width = 0, height = 0] = / width="(\d+)" height="(\d+)"/.exec(tall)?.map(Number) ?? []
  expect(height).toBeGreaterThan(width)
})
