/** The table of a model: its layers, the shapes that they give, and their parameters. */
import { AutogradError, noGrad, Value } from '@adjoint/autograd'
import { type Input, showShape } from './input.ts'

/** As much of a module as the table needs. */
export interface Part {
  training: boolean
  forward(x: Input): unknown
}

/** A module inside the model, under its name, with the parameters that are its own. */
export interface Row<P extends Part> {
  readonly name: string
  readonly part: P
  readonly own: readonly Value[]
  /** Whether there are modules inside it. */
  readonly inner: boolean
}

type Shapes = ReadonlyMap<Part, string>

/**
 * A line for each part that has parameters, or has nothing inside and is used; then the total. A shared parameter counts
 * once.
 */
export function summarize<P extends Part>(root: P, rows: readonly Row<P>[], shapes: Shapes): string {
  const seen = new Set<Value>()
  const lines = [['layer', 'type', ...(shapes.size > 0 ? ['output'] : []), 'parameters']]
  let total = 0
  for (const { name, part, own, inner } of rows) {
    const count = own.reduce((sum, parameter) => sum + (seen.has(parameter) ? 0 : parameter.size), 0)
    for (const parameter of own) seen.add(parameter)
    total += count
    if (own.length === 0 && (inner || (shapes.size > 0 && !shapes.has(part)))) continue
    const output = shapes.size > 0 ? [shapes.get(part) ?? 'not used'] : []
    lines.push([name || '(itself)', part.constructor.name, ...output, String(count)])
  }
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const table = lines.map((line) => {
    const cells = line.map((cell, i) =>
      i === line.length - 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    )
    return `  ${cells.join('  ')}`
  })
  return [root.constructor.name, ...table, `${total} parameters`].join('\n')
}

/**
 * Runs the model once on x, as in evaluation and without a graph, and notes the shape that each part gives (the last
 * one, of a part that is used twice). The model is left as it was.
 */
export function traceShapes(root: Part, parts: readonly Part[], x: Input): Shapes {
  const shapes = new Map<Part, string>()
  const before = parts.map((part) => [part.training, Object.getOwnPropertyDescriptor(part, 'forward')] as const)
  for (const part of parts) {
    part.training = false
    const { forward } = part
    const watched = (...args: [Input]): unknown => {
      const output = forward.apply(part, args)
      shapes.set(part, shapeOf(output))
      return output
    }
    // Stands before the method of the class until it is deleted; not enumerable, so that it is no part of the state.
    Object.defineProperty(part, 'forward', { value: watched, configurable: true, writable: true, enumerable: false })
  }
  try {
    noGrad(() => root.forward(x))
  } finally {
    before.forEach(([training, own], i) => {
      const part = parts[i] as Part
      part.training = training
      Reflect.deleteProperty(part, 'forward')
      if (own !== undefined) Object.defineProperty(part, 'forward', own)
    })
  }
  return shapes
}

/** The same on an input that was guessed: no shapes if it does not fit. */
export function tryShapes(root: Part, parts: readonly Part[], x: Input): Shapes {
  try {
    return traceShapes(root, parts, x)
  } catch (error) {
    if (error instanceof AutogradError) return new Map()
    throw error
  }
}

/** The shape of a Value; of a result with several, that of its output. */
function shapeOf(x: unknown): string {
  if (x instanceof Value) return showShape(x.shape)
  return typeof x === 'object' && x !== null && 'output' in x ? shapeOf(x.output) : ''
}
