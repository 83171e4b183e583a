/** What is known of the carries of a loop from its body. */
import type { Op } from '../../op.ts'
import { table } from '../../ops/table.ts'
import { sameShape } from '../../shape.ts'
import type { Expression } from '../graph/expression.ts'
import type { ScanArgs, ScanBody } from '../graph/scan.ts'
import { inOrder } from './arrays.ts'

/** What the loop has to compute in each step: what is asked for, and what the carries become. */
function rootsOf({ nexts, ys }: ScanBody, needed: Iterable<number>, asked: readonly ScanArgs[]): Expression[] {
  const kept = asked.filter(({ part }) => part === 'ys').map(({ index }) => ys[index] as Expression)
  return [...[...needed].map((carry) => nexts[carry] as Expression), ...kept]
}

/** The carries that the results depend on, in their order. */
export function neededCarries(body: ScanBody, asked: readonly ScanArgs[]): number[] {
  const needed = new Set(asked.filter(({ part }) => part !== 'ys').map(({ index }) => index))
  for (let before = -1; before < needed.size; ) {
    before = needed.size
    const inside = new Set(inOrder(rootsOf(body, needed, asked), body.invariants))
    body.carries.forEach((leaf, carry) => {
      if (inside.has(leaf)) needed.add(carry)
    })
  }
  return [...needed].sort((a, b) => a - b)
}

/** Whether a step does nothing with the carry but add to it. */
export function isAddedTo(
  body: ScanBody,
  carry: number,
  needed: readonly number[],
  asked: readonly ScanArgs[],
): boolean {
  const leaf = body.carries[carry] as Expression
  const next = body.nexts[carry] as Expression
  if (next.op !== (table.add as Op) || !sameShape(next.shape, leaf.shape) || next.dtype !== leaf.dtype) return false
  const roots = rootsOf(body, needed, asked)
  if (roots.includes(leaf)) return false
  const uses = inOrder(roots, body.invariants).flatMap((x) =>
    x.op === null ? [] : x.inputs.filter((input) => input === leaf).map(() => x),
  )
  return uses.length === 1 && uses[0] === next
}
