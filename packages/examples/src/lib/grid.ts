/** A rectangle of the plane as a grid of places: what the pictures of functions of two numbers are drawn from. */
export interface Field {
  /** From, to, of both axes. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /** Places a side; 120 unless told. */
  readonly resolution?: number
}

/** The middles of the cells, row by row from the bottom: the order in which Plot reads a grid. */
export function placesOf({ x, y, resolution: n = 120 }: Field): [x: number, y: number][] {
  const middle = ([from, to]: readonly [number, number], i: number): number => from + ((i + 0.5) * (to - from)) / n
  return Array.from({ length: n * n }, (_, i) => [middle(x, i % n), middle(y, Math.floor(i / n))])
}

/** Where the numbers of a grid lie, in the words of Plot. */
export function extentOf({ x, y, resolution: n = 120 }: Field) {
  return { width: n, height: n, x1: x[0], x2: x[1], y1: y[0], y2: y[1] }
}
