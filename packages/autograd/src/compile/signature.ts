/** What a program was made for: the structure of the arguments, their shapes and dtypes. */
import { type Data, dtypeOf, shapeOf } from '../data.ts'
import { mapStructure } from '../transforms/structure.ts'

const identities = new WeakMap<object, number>()
let last = 0

/** Functions and objects of classes are told apart by what they are, everything else by what it says. */
function nameOf(x: unknown): string {
  if ((typeof x !== 'object' && typeof x !== 'function') || x === null) return `${typeof x}:${String(x)}`
  const known = identities.get(x) ?? ++last
  identities.set(x, known)
  return `#${known}`
}

export interface Arguments {
  readonly key: string
  readonly data: readonly Data[]
}

/** The numbers in the arguments, and the text that says of which form they are. */
export function readArguments(args: readonly unknown[]): Arguments {
  const data: Data[] = []
  const parts: string[] = []
  const read = (x: unknown): void => {
    let own = false
    const copy = mapStructure('compile', x, (value) => {
      const { raw } = value
      data.push(raw)
      parts.push(`${dtypeOf(raw) === 'float32' ? 'f' : 'd'}${shapeOf(raw).join()}${value.requiresGrad ? 'g' : ''}`)
      own = true
      return 0
    })
    if (!own) parts.push(describe(copy))
    else if (typeof copy === 'object') parts.push(JSON.stringify(copy))
  }
  for (const arg of args) read(arg)
  return { key: parts.join(';'), data }
}

function describe(x: unknown): string {
  if (Array.isArray(x)) return `[${x.map(describe)}]`
  return nameOf(x)
}
