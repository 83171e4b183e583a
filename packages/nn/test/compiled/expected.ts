/** What the second run leaves out or runs as it is written: all of it, and why. */

/** Reasons by file, under packages/nn/test. */
export const leftOut: { readonly [file: string]: string } = {
  'compile/**': 'compiles by itself',
  'files/**': 'is about files',
  'fit/compile.test.ts': 'compiles by itself',
  'imports.test.ts': 'reads source files',
  'names.test.ts': 'is about names',
  'node/**': 'is about files',
  'options.test.ts': 'is about errors before anything is computed',
  'terminal/**': 'is about text in a terminal',
}

interface Lists {
  /** Tests in which nothing is compiled, and why: by file the beginning of their names. */
  readonly asWritten: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Tests in which something cannot be compiled, and what the error says of it. */
  readonly fallbacks: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const state = 'a loss that reads or changes state of JavaScript'

export const lists: Lists = {
  asWritten: {
    'fit/fit.test.ts': {
      'the order of the examples': 'a loss that reads numbers',
      'what is measured > validation and metrics': 'a model that notes its calls',
    },
    'fit/training.test.ts': {
      'schedules > take a step an epoch': state,
      'schedules > or an update': state,
      'schedules > several at their own pace': state,
      'what is not finite stops the training, with epoch, batch and operation > one that no operation made anew': state,
    },
    'layers/plain.test.ts': {
      'Dropout > in evaluation, or with p = 0, does nothing': 'the results of a program are no Values that went in',
    },
  },
  fallbacks: {},
}
