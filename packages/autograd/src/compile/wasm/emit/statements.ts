/** Steps in their order, each by its kind. */
import { emitAccumulate, emitLoad, emitStore } from './access.ts'
import { emitApply, emitConvert } from './apply.ts'
import { emitSpread } from './areas.ts'
import { emitClear, emitConv, emitGemm, emitHost } from './calls.ts'
import type { Frame } from './frame.ts'
import { emitShift } from './laneCarries.ts'
import { emitLoop } from './loops.ts'
import type { Step } from './nest.ts'
import { emitRegion } from './region.ts'
import { emitVectorLoop } from './vectorLoop.ts'

export function emitBody(f: Frame, body: readonly Step[]): void {
  for (const step of body) emitStep(f, step)
}

/** Writes a step, and frees the locals of the terms that nothing reads after it. */
export function emitStep(f: Frame, step: Step): void {
  const division = f.share === null ? f.context.regions.divisions.get(step) : undefined
  if (division === undefined) write(f, step)
  else emitRegion(f, step, division, (part) => write(part, step))
  f.releaseAfter(step)
}

function write(f: Frame, step: Step): void {
  if (step.kind === 'load') emitLoad(f, step)
  else if (step.kind === 'apply') emitApply(f, step)
  else if (step.kind === 'convert') emitConvert(f, step)
  else if (step.kind === 'store') emitStore(f, step)
  else if (step.kind === 'accumulate') emitAccumulate(f, step)
  else if (step.kind === 'spread') emitSpread(f, step)
  else if (step.kind === 'shift') emitShift(f, step.carry)
  else if (step.kind === 'gemm') emitGemm(f, step)
  else if (step.kind === 'conv') emitConv(f, step)
  else if (step.kind === 'host') emitHost(f, step)
  else if (step.kind === 'clear') emitClear(f, step)
  else {
    const body = (): void => emitBody(f, step.body)
    if (step.lanes > 1) emitVectorLoop(f, step, body)
    else emitLoop(f, step, body)
  }
}
