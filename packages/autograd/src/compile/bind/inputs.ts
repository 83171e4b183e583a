/** The row of all numbers that a scalar program reads, and how arguments and leaves from outside get into it. */
import type { Data, FloatArray } from '../../data.ts'
import type { Flat } from '../trace/flat.ts'
import type { Cells } from '../trace/sources.ts'
import { Resident, upload } from './transfer.ts'

function partOf(view: FloatArray, { start, size }: Cells): FloatArray {
  return view.subarray(start, start + size)
}

export class Inputs {
  readonly row: FloatArray
  /** One an argument. */
  readonly parts: readonly FloatArray[]
  private readonly given: readonly Cells[]
  private readonly residents: readonly Resident[]

  /** @param x The row in the program's memory; undefined where it reads none of it. */
  constructor(x: FloatArray | undefined, { trace, given, captured }: Flat) {
    this.row = x ?? new Float64Array(trace.inputs)
    this.given = given
    this.parts = given.map((cells) => partOf(this.row, cells))
    this.residents = captured.map(({ leaf, cells }) => new Resident(leaf, partOf(this.row, cells)))
  }

  write(data: readonly Data[]): void {
    const { row, given, parts } = this
    for (let i = 0; i < parts.length; i++) {
      const raw = data[i] as Data
      // A list of many single numbers is common here.
      if (typeof raw === 'number') row[(given[i] as Cells).start] = raw
      else upload(parts[i] as FloatArray, raw)
    }
  }

  bring(): void {
    for (const resident of this.residents) resident.bring()
  }
}
