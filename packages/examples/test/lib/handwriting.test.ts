import { expect, it } from 'vitest'
import { digitsSvg, digitText } from '../../src/lib/handwriting.ts'

const pixels = Array.from({ length: 64 }, (_, i) => (i === 9 ? 1 : i === 63 ? 0.5 : 0))

it('draws each digit with its captions', () => {
  const svg = digitsSvg(
    Array.from({ length: 9 }, () => ({ pixels, caption: ['read: 1', 'true: <7>'] })),
    { title: 'Wrong' },
  )
  expect(svg.match(/fill-opacity="1.00"/g)).toHaveLength(9)
  expect(svg.match(/fill-opacity="0.50"/g)).toHaveLength(9)
  expect(svg.match(/&lt;7&gt;/g)).toHaveLength(9)
  // Eight in the first row, one in the second.
  expect(svg).toContain('viewBox="0 0 822 284"')
})

it('writes a digit in characters', () => {
  const lines = digitText(pixels)
  expect(lines).toHaveLength(8)
  expect(lines[0]).toBe('')
  expect(lines[1]).toBe('  ##')
  expect(lines[7]).toBe('              ::')
})
