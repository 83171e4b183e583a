/** @adjoint/autograd/inspect: what a graph looks like, as data, as a picture, in words, and in TeX. */
export { type DotOptions, toDot } from './dot.ts'
export { type ExplainOptions, explain } from './explain.ts'
export type { PlainArgs } from './numbers.ts'
export { type TeXOptions, toTeX } from './toTeX.ts'
export { type TraceNode, trace } from './trace.ts'
