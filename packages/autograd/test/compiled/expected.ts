/** What the second run leaves out, runs as it is written, or computes step by step: all of it, and why. */

/** Reasons by file, under packages/autograd/test. */
export const leftOut: { readonly [file: string]: string } = {
  'architecture.test.ts': 'reads source files',
  'compile/**': 'compiles by itself',
  'laws/compiled.test.ts': 'compiles by itself',
  'inspect/**': 'looks at graphs, in which a compiled call is one step',
  'kernels/**': 'is about functions of numbers',
  'wasm/**': 'is about modules without Values',
  'graph/parts.test.ts': 'counts how often the rules of single steps run',
  'graph/size.test.ts': 'is about the time and memory of large graphs of single steps',
}

interface Lists {
  /** Tests in which nothing is compiled, and why: by file the beginning of their names. */
  readonly asWritten: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Tests in which something cannot be compiled, and what the error says of it. */
  readonly fallbacks: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const again = 'looks for what a function does differently when it runs again; a program runs once'
const overflow = 'a mean is its sum by its count in a program, and overflows where the sum does'
const number = 'the numbers of'

export const lists: Lists = {
  asWritten: {
    'compose/reduce.test.ts': { 'sum and mean > do not overflow inside': overflow },
    'compose/statistics.test.ts': { 'variance and std > do not overflow inside': overflow },
    'graph/assigned.test.ts': {
      'assign between forward and backward > is a GradientError that names the leaf': 'names the step in between',
      'assign between forward and backward > also of a constant':
        'a program keeps the constants that it was called with',
    },
    'graph/nesting.test.ts': {
      'a pass inside a pass > on Values that the outer pass has not finished': 'a rule that reads numbers of the graph',
      'a pass inside a pass > backward inside a rule': 'a rule that changes leaves',
      'a rule that throws > inside a pass inside a pass': 'a rule that changes leaves',
    },
    'laws/wrong-rule.test.ts': {
      'a wrong rule is caught > a wrong pushforward alone': 'a compiled function pushes forward by its pullback',
    },
    'testing/checkGradients.test.ts': {
      'a wrong gradient > a function that is not repeatable': 'counts its calls',
    },
    'transforms/checkpoint.random.test.ts': {
      'errors > in the first run': 'an error at a later call, which a program does not make',
      'errors > in the second run': again,
      'errors > a source of numbers of your own': again,
    },
    'transforms/checkpoint.test.ts': {
      'what it does not remember > a function that gives other numbers': again,
      'what it does not remember > a function that uses other Values': again,
      'what it does not remember > a leaf that was assigned to since': 'names the step in between',
    },
    'transforms/scan.test.ts': {
      'errors > y that changes its shape': 'counts its steps',
      'errors > other Values than at the first step': again,
    },
    'transforms/vmap.test.ts': {
      'nothing of the first example is baked in > a Value that leaked out': 'uses what is left of a call',
      'nothing of the first example is baked in > nor one of an inner vmap': 'uses what is left of a call',
      'nothing of the first example is baked in > what a pullback of vmap needs later': 'uses what is left of a call',
      'labels > of results, and of what is between': 'looks at the graph',
    },
  },
  fallbacks: {
    'transforms/checkpoint.assign.test.ts': { '': number },
    'transforms/vmap.test.ts': { 'nothing of the first example is baked in > what is not mapped may be read': number },
  },
}
