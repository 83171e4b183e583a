/** What the arguments of a call hold: their numbers, and the text that says for which form of them a program was made. */
import { type Data, dtypeOf } from '../data.ts'
import { DomainError, show, UnsupportedError } from '../errors.ts'
import { commonDType } from '../promote.ts'
import { isPlainObject, mapOperands } from '../transforms/structure.ts'
import { type Operand, readOperand, Value } from '../value.ts'

/**
 * The arguments with plain numbers and arrays, at any depth, as Values of the dtype that they meet: float32 where all
 * Values of the arguments are, so that a learning rate does not make a step double precision.
 * @throws DomainError for objects that hold themselves.
 */
export function lifted(args: readonly unknown[]): readonly unknown[] {
  if (args.every((arg) => arg instanceof Value)) return args
  const operands: Operand[] = []
  try {
    for (const arg of args) mapOperands(arg, (x) => operands.push(x))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new DomainError(
      'compile: the arguments are nested too deeply, or hold themselves. Pass the Values that the function reads.',
    )
  }
  if (operands.every((x) => x instanceof Value)) return args
  const dtype = commonDType(operands) === 'float32' ? 'float32' : undefined
  return args.map((arg) => mapOperands(arg, (x) => readOperand('compile', x, dtype)))
}

export interface Arguments {
  /** Alike for arguments that one program serves: their structure, their shapes and dtypes, text and truth values. */
  readonly key: string
  readonly data: readonly Data[]
  /** Those of the Values that a gradient can flow to. */
  readonly live: readonly Value[]
}

/**
 * Reads arguments whose numbers are Values.
 * @throws UnsupportedError for an object that has its own way to hold what it holds: nobody would see it change.
 */
export function readArguments(args: readonly unknown[]): Arguments {
  const data: Data[] = []
  const live: Value[] = []
  let key = ''
  for (const arg of args) key += `${arg instanceof Value ? take(arg, data, live) : describe(arg)};`
  return { key, data, live }

  function describe(x: unknown): string {
    if (x instanceof Value) return take(x, data, live)
    if (Array.isArray(x)) return `[${x.map(describe)}]`
    if (isPlainObject(x)) {
      return `{${Object.entries(x).map(([name, part]) => `${JSON.stringify(name)}:${describe(part)}`)}}`
    }
    return nameOf(x) ?? refuse(args, x)
  }
}

/** Shape and dtype, and whether a gradient can flow to it: `d2x3g`. */
function take(value: Value, data: Data[], live: Value[]): string {
  const { raw } = value
  data.push(raw)
  const name = typeof raw === 'number' ? 'd' : `${dtypeOf(raw) === 'float32' ? 'f' : 'd'}${raw.shape.join('x')}`
  if (!value.requiresGrad) return name
  live.push(value)
  return `${name}g`
}

const identities = new WeakMap<object, number>()
let last = 0

/** Text for what never changes: functions are told apart by what they are, the rest by what it says. */
function nameOf(x: unknown): string | undefined {
  if (typeof x === 'string') return JSON.stringify(x)
  if (typeof x === 'function') {
    const known = identities.get(x) ?? ++last
    identities.set(x, known)
    return `#${known}`
  }
  return typeof x === 'symbol' || (typeof x === 'object' && x !== null) ? undefined : show(x)
}

function refuse(args: readonly unknown[], x: unknown): never {
  // A Value of another copy of the package has its own message.
  if (typeof x === 'object' && x !== null && 'requiresGrad' in x) readOperand('compile', x as Operand)
  const index = args.findIndex((arg) => pathTo(x, arg) !== undefined)
  const path = pathTo(x, args[index])
  const where = path === '' ? `is ${show(x)}` : `has ${show(x)} at ${path}`
  throw new UnsupportedError(
    `compile: argument ${index + 1} ${where}, which the program would keep as it is now in every later call. Pass what the function reads of it (Values, numbers, arrays and plain objects of them), or close over it and read what may change through follow(() => …).`,
  )
}

/** Where `x` stands in an argument: `.model[0]`. */
function pathTo(x: unknown, inside: unknown): string | undefined {
  if (inside === x) return ''
  const isList = Array.isArray(inside)
  if (!isList && !isPlainObject(inside)) return undefined
  for (const [name, part] of Object.entries(inside)) {
    const rest = pathTo(x, part)
    if (rest !== undefined) return `${isList ? `[${name}]` : `.${name}`}${rest}`
  }
  return undefined
}
