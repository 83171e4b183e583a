import { describe, expect, it } from 'vitest'
import { escapeXml, panels } from '../../src/lib/frame.ts'
import { barChart, type ChartOptions, chart, curve, decisionRegions, type Series } from '../../src/lib/plot.ts'

const axes: ChartOptions = { title: 'Loss & <time>', x: 'epoch', y: 'loss' }
const two: Series[] = [
  {
    name: 'training',
    points: [
      [0, 1],
      [1, 0.5],
      [2, 0.25],
    ],
  },
  {
    name: 'test',
    points: [
      [0, 1.5],
      [1, NaN],
      [2, Infinity],
      [3, 0.5],
      [4, 0.4],
    ],
    mark: 'dashed',
  },
]

/** Every element is closed, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = []
  for (const [, end, name = '', closed] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end !== '' && open.pop() !== name) return false
    if (end === '' && closed === '') open.push(name)
  }
  return open.length === 0
}

describe('chart', () => {
  it('is an SVG file on its own: namespace, size, style, title, axis labels and legend', () => {
    const svg = chart(two, axes)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 560 360" width="560" height="360"/)
    expect(isWellFormed(svg)).toBe(true)
    for (const text of ['<style>', 'Loss &amp; &lt;time&gt;', '>epoch<', '>loss<', '>training<', '>test<']) {
      expect(svg).toContain(text)
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined|https?:(?!\/\/www\.w3\.org)/)
  })

  it('leaves a gap where a point is not finite', () => {
    const [, path = ''] = /stroke-dasharray[^>]*><path d="([^"]*)"/.exec(chart(two, axes)) ?? []
    expect(path.match(/M/g)).toHaveLength(2)
  })

  it('needs no legend for one series, and puts a long one in several rows', () => {
    const one = two.slice(0, 1)
    expect(chart(one, axes)).not.toContain('>training<')
    const many = Array.from({ length: 9 }, (_, i) => ({ name: `a long name, number ${i}`, points: [] }))
    const rows = [...chart(many, axes).matchAll(/<g transform="translate\([\d.]+,(\d+)\)"><path d="M0,0H20"/g)]
    expect(new Set(rows.map(([, y]) => y)).size).toBe(5)
  })

  it('has clip paths of its own, the same whatever was drawn before', () => {
    const first = chart(two, axes)
    expect(chart(two, axes)).toBe(first)
    const ids = (svg: string): string[] => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
    expect(ids(first).length).toBeGreaterThan(0)
    for (const id of ids(first)) expect(first).toContain(`url(#${id})`)
    const other = ids(chart(two, { ...axes, width: 500 }))
    expect(other.filter((id) => first.includes(id))).toEqual([])
  })

  it('labels powers of ten on a logarithmic axis', () => {
    const svg = chart([{ name: 'a', points: curve((x) => 10 ** -x, 0, 6) }], {
      ...axes,
      y: { label: 'loss', log: true },
    })
    for (const label of ['1', '0.1', '0.001', '10⁻⁴', '10⁻⁶']) expect(svg).toContain(`>${label}</text>`)
  })
})

describe('decisionRegions', () => {
  const classes: Series[] = [
    { name: 'left', points: [[-1, 0]], color: '#111111' },
    { name: 'right', points: [[1, 0]], color: '#222222' },
  ]
  /** How far the area of a colour reaches from left to right, in pixels. */
  const reach = (svg: string, color: string): [number, number] => {
    const [, path = ''] = new RegExp(`fill="${color}"[^>]*><path d="([^"]*)"`).exec(svg) ?? []
    const xs = [...path.matchAll(/[ML](-?[\d.]+),/g)].map(([, x]) => Number(x))
    return [Math.min(...xs), Math.max(...xs)]
  }

  it.each([
    ['a score for each class', ([x]: number[]) => [-(x ?? 0), x ?? 0]],
    ['one score', ([x]: number[]) => [x ?? 0]],
  ])('colours the side where the class wins, by %s', (_, score) => {
    const svg = decisionRegions({ scores: (at) => at.map(score), x: [-2, 2], y: [-1, 1] }, classes, axes)
    expect(isWellFormed(svg)).toBe(true)
    const [, middle] = reach(svg, '#111111')
    expect(reach(svg, '#222222')[0]).toBeCloseTo(middle, 0)
    expect(middle).toBeCloseTo((58 + 540) / 2, 0)
  })
})

describe('barChart and panels', () => {
  it('draws a bar a name', () => {
    const svg = barChart(
      [
        ['full batch', 1],
        ['one row', 120],
      ],
      { x: 'method', y: 'updates' },
    )
    expect(isWellFormed(svg)).toBe(true)
    expect(svg.match(/<rect (?![^>]*(class|aria-label))/g)).toHaveLength(2)
    expect(svg).toContain('>one row<')
  })

  it('puts charts side by side', () => {
    const small = chart(two, { ...axes, width: 200, height: 150 })
    const svg = panels([small, small, small], 2)
    expect(isWellFormed(svg)).toBe(true)
    expect(svg).toContain('viewBox="0 0 400 300"')
    expect(svg).toContain('x="200" y="0"')
    expect(svg).toContain('x="0" y="150"')
  })
})

it('escapeXml writes out what XML would read as its own', () => {
  expect(escapeXml('a < b & "c" > d')).toBe('a &lt; b &amp; &quot;c&quot; &gt; d')
})
