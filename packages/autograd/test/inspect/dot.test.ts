import { describe, expect, it } from 'vitest'
import { UnsupportedError, value } from '../../src/index.ts'
import { toDot } from '../../src/inspect/index.ts'
import { chain, neuron, regression } from './graphs.ts'

const head = (direction: string): string => `digraph {
  graph [rankdir=${direction}, ordering=in]
  node [fontname="Helvetica", fontsize=11, style=filled, fillcolor="#ffffff"]
  edge [arrowsize=0.7]
`

describe('toDot', () => {
  it('draws a box for each Value and a circle for each operation', () => {
    const { y } = neuron()
    y.backward()
    expect(toDot(y)).toBe(`${head('LR')}  v0 [shape=record, fillcolor="#e3f0ff", label="{ w | data 2 | grad -1.5 }"]
  v1 [shape=record, fillcolor="#e3f0ff", label="{ x | data -3 | grad 1 }"]
  v2 [shape=record, fillcolor="#ffffff", label="{ data -6 | grad 0.5 }"]
  op2 [shape=circle, width=0.4, fixedsize=true, fontsize=16, label="·"]
  v0 -> op2
  v1 -> op2
  op2 -> v2
  v3 [shape=record, fillcolor="#e3f0ff", label="{ b | data 6.8814 | grad 0.5 }"]
  v4 [shape=record, fillcolor="#ffffff", label="{ data 0.8814 | grad 0.5 }"]
  op4 [shape=circle, width=0.4, fixedsize=true, fontsize=16, label="+"]
  v2 -> op4
  v3 -> op4
  op4 -> v4
  v5 [shape=record, fillcolor="#ffffff", label="{ data 0.7071 | grad 1 }"]
  op5 [shape=oval, label="tanh"]
  v4 -> op5
  op5 -> v5
}
`)
  })

  it('draws from top to bottom, with plain numbers as boxes', () => {
    expect(toDot(value(2, { label: 'a' }).mul(3), { direction: 'TB' })).toBe(
      `${head('TB')}  v0 [shape=record, fillcolor="#e3f0ff", label="a | data 2"]
  v1 [shape=record, fillcolor="#f1f1f1", label="data 3"]
  v2 [shape=record, fillcolor="#ffffff", label="data 6"]
  op2 [shape=circle, width=0.4, fixedsize=true, fontsize=16, label="·"]
  v0 -> op2
  v1 -> op2
  op2 -> v2
}
`,
    )
  })

  it('shows gradients when there are some, or as told', () => {
    const { y } = neuron()
    expect(toDot(y)).not.toContain('grad')
    expect(toDot(y, { gradients: true })).toContain('{ w | data 2 | grad 0 }')
    y.backward()
    expect(toDot(y)).toContain('grad')
    expect(toDot(y, { gradients: false })).not.toContain('grad')
  })

  it('shows shape and dtype of arrays, and which side of a product is transposed', () => {
    const dot = toDot(regression().loss)
    expect(dot).toContain('label="{ X | [2, 3] float32 | data [1, 2, 3, 4, 5, 6] }"')
    expect(dot).toContain('label="{ b | float32 | data 0.5 }"')
    expect(dot).toContain('[shape=oval, label="A @ Bᵀ"]')
    expect(toDot(value([1, 2, 3, 4, 5, 6, 7, 8]))).toContain('{ [8] | data [1, 2, 3, 4, 5, 6, …] }')
  })

  it('escapes what means something in a record', () => {
    const dot = toDot(value(1, { label: 'a {b|c} <d>\n"e" \\' }))
    expect(dot).toContain(String.raw`label="{ a \{b\|c\} \<d\> \"e\" \\ | data 1 }"`)
  })

  it('refuses what nobody could look at', () => {
    expect(() => toDot(chain(1000))).toThrow(UnsupportedError)
    expect(() => toDot(chain(1000))).toThrow(
      'toDot: the graph has 1501 Values, more than maxNodes = 300: too many to look at. Draw a part of it (from a Value further in), or pass { maxNodes }.',
    )
    expect(toDot(chain(1000), { maxNodes: 2000 }).split('\n').length).toBeGreaterThan(3000)
  })
})
