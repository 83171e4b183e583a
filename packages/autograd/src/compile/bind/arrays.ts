/** Binds programs of arrays. */
import { type Data, type FloatArray, toNdArray } from '../../data.ts'
import { UnsupportedError } from '../../errors.ts'
import type { Assigned, Node } from '../../node.ts'
import { CONSTANT } from '../../op.ts'
import { rebuild } from '../../transforms/structure.ts'
import { make, Value } from '../../value.ts'
import { printExpressions } from '../graph/print.ts'
import { inOrder } from '../lower/arrays.ts'
import type { Effect } from '../lower/effects.ts'
import { lower } from '../lower/lower.ts'
import type { Buffer } from '../program/program.ts'
import { type Graph, graphOf } from '../trace/graph.ts'
import type { Recording } from '../trace/recording.ts'
import type { Binding, Target, Views } from './binding.ts'
import { flowOf, reachOf } from './flow.ts'
import { Gradients } from './gradients.ts'
import { Lender } from './loan.ts'
import { execute } from './target.ts'
import { Drawing, Resident, upload } from './transfer.ts'

/** What the function does to leaves, as the last steps of the program. */
function effectsOf({ effects }: Recording, graph: Graph): Effect[] {
  return effects.map((effect, i): Effect => {
    const { target, reads } = graph.effects[i] as Graph['effects'][number]
    if (effect.kind === 'assign') return { kind: 'assign', target, value: reads[0] as (typeof reads)[number] }
    return { kind: 'edit', name: 'update', target, reads, run: (data, views) => effect.edit(data, ...views) }
  })
}

function reentrant(): UnsupportedError {
  return new UnsupportedError(
    'compile: the function is called by what its own program runs (an update, or what reread or a stream of random numbers asks), in whose memory it would work. Call another compiled function there.',
  )
}

export function bindArrays(recording: Recording, target: Target): Binding {
  const { inputs, draws, effects, result, outputs, nodes } = recording
  const graph = graphOf(recording)
  const lowered = lower([...graph.outputs, ...graph.gradients], effectsOf(recording, graph))
  const executable = execute(lowered.program, target)
  const viewOf = (buffer: Buffer): FloatArray => executable.view(buffer) as FloatArray
  const slot = (index: number): FloatArray | undefined => {
    const buffer = lowered.slots.get(index)
    return buffer === undefined ? undefined : viewOf(buffer)
  }
  const given = inputs.map((_, i) => slot(i))
  const drawn = draws.map((draw, i) => new Drawing(draw, slot(inputs.length + i)))
  const changed = new Set<Node>(effects.map(({ leaf }) => leaf))
  const results = lowered.results.map(viewOf)
  const captured = graph.captured.map((leaf, i) => ({
    leaf: leaf as Value,
    view: slot(inputs.length + draws.length + i),
  }))
  const left = captured.flatMap(({ leaf, view }) => (view !== undefined && changed.has(leaf) ? [{ leaf, view }] : []))
  const lender = new Lender(
    [...results, ...left.map(({ view }) => view)],
    [...outputs, ...graph.gradients, ...left.map(({ leaf }) => leaf)].map((x) => x.shape),
  )
  const residents = captured.map(({ leaf, view }) => {
    const at = left.findIndex((each) => each.leaf === leaf)
    return new Resident(leaf, view, at < 0 ? undefined : () => lender.lend(results.length + at))
  })
  const labels = outputs.map(({ label }) => label)
  const single = result instanceof Value
  const flows = outputs.map((y) => flowOf(y, recording))
  const reaches = outputs.map((y) => reachOf(y, recording))
  // Where no gradient can flow from outside, as in a step of training, nothing is kept for one.
  const remembers = changed.size > 0 && flows.includes('open')
  let before: Assigned = new Map()
  const advance = (): void => {
    for (const drawing of drawn) drawing.bring()
    if (remembers) before = new Map(Array.from(changed, (leaf) => [leaf, { raw: leaf.raw, stamp: leaf.stamp }]))
    for (const resident of residents) resident.bring()
    try {
      executable.run()
    } catch (error) {
      // The memory may hold what the leaves have not been given: the next run starts from the leaves.
      for (const resident of residents) resident.forget()
      throw error
    }
    for (const resident of residents) resident.take()
  }
  const gradients = new Gradients(recording)
  const compute: Binding['run'] = (data, live) => {
    gradients.check(live)
    lender.settle()
    for (let i = 0; i < given.length; i++) {
      const view = given[i]
      if (view !== undefined) upload(view, data[i] as Data)
    }
    advance()
    const made = results.map((_, i) => {
      const y = make(CONSTANT, lender.lend(i), 0, 0, undefined)
      const label = labels[i]
      return label === undefined ? y : y.withLabel(label)
    })
    gradients.leave(made.slice(outputs.length), live)
    return single ? made[0] : rebuild('compile', result, made)
  }
  let running = false
  const run: Binding['run'] = (data, live) => {
    if (running) throw reentrant()
    running = true
    try {
      return compute(data, live)
    } finally {
      running = false
    }
  }
  const views: Views = {
    inputs: given.map((view, i) => view ?? toNdArray((inputs[i] as Value).raw).data.slice()),
    outputs: results.slice(0, outputs.length),
    run: advance,
  }
  const stages = [
    `traced: ${nodes.length} operations`,
    `lowered: ${lowered.program.body.length} kernels, ${lowered.program.buffers.length} buffers`,
  ]
  return {
    run,
    get views() {
      lender.stop()
      return views
    },
    executable,
    program: lowered.program,
    stages,
    expressions: () =>
      printExpressions(inOrder([...graph.outputs, ...graph.gradients, ...graph.effects.flatMap(({ reads }) => reads)])),
    captured: [...graph.captured, ...graph.closed],
    reads: recording.reads,
    follows: recording.follows,
    flows,
    reaches,
    changed,
    met: () => ({ drawn: drawn.map(({ data }) => data), before }),
  }
}
