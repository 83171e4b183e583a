/** A line search for the strong Wolfe conditions. Nocedal & Wright, Numerical Optimization (2006), algorithms 3.5, 3.6. */

/** What is found at a step t along the direction: the loss, the gradient, and the slope along the direction. */
export interface Trial {
  readonly t: number
  readonly loss: number
  readonly gradient: Float64Array
  readonly slope: number
}

/** Sufficient decrease: f(t) ≤ f(0) + DECREASE·t·f′(0). */
const DECREASE = 1e-4
/** Curvature: |f′(t)| ≤ CURVATURE·|f′(0)|. */
const CURVATURE = 0.9
const MAX_TRIALS = 25

/** The lowest point between two trials of the cubic that has their losses and slopes. */
function cubicMinimum(a: Trial, b: Trial, low: number, high: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a]
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const square = d1 * d1 - a.slope * b.slope
  const d2 = Math.sqrt(square)
  const t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2))
  // Without a lowest point, or where the loss is not finite: the middle.
  return Number.isFinite(t) ? Math.min(Math.max(t, low), high) : (low + high) / 2
}

/**
 * Searches for a step with a sufficient decrease and a slope that has flattened.
 * @param start The point that the search starts from: t = 0, with a negative slope.
 * @param first The first step to try.
 * @param evaluate Loss and gradient at a step.
 * @param width The largest element of the direction: brackets that move no parameter by `tolerance` are given up.
 * @returns The step taken and how many trials it took.
 */
export function strongWolfe(
  start: Trial,
  first: number,
  evaluate: (t: number) => Trial,
  width: number,
  tolerance: number,
): { found: Trial; evaluations: number } {
  // A loss that is not finite is too high as well.
  const tooHigh = (trial: Trial): boolean => !(trial.loss <= start.loss + DECREASE * trial.t * start.slope)
  const flat = (trial: Trial): boolean => Math.abs(trial.slope) <= -CURVATURE * start.slope
  let evaluations = 1
  let trials = 0
  const next = (t: number): Trial => {
    evaluations++
    trials++
    return evaluate(t)
  }

  // Go on until a bracket holds a good step.
  let previous = start
  let trial = evaluate(first)
  while (trials < MAX_TRIALS && !tooHigh(trial) && !(trials > 1 && trial.loss >= previous.loss)) {
    if (flat(trial)) return { found: trial, evaluations }
    if (trial.slope >= 0) break
    const longer = cubicMinimum(previous, trial, trial.t + 0.01 * (trial.t - previous.t), trial.t * 10)
    previous = trial
    trial = next(longer)
  }
  if (trials === MAX_TRIALS) return { found: trial.loss < start.loss ? trial : start, evaluations }

  // Then shrink the bracket around it.
  let [low, high] = trial.loss < previous.loss ? [trial, previous] : [previous, trial]
  let stuck = false
  while (trials < MAX_TRIALS && Math.abs(high.t - low.t) * width >= tolerance) {
    const [left, right] = low.t <= high.t ? [low.t, high.t] : [high.t, low.t]
    const margin = 0.1 * (right - left)
    let t = cubicMinimum(low, high, left, right)
    // A step near an end shrinks the bracket little: a second such step is moved inwards.
    const nearEnd = Math.min(right - t, t - left) < margin
    const moved: boolean = nearEnd && (stuck || t >= right || t <= left)
    if (moved) t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin
    stuck = nearEnd && !moved
    trial = next(t)
    if (tooHigh(trial) || trial.loss >= low.loss) {
      high = trial
      if (high.loss < low.loss) [low, high] = [high, low]
    } else {
      if (flat(trial)) return { found: trial, evaluations }
      if (trial.slope * (high.t - low.t) >= 0) high = low
      low = trial
    }
  }
  return { found: low, evaluations }
}
