/**
 * The elementwise methods of a Value, by name. They are installed from the table of records: a new record needs its
 * name here, and its function in `functions/`, where each is documented.
 */
export const unaryMethods = [
  'neg',
  'abs',
  'sign',
  'square',
  'sqrt',
  'rsqrt',
  'cbrt',
  'reciprocal',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'sigmoid',
  'logSigmoid',
  'softplus',
  'relu',
  'relu6',
  'selu',
  'silu',
  'mish',
  'softsign',
  'hardSigmoid',
  'hardSwish',
  'erf',
  'erfc',
  'lgamma',
  'floor',
  'ceil',
  'round',
  'trunc',
  'step',
] as const

export const binaryMethods = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'mod',
  'maximum',
  'minimum',
  'atan2',
  'hypot',
  'logaddexp',
  'mulNoNan',
  'gt',
  'ge',
  'lt',
  'le',
  'eq',
  'ne',
] as const

export type UnaryName = (typeof unaryMethods)[number]
export type BinaryName = (typeof binaryMethods)[number]

/** What `V` can do elementwise: `x.tanh()`, `x.add(y)`. */
export type Elementwise<V, Operand> = { [Name in UnaryName]: () => V } & { [Name in BinaryName]: (other: Operand) => V }
