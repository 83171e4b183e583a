import { describe, expect, it } from 'vitest'
import { numeric as k } from '../../src/carriers/numeric.ts'
import { einsum } from '../../src/compose/einsum.ts'
import { matmul } from '../../src/compose/product.ts'
import { transpose } from '../../src/compose/shape.ts'
import type { Data } from '../../src/data.ts'
import { ShapeError } from '../../src/errors.ts'
import { counting, shapeOf, toNested } from './support.ts'

const a = counting(2, 3)
const b = counting(3, 2)
const square = counting(3, 3)
const run = (spec: string, ...values: Data[]): unknown => toNested(einsum(k, spec, values))
const product = toNested(matmul(k, a, b))

describe('einsum', () => {
  it('reads one operand: transposes, sums, diagonals', () => {
    expect(run('ij->ji', a)).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    expect(run('ba', a)).toEqual(run('ij->ji', a))
    expect(run('ij->j', a)).toEqual([5, 7, 9])
    expect(run('ij->', a)).toBe(21)
    expect(run('ii', square)).toBe(15)
    expect(run('ii->i', square)).toEqual([1, 5, 9])
    expect(run('iji->j', counting(2, 2, 2))).toEqual([7, 11])
    expect(run('iii->i', counting(2, 2, 2))).toEqual([1, 8])
    expect(run('', 5)).toBe(5)
  })

  it('multiplies two, in every layout', () => {
    const at = transpose(k, a)
    const bt = transpose(k, b)
    expect(run('ij,jk->ik', a, b)).toEqual(product)
    expect(run('ij,jk', a, b)).toEqual(product)
    expect(run(' ij , jk -> ik ', a, b)).toEqual(product)
    expect(run('ij,kj->ik', a, bt)).toEqual(product)
    expect(run('ji,jk->ik', at, b)).toEqual(product)
    expect(run('ji,kj->ik', at, bt)).toEqual(product)
    expect(run('ij,jk->ki', a, b)).toEqual(toNested(transpose(k, matmul(k, a, b))))
    expect(run('ij,j->i', a, counting(3))).toEqual([14, 32])
    expect(run('i,i', counting(3), counting(3))).toBe(14)
    expect(run('i,i->i', counting(3), counting(3))).toEqual([1, 4, 9])
    expect(run('i,j->ji', counting(2), counting(3))).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
    ])
    expect(run('bi,bi->b', a, a)).toEqual([14, 77])
    expect(run('ij,kl->', a, b)).toBe(441)
    expect(run('Aa,aB', a, b)).toEqual(product)
  })

  it('multiplies more, and batches', () => {
    expect(run('ij,jk,kl->il', a, b, a)).toEqual(toNested(matmul(k, matmul(k, a, b), a)))
    expect(run('i,i,i->', counting(3), counting(3), counting(3))).toBe(36)
    expect(run('bij,bjk->bik', counting(2, 1, 2), counting(2, 2, 1))).toEqual([[[5]], [[25]]])
    expect(run('i,->i', counting(2), 3)).toEqual([3, 6])
  })

  it("broadcasts what '...' stands for, and sums it where the output does not have it", () => {
    expect(shapeOf(einsum(k, '...ij,...jk', [counting(5, 1, 2, 3), counting(4, 3, 2)]))).toEqual([5, 4, 2, 2])
    expect(run('...ij,...jk->...ik', a, b)).toEqual(product)
    expect(run('i...->...', a)).toEqual([5, 7, 9])
    expect(run('...i->i...', a)).toEqual(run('ij->ji', a))
    expect(run('...,...->...', a, counting(3))).toEqual([
      [1, 4, 9],
      [4, 10, 18],
    ])
    expect(run('...i->i', a)).toEqual([5, 7, 9])
    expect(run('...ii->...i', counting(2, 2, 2))).toEqual([
      [1, 4],
      [5, 8],
    ])
  })

  it('stretches sizes of 1, and keeps zero sizes', () => {
    expect(run('ij,ij->ij', counting(1, 2), counting(2, 2))).toEqual([
      [1, 4],
      [3, 8],
    ])
    expect(run('ij,ij->ij', counting(2, 2), counting(1, 2))).toEqual(run('ij,ij->ij', counting(1, 2), counting(2, 2)))
    expect(run('ij,jk->ik', counting(2, 1), counting(3, 1))).toEqual([[6], [12]])
    expect(run('ij,jk->ik', counting(1, 0), counting(0, 2))).toEqual([[0, 0]])
    expect(shapeOf(einsum(k, 'ij,jk->ik', [counting(0, 3), b]))).toEqual([0, 2])
  })

  it('refuses specifications that it does not understand', () => {
    const hint = "Write letters and '...' for axes, commas between operands, one '->' before the output."
    expect(() => run('i1->i', a)).toThrow(new ShapeError(`einsum: 'i1->i' is not understood at 'i1'. ${hint}`))
    expect(() => run('i..j', a)).toThrow("einsum: 'i..j' is not understood at 'i..j'.")
    expect(() => run('......', a)).toThrow("einsum: '......' is not understood at '......'.")
    expect(() => run('ij->i->j', a)).toThrow(`einsum: 'ij->i->j' is not understood. ${hint}`)
    expect(() => run('ij->i,j', a)).toThrow("einsum: 'ij->i,j' is not understood at 'i,j'.")
  })

  it('refuses specifications that do not fit the operands', () => {
    expect(() => run('ij,jk->ik', a)).toThrow(
      new ShapeError("einsum: 'ij,jk->ik' names 2 operands, got 1. Give one array for each."),
    )
    expect(() => einsum(k, '', [])).toThrow("einsum: '' names 1 operands, got 0.")
    expect(() => run('i->i', a)).toThrow(
      "einsum: 'i' of 'i->i' names 1 axes, [2, 3] has 2. Give each axis a letter, or '...' for the rest.",
    )
    expect(() => run('ijk...', a)).toThrow("einsum: 'ijk...' of 'ijk...' names 3 axes, [2, 3] has 2.")
    expect(() => run('ij,jk', a, counting(4, 5))).toThrow(
      "einsum: index 'j' of 'ij,jk' has both size 3 and size 4, the shapes are [2, 3], [4, 5]. One index has one size.",
    )
    expect(() => run('...,...', counting(2), counting(3))).toThrow(
      "einsum: an axis of '...' of '...,...' has both size 2 and size 3",
    )
    expect(() => run('ii', a)).toThrow("einsum: index 'i' of 'ii' has both size 2 and size 3")
    expect(() => run('ii', counting(1, 3))).toThrow(
      "einsum: index 'i' is repeated in one operand, with the sizes 1 and 3 of [1, 3]. A diagonal needs equal sizes.",
    )
    expect(() => run('ij->k', a)).toThrow(
      "einsum: the output of 'ij->k' has index 'k', no operand has it. Name only indices of the operands.",
    )
    expect(() => run('ij->ii', a)).toThrow("einsum: the output of 'ij->ii' names index 'i' twice. Name it once.")
  })
})
