import { expect, it } from 'vitest'
import { code, figure, page, row, table, text } from '../../src/lib/page.ts'

it('is one HTML file that loads nothing, with every text escaped', () => {
  const picture = figure('<svg></svg>', 'What & where')
  const html = page('A <report>', 'About it.', [
    { heading: 'First & last', blocks: [text('1 < 2'), row(picture, picture), code(['a', 'b > c'])] },
    { heading: 'Table', blocks: [table(['name', 'count'], [['x & y', 12]])] },
  ])
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
  expect(html).toContain('<title>A &lt;report&gt;</title>')
  expect(html).toContain('<h2>First &amp; last</h2>')
  expect(html).toContain('<p>1 &lt; 2</p>')
  expect(html).toContain('<figcaption>What &amp; where</figcaption>')
  expect(html).toContain('<pre>a\nb &gt; c</pre>')
  expect(html).toContain('<tr><td>x &amp; y</td><td class="number">12</td></tr>')
  expect(html).toContain('prefers-color-scheme: dark')
  expect(html).not.toMatch(/<script|<link|src=|url\(|https?:/)
})
