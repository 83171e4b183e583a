/** The data sets of the examples, read from the files in `data/`. */
import { readFileSync } from 'node:fs'
import { constant, type DType, type Value } from '@adjoint/autograd'
import { csvParseRows } from 'd3-dsv'

/** Examples row by row, and what each of them is. */
export interface Labelled {
  /** [examples, features] */
  readonly x: Value
  /** [examples]: the index of the class; of the moons, −1 or 1. */
  readonly y: Value
  readonly features: readonly string[]
  readonly classes: readonly string[]
}

interface Columns {
  readonly features: string[]
  readonly rows: string[][]
  readonly labels: string[]
}

/** A file whose first row names the columns, and whose last column is the label. */
function read(name: string): Columns {
  const file = new URL(`../../data/${name}.csv`, import.meta.url)
  const [head = [], ...table] = csvParseRows(readFileSync(file, 'utf8').trim())
  return {
    features: head.slice(0, -1),
    rows: table.map((row) => row.slice(0, -1)),
    labels: table.map((row) => row.at(-1) ?? ''),
  }
}

function numbers(rows: string[][], dtype: DType): Value {
  return constant(
    rows.map((row) => row.map(Number)),
    { dtype },
  )
}

/** 150 flowers of three species, four measurements in cm each. The class is the place in the list of species. */
export function readIris(): Labelled {
  const { features, rows, labels } = read('iris')
  const classes = [...new Set(labels)]
  return {
    x: numbers(rows, 'float64'),
    y: constant(labels.map((label) => classes.indexOf(label))),
    features: features.map((name) => name.replaceAll('_', ' ').replace(/ cm$/, ' (cm)')),
    classes,
  }
}

/** 1,797 handwritten digits, 8x8 pixels each, from 0 (paper) to 1 (ink). In float32, which trains faster. */
export function readDigits(): Labelled {
  const { features, rows, labels } = read('digits')
  return {
    x: numbers(rows, 'float32').div(16),
    y: constant(labels.map(Number)),
    features,
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  }
}

/** 100 points of two interleaving half circles, noise 0.1: the set of micrograd's demo. */
export function readMoons(): Labelled {
  const { features, rows, labels } = read('moons_micrograd')
  return { x: numbers(rows, 'float64'), y: constant(labels.map(Number)), features, classes: ['−1', '1'] }
}
