/** A thrown ball and a pendulum, in 10,000 steps each: simulations to be differentiated. */
import { checkpoint, constant, cos, mul, type Operand, sin, stack, type Value } from '@adjoint/autograd'

/** In m/s². */
export const gravity = 9.81
const [segments, steps] = [100, 100]
/** When the pendulum's angle is measured, in s. */
export const times: readonly number[] = Array.from({ length: segments }, (_, i) => (10 * (i + 1)) / segments)

type Pair = [Value, Value]

/**
 * Calls `segment` 100 times on its own results and tells what comes of each. Only the results stay in memory; what
 * happened within a segment is computed again when a gradient comes back to it.
 * @param remember Keep everything, to compare.
 */
function chain(segment: (a: Value, b: Value) => Pair, [a, b]: Pair, remember: boolean): Pair[] {
  const next = remember ? segment : checkpoint(segment)
  let at: Pair = [a, b]
  return Array.from({ length: segments }, () => {
    at = next(...at)
    return at
  })
}

/**
 * Where a ball is on its way, in metres: 100 places [x, y], the last one at the end of the flight.
 * @param aim The launch angle in radians and the time of flight in s.
 * @param speed In m/s.
 * @param drag In 1/m: the deceleration is drag·speed².
 */
export function flight(aim: Value, speed: number, drag: number): Value[] {
  const time = aim.at(1).div(segments * steps)
  // The displacement in one step stands for the velocity. Half of gravity pulls before the drag, half after it.
  const fall = stack([constant(0), time.square().mul(-gravity / 2)])
  const fly = (place: Value, move: Value): Pair => {
    for (let step = 0; step < steps; step++) {
      const pulled = move.add(fall)
      // The exact answer to v' = −drag·|v|·v over one step.
      move = pulled.div(pulled.norm().mul(drag).add(1)).add(fall)
      place = place.add(move)
    }
    return [place, move]
  }
  const move = stack([cos(aim.at(0)), sin(aim.at(0))]).mul(time.mul(speed))
  // The places lie half a step ahead of the moves.
  return chain(fly, [move.div(2), move], false).map(([place, move]) => place.sub(move.div(2)))
}

/**
 * The angle of a pendulum at 100 times in 10 s, let go at 1.5 rad: θ'' = −(g/length)·sin θ − friction·θ', by leapfrog.
 * @param length In m.
 * @param friction In 1/s.
 */
export function pendulum(length: Operand, friction: Operand, { remember = false } = {}): Value {
  const dt = 10 / (segments * steps)
  const half = mul(friction, dt / 2)
  const keep = half.neg().add(1).div(half.add(1))
  const pull = half
    .add(1)
    .mul(length)
    .reciprocal()
    .mul(gravity * dt ** 2)
  const swing = (angle: Value, move: Value): Pair => {
    for (let step = 0; step < steps; step++) {
      // The move, θ'·dt, belongs to the middle between two angles.
      move = move.mul(keep).sub(angle.sin().mul(pull))
      angle = angle.add(move)
    }
    return [angle, move]
  }
  // At rest: as fast half a step before as half a step after.
  const pushed = half.add(1).mul(pull)
  const start: Pair = [constant(1.5), pushed.mul(Math.sin(1.5) / 2)]
  return stack(chain(swing, start, remember).map(([angle]) => angle))
}
