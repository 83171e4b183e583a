/** Slopes from values alone: Ridders' extrapolated central differences. */

/** A slope measured from values, and how far it can be trusted. */
export interface Measured {
  readonly slope: number
  /** What the rounding of the values may do to the slope. */
  readonly noise: number
}

export interface Steps {
  /** The first step; each following one is half of it. */
  readonly first: number
  readonly count: number
  /** The relative distance of neighbouring numbers: what each value is rounded by. */
  readonly epsilon: number
  /** Smaller values are taken to carry the rounding of numbers of this size that cancelled. */
  readonly floor: number
  /** Stop once two extrapolations agree to this, relative to the slope. */
  readonly enough: number
}

/**
 * The derivative of `f` at 0. Central differences with halving steps are extrapolated to step 0 by Neville's scheme,
 * and the entry of the table that agrees best with its neighbours wins (C. Ridders, Advances in Engineering Software
 * 4 (1982) 75): large steps serve smooth functions, small ones those that bend or end nearby.
 */
export function differentiate(f: (t: number) => number, { first, count, epsilon, floor, enough }: Steps): Measured {
  let before: number[] = []
  let best = { slope: Number.NaN, error: Number.POSITIVE_INFINITY, noise: 0 }
  for (let i = 0; i < count; i++) {
    const h = first * 2 ** -i
    const [above, below] = [f(h), f(-h)]
    const noise = (16 * epsilon * Math.max(Math.abs(above), Math.abs(below), floor)) / h
    const central = (above - below) / (2 * h)
    if (!Number.isFinite(central)) {
      // The step leaves the domain: the table starts again at the next one.
      before = []
      continue
    }
    const row = [central]
    if (best.error === Number.POSITIVE_INFINITY) best = { slope: central, error: best.error, noise }
    for (let j = 1, power = 4; j <= before.length; j++, power *= 4) {
      const [coarse, fine] = [before[j - 1] as number, row[j - 1] as number]
      const slope = fine + (fine - coarse) / (power - 1)
      row.push(slope)
      const error = Math.max(Math.abs(slope - fine), Math.abs(slope - coarse)) + noise
      if (error <= best.error) best = { slope, error, noise }
    }
    if (best.error - best.noise <= enough * Math.abs(best.slope)) break
    before = row
  }
  return { slope: best.slope, noise: best.noise }
}

/** The slopes from the left and from the right with one small step: they differ at a kink. */
export function sides(f: (t: number) => number, epsilon: number): [left: number, right: number] {
  const h = Math.sqrt(epsilon)
  const middle = f(0)
  return [(middle - f(-h)) / h, (f(h) - middle) / h]
}
