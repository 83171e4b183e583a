/** The numbers inside a list of arguments, as differentiable leaves with a name for each. */
import { mode, type Node, setLabel } from '../node.ts'
import { LEAF } from '../op.ts'
import { mapStructure } from '../transforms/structure.ts'
import { make, Value } from '../value.ts'

export interface Places {
  readonly leaves: readonly Value[]
  /** `argument 0`, or `argument 0.layers[1].weight 'w'`: the place, and the label where there is one. */
  readonly names: readonly string[]
  /** The arguments, with the leaves in their places. */
  readonly args: readonly unknown[]
}

/** The path of every leaf of the structure. */
function nameAll(part: unknown, path: string, names: Map<Node, string>): void {
  if (part instanceof Value) {
    if (!names.has(part)) names.set(part, part.label === undefined ? path : `${path} '${part.label}'`)
  } else if (Array.isArray(part)) {
    for (const [key, inner] of part.entries()) nameAll(inner, `${path}[${key}]`, names)
  } else if (typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype) {
    for (const [key, inner] of Object.entries(part)) nameAll(inner, `${path}.${key}`, names)
  }
}

/** Leaves stay themselves, so that a function may also close over them; anything else numeric becomes a leaf. */
export function placesOf(op: string, args: readonly unknown[]): Places {
  const leaves = new Set<Value>()
  const filled = args.map((arg) =>
    mapStructure(op, arg, (x) => {
      const leaf = x.op === LEAF ? x : make(LEAF, x.raw, 0, 0, undefined)
      if (leaf !== x && x.label !== undefined) setLabel(leaf, x.label)
      leaves.add(leaf)
      return leaf
    }),
  )
  const names = new Map<Node, string>()
  filled.forEach((arg, i) => {
    nameAll(arg, `argument ${i}`, names)
  })
  return { leaves: [...leaves], names: [...leaves].map((leaf) => names.get(leaf) ?? ''), args: filled }
}

/** Runs `f` with other numbers in the leaf; afterwards the leaf is as before, graphs that read it included. */
export function withNumbers<R>(leaf: Value, raw: Value['raw'], f: () => R): R {
  const { raw: before, stamp } = leaf
  leaf.raw = raw
  // As after an assignment: a compiled function that closes over the leaf reads it anew.
  leaf.stamp = --mode.clock
  try {
    return f()
  } finally {
    leaf.raw = before
    leaf.stamp = stamp
  }
}
