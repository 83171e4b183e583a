/** Options as callers give them: an object in which every name is known. A misspelt one must not be ignored. */
import { DomainError } from '@adjoint/autograd'

/** Every name of an options type; the compiler sees to it that none is missing. */
export type Names<Options> = Readonly<Record<keyof Options, true>>

/** What other libraries call an option, in small letters without underscores. */
const elsewhere: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  lrdecay: 'learningRateDecay',
  wd: 'weightDecay',
  posweight: 'positiveWeight',
  dim: 'axis',
  validationdata: 'validation',
  generator: 'random',
  seed: 'random',
  nonlinearity: 'activation',
  outputactivation: 'output',
  elementwiseaffine: 'affine',
  numlayers: 'layers',
  dimfeedforward: 'feedForward',
  layernormeps: 'eps',
  attnmask: 'mask',
}

/** The defaults, and over them what is given, the later over the earlier. An option that is undefined is not given. */
export function complete<Options extends object>(defaults: Options, ...given: readonly Partial<Options>[]): Options {
  const said = given.map((options) => Object.entries(options).filter(([, x]) => x !== undefined))
  return Object.assign({ ...defaults }, Object.fromEntries(said.flat()))
}

/**
 * Meant for what is called once; a loss, called every step, pays for the options that it is given.
 * @param names Whatever has the known names for keys.
 * @throws DomainError unless the options are an object of known names.
 */
export function checkOptions(owner: string, options: unknown, names: object): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new DomainError(
      `${owner}: the options are ${show(options)}. Give them by name, { ${Object.keys(names)[0]}: … }.`,
    )
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(names, name)) throw unknownOption(owner, name, Object.keys(names))
  }
}

function unknownOption(owner: string, name: string, known: readonly string[]): DomainError {
  const nearest = nearestName(name, known)
  const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return new DomainError(`${owner}: there is no option '${name}'.${advice} The options are ${known.join(', ')}.`)
}

function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.replaceAll('_', '').toLowerCase()
  const wanted = plain(name)
  const translated = Object.hasOwn(elsewhere, wanted) ? elsewhere[wanted] : undefined
  if (translated !== undefined && known.includes(translated)) return translated
  const near = known.map((option) => [option, distance(wanted, plain(option))] as const)
  const [best] = near.sort(([, a], [, b]) => a - b)
  // Up to two slips, of which a short name has room for fewer.
  return best !== undefined && best[1] <= Math.min(2, wanted.length / 3) ? best[0] : undefined
}

/** How many letters to insert, drop or change: Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] as number) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(change, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

/** @throws DomainError unless x is a number, and `least` or more. */
export function checkNumber(owner: string, what: string, x: number, least: number = Number.NEGATIVE_INFINITY): number {
  if (typeof x === 'number' && x >= least) return x
  const range = least === Number.NEGATIVE_INFINITY ? '' : `, ${least} or more`
  throw new DomainError(`${owner}: ${what} is ${show(x)}. Give a number${range}.`)
}

/** Anything that was passed, in a few words for a message. */
export function show(x: unknown): string {
  if (typeof x === 'string') return `'${x}'`
  if (typeof x === 'function') return 'a function'
  if (Array.isArray(x)) return `a list of ${x.length}`
  return typeof x === 'object' && x !== null ? 'an object' : String(x)
}
