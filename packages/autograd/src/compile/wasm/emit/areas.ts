/** Areas of vectors in which each lane adds to cells of its own, summed when the vector loop is over. */
import { bytesOf, VECTOR } from '../../program/plan.ts'
import { emitAccumulate, joinLanes, pushAddress, pushSum } from './access.ts'
import type { Frame } from './frame.ts'
import type { Spread, Step } from './nest.ts'
import type { FloatType } from './numbers.ts'

/** Takes and clears an area for each such accumulation of the loop. */
export function clearAreas(f: Frame, body: readonly Step[]): void {
  for (const step of body) {
    if (step.kind === 'nest') clearAreas(f, step.body)
    if (step.kind !== 'spread') continue
    const bytes = step.size * VECTOR
    const area = f.context.workspace.take(bytes)
    f.areas.set(step, area)
    f.code.i32(area).i32(0).i32(bytes).fill()
  }
}

/** Adds all copies to the area's vector; the iterations that fill no vector add to the buffer itself. */
export function emitSpread(f: Frame, step: Spread): void {
  const { accumulate, cell } = step
  const area = f.areas.get(step)
  if (!f.vector || area === undefined) {
    emitAccumulate(f, accumulate)
    return
  }
  const { code } = f
  const at = f.take('i32')
  const offset = area + pushAddress(f, cell, 0, 0, VECTOR)
  code.tee(at).get(at).mem('v128.load', offset)
  pushSum(f, accumulate.value)
  f.numbers(accumulate.value.type as FloatType).join('add')
  code.mem('v128.store', offset)
  f.give(at)
}

/** Adds the lanes of each vector to its element of the buffer. */
export function reduceAreas(f: Frame): void {
  const { code } = f
  for (const [step, area] of f.areas) {
    const type = step.accumulate.value.type as FloatType
    const [from, to] = [f.take('i32'), f.take('i32')]
    const offset = pushAddress(f, step.first, 0, 0)
    code.set(to).i32(area).set(from)
    code.loop(() => {
      code.get(to).get(to).mem(`${type}.load`, offset).get(from).mem('v128.load')
      joinLanes(f, type, 'add')
      code.op(`${type}.add`).mem(`${type}.store`, offset)
      code.get(to).i32(bytesOf[type]).op('i32.add').set(to)
      code.get(from).i32(VECTOR).op('i32.add').tee(from)
      code
        .i32(area + step.size * VECTOR)
        .op('i32.ne')
        .brIf(0)
    })
    f.give(from)
    f.give(to)
  }
  f.areas.clear()
}
