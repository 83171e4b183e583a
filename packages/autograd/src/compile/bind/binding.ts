/** A program bound to the function that it was made of. */
import type { Data, FloatArray } from '../../data.ts'
import type { Assigned, Node, Recorder } from '../../node.ts'
import type { Value } from '../../value.ts'
import type { Executable } from '../program/executable.ts'
import type { Program } from '../program/program.ts'
import type { Flow, Reach } from './flow.ts'

export interface Binding {
  /** Runs on the numbers of the arguments, of which some can have a gradient; the result has the function's structure. */
  run(data: readonly Data[], live: readonly Value[]): unknown
  readonly views: Views
  readonly executable: Executable
  readonly program: Program
  /** What the compiler did, stage by stage, a line each. */
  readonly stages: readonly string[]
  /** The expressions that the loops were made of; undefined for programs of single numbers. */
  readonly expressions?: () => string
  /** What from outside the function reads, as far as a gradient could flow to it. */
  readonly captured: readonly Node[]
  /** Constants from outside whose numbers are part of the program, with their stamps. */
  readonly reads: ReadonlyMap<Node, number>
  /** What else it depends on. */
  readonly follows: Recorder['follows']
  /** How gradients flow to each of the results. */
  readonly flows: readonly Flow[]
  /** Where they go from each; undefined for a program of single numbers, which tells nobody. */
  readonly reaches: readonly Reach[] | undefined
  /** What from outside the function assigns to. */
  readonly changed: ReadonlySet<Node>
  /** Of the latest run: what its gradient has to meet again. */
  met(): Encounter
}

/** What a run met that the next one will not: the numbers that it drew, and what it found in leaves that it changed. */
export interface Encounter {
  readonly drawn: readonly Data[]
  readonly before: Assigned
}

/** The program's own memory. */
export interface Views {
  /** One a Value of the arguments, in order. */
  readonly inputs: readonly FloatArray[]
  /** One a Value of the result, in order. */
  readonly outputs: readonly FloatArray[]
  /** Brings what the function closes over up to date, runs, and carries out what the function does to it. */
  run(): void
}

/** What runs a program: a WebAssembly module, with the help of as many threads, or the interpreter. */
export interface Target {
  readonly kind: 'wasm' | 'js'
  readonly threads: number
}
