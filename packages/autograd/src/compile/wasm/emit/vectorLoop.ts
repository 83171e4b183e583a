/** A loop whose iterations run side by side in the lanes of vectors. */
import type { Carry, Term } from '../../program/program.ts'
import { clearAreas, reduceAreas } from './areas.ts'
import type { Frame } from './frame.ts'
import { LaneCarries } from './laneCarries.ts'
import { endPointers, nextCarries, pass, shareOf, startPointers } from './loops.ts'
import { type Mode, SCALAR } from './mode.ts'
import { type Nest, nextOf, type Step, termsOf } from './nest.ts'

/**
 * The iterations in up to three parts: `unroll` vectors at a time, one vector at a time, and one by one. What the loop
 * carries is joined before the last part.
 */
export function emitVectorLoop(f: Frame, nest: Nest, emitBody: () => void): void {
  const { loop, lanes, unroll } = nest
  const wide: Mode = { loop, lanes, unroll }
  const narrow: Mode = { loop, lanes, unroll: 1 }
  const blocks = Math.floor(loop.count / (lanes * unroll))
  const singles = Math.floor((loop.count - blocks * lanes * unroll) / lanes)
  const rest = loop.count % lanes

  const share = shareOf(f, nest)
  const part = (mode: Mode, from: number, times: number, carries: readonly Carry[], end?: number): void => {
    if (times === 0) return
    f.mode = mode
    pass(f, nest, { from, times, advance: mode.lanes * mode.unroll, end }, () => {
      emitBody()
      nextCarries(f, carries)
      f.releaseBody(nest.body)
    })
  }

  startPointers(f, loop, share?.first)
  clearAreas(f, nest.body)
  fillSplats(f, nest)
  const carries = new LaneCarries(f, nest.carries, unroll)
  carries.enter(unroll)
  part(wide, 0, blocks, carries.joined, share?.end)
  const finish = (): void => {
    carries.enter(1)
    part(narrow, blocks * lanes * unroll, singles, carries.joined)
    f.mode = narrow
    carries.leave()
    reduceAreas(f)
    part(SCALAR, loop.count - rest, rest, nest.carries)
  }
  // What fills no vectors belongs to the last part.
  if (share === null) finish()
  else if (loop.count > share.total) f.code.get(share.end).i32(share.total).op('i32.eq').if(finish)
  for (const local of f.splats.values()) f.give(local)
  f.splats.clear()
  f.mode = SCALAR
  endPointers(f, loop)
}

/** Vectors of the numbers from outside that the body reads. */
function fillSplats(f: Frame, nest: Nest): void {
  const own = new Set<Term>(nest.carries)
  const fill = (raw: Term): void => {
    const term = f.context.order.resolve(raw)
    if (term.type === 'i32' || own.has(term) || f.splats.has(term)) return
    const held = f.find(term)
    if (held === undefined) return
    const local = f.take('v128')
    const [source] = held.locals as [number]
    if (held.mask) f.code.i32(0).get(source).op('i32.sub', 'i32x4.splat')
    else f.code.get(source).op(term.type === 'f64' ? 'f64x2.splat' : 'f32x4.splat')
    f.code.set(local)
    f.splats.set(term, local)
  }
  const visit = (body: readonly Step[]): void => {
    for (const step of body) {
      for (const term of termsOf(step)) fill(term)
      if (step.kind === 'nest') visit(step.body)
      if (step.kind === 'nest') for (const carry of step.carries) fill(nextOf(carry))
    }
  }
  visit(nest.body)
  for (const carry of nest.carries) fill(nextOf(carry))
}
