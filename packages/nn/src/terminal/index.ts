/** @adjoint/nn/terminal: training in a terminal. For Node; the rest of @adjoint/nn runs in pages too. */

export { type CurveOptions, type LossHistory, lossCurve } from './curve.ts'
export type { TerminalStream } from './output.ts'
export { type ProgressOptions, progressBar } from './progress.ts'
export { confusionTable } from './table.ts'
