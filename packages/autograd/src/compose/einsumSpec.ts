/** Reads a specification like 'bij,bjk->bik': which axis of which operand carries which index. */
import { ShapeError, showShape } from '../errors.ts'
import type { Shape } from '../shape.ts'

/** Indices are letters; those that stand for '...' are '.1' for the last axis under it, '.2' for the one before. */
export interface EinsumSpec {
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly sizes: ReadonlyMap<string, number>
}

const TERM = /^[A-Za-z]*(?:\.\.\.[A-Za-z]*)?$/

function dots(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `.${count - i}`)
}

/** The indices of a term whose '...' covers `covered` axes. */
function expand(term: string, covered: number): string[] {
  const [before = '', after] = term.split('...')
  return after === undefined ? [...before] : [...before, ...dots(covered), ...after]
}

function readInput(spec: string, term: string, shape: Shape): string[] {
  const letters = term.replace('...', '').length
  const covered = shape.length - letters
  if (covered < 0 || (covered > 0 && !term.includes('...'))) {
    throw new ShapeError(
      `einsum: '${term}' of '${spec}' names ${letters} axes, ${showShape(shape)} has ${shape.length}. Give each axis a letter, or '...' for the rest.`,
    )
  }
  return expand(term, covered)
}

/** Sizes agree or are 1, which is stretched. */
function measure(spec: string, inputs: readonly (readonly string[])[], shapes: readonly Shape[]): Map<string, number> {
  const sizes = new Map<string, number>()
  inputs.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      const size = shapes[i]?.[axis] ?? 1
      const known = sizes.get(label) ?? 1
      if (size !== 1 && known !== 1 && size !== known) {
        const index = label.startsWith('.') ? "an axis of '...'" : `index '${label}'`
        throw new ShapeError(
          `einsum: ${index} of '${spec}' has both size ${known} and size ${size}, the shapes are ${shapes.map(showShape).join(', ')}. One index has one size.`,
        )
      }
      sizes.set(label, size === 1 ? known : size)
    })
  })
  return sizes
}

function readOutput(spec: string, term: string | undefined, inputs: readonly (readonly string[])[]): string[] {
  const all = inputs.flat()
  const covered = dots(Math.max(0, ...all.map((label) => Number(label.startsWith('.') && label.slice(1)))))
  if (term === undefined) {
    // The implicit output: '...', then what occurs once, in alphabetical order.
    return [...covered, ...all.filter((l) => !l.startsWith('.') && all.indexOf(l) === all.lastIndexOf(l)).sort()]
  }
  const output = expand(term, covered.length)
  for (const label of output) {
    if (!all.includes(label)) {
      throw new ShapeError(
        `einsum: the output of '${spec}' has index '${label}', no operand has it. Name only indices of the operands.`,
      )
    }
    if (output.indexOf(label) !== output.lastIndexOf(label)) {
      throw new ShapeError(`einsum: the output of '${spec}' names index '${label}' twice. Name it once.`)
    }
  }
  return output
}

/** @throws ShapeError where the specification is malformed or does not fit the shapes. */
export function readSpec(spec: string, shapes: readonly Shape[]): EinsumSpec {
  const [left = '', right, ...more] = spec.replaceAll(' ', '').split('->')
  const terms = left.split(',')
  for (const term of [...terms, right ?? '', ...more]) {
    if (!TERM.test(term) || more.length > 0) {
      throw new ShapeError(
        `einsum: '${spec}' is not understood${more.length > 0 ? '' : ` at '${term}'`}. Write letters and '...' for axes, commas between operands, one '->' before the output.`,
      )
    }
  }
  if (terms.length !== shapes.length) {
    throw new ShapeError(
      `einsum: '${spec}' names ${terms.length} operands, got ${shapes.length}. Give one array for each.`,
    )
  }
  const inputs = terms.map((term, i) => readInput(spec, term, shapes[i] ?? []))
  return { inputs, output: readOutput(spec, right, inputs), sizes: measure(spec, inputs, shapes) }
}
