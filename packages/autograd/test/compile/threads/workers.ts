/** Workers that can be counted: what a host hands out is wrapped before anything is compiled. */
import { Worker } from 'node:worker_threads'
import { compile } from '../../../src/compile/index.ts'
import { random, type Value } from '../../../src/index.ts'

export interface Count {
  started: number
  ended: number
}

/** Counts the workers that start and end from now on. */
export function countWorkers(): Count {
  const count: Count = { started: 0, ended: 0 }
  class Counted extends Worker {
    constructor(script: URL, options: object) {
      super(script, options)
      count.started++
      this.on('exit', () => {
        count.ended++
      })
    }
  }
  const real = process.getBuiltinModule
  process.getBuiltinModule = ((name: string) =>
    name === 'node:worker_threads' ? { Worker: Counted } : real(name as 'fs')) as typeof process.getBuiltinModule
  return count
}

export function later(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

/** Waits up to ten seconds. */
export async function until(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 500 && !holds(); i++) await later(20)
  return holds()
}

const stream = random(1)
export const a: Value = stream.normal([128, 128])
export const b: Value = stream.normal([128, 128])

export function product(threads: number): typeof f & ReturnType<typeof compile> {
  return compile(f, { threads })
}
const f = (x: Value, y: Value): Value => x.matmul(y).relu()
