/** The neighbours in float32 of a number that float32 does not have. */

const single = new Float32Array(1)
const bits = new Int32Array(single.buffer)

/** The next number of float32, away from zero; x is neither 0 nor infinite in that direction. */
function outward(x: number): number {
  single[0] = x
  bits[0] = (bits[0] as number) + 1
  return single[0]
}

/** The next number of float32 towards zero. */
function inward(x: number): number {
  single[0] = x
  bits[0] = (bits[0] as number) - 1
  return single[0]
}

/** The largest number of float32 that is not larger. */
export function floor32(c: number): number {
  const near = Math.fround(c)
  if (near <= c) return near
  if (near === 0) return -(2 ** -149)
  return near > 0 ? inward(near) : outward(near)
}

/** The smallest number of float32 that is not smaller. */
export function ceiling32(c: number): number {
  return -floor32(-c)
}
