/** What a program was made for: the structure of the arguments, their shapes and dtypes. */
import { constant } from '../create.ts'
import { type ArrayLike, type Data, dtypeOf } from '../data.ts'
import { mapStructure, valuesOf } from '../transforms/structure.ts'
import { Value } from '../value.ts'

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
  /** Those of the Values that a gradient can flow to. */
  readonly live: readonly Value[]
}

/** The numbers in the arguments, and the text that says of which form they are. */
export function readArguments(args: readonly unknown[]): Arguments {
  const data: Data[] = []
  const live: Value[] = []
  let key = ''
  const take = (value: Value): number => {
    const { raw } = value
    data.push(raw)
    if (typeof raw === 'number') key += 'd'
    else key += `${dtypeOf(raw) === 'float32' ? 'f' : 'd'}${raw.shape.join()}`
    if (value.requiresGrad) {
      live.push(value)
      key += 'g'
    }
    key += ';'
    return 0
  }
  for (const arg of args) {
    if (arg instanceof Value) {
      take(arg)
      continue
    }
    // First all Values, then what is around them.
    const rest = mapStructure('compile', arg, take)
    key += `${describe(rest)};`
  }
  return { key, data, live }
}

function isPlainNumbers(x: unknown): boolean {
  return typeof x === 'number' || (Array.isArray(x) && x.length > 0 && x.every(isPlainNumbers))
}

/**
 * The arguments with plain numbers and arrays as Values of the dtype that they meet: float32 where all Values beside
 * them are, so that a learning rate does not make a step double precision.
 */
export function readPlain(args: readonly unknown[]): readonly unknown[] {
  if (!args.some(isPlainNumbers)) return args
  const beside = args.flatMap((arg) => (isPlainNumbers(arg) ? [] : valuesOf('compile', arg)))
  if (beside.length === 0 || beside.some((x) => x.dtype !== 'float32')) return args
  return args.map((arg) => (isPlainNumbers(arg) ? constant(arg as ArrayLike, { dtype: 'float32' }) : arg))
}

/** The structure around the Values, which stand as numbers in it. */
function describe(x: unknown): string {
  if (Array.isArray(x)) return `[${x.map(describe)}]`
  if (typeof x === 'object' && x !== null && isPlain(x)) {
    return `{${Object.entries(x).map(([name, part]) => `${JSON.stringify(name)}:${describe(part)}`)}}`
  }
  return typeof x === 'number' ? '' : nameOf(x)
}

function isPlain(x: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}
