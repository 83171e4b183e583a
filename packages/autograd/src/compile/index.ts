/** `@adjoint/autograd/compile`: functions of Values as one WebAssembly program. */
export { compile, type Prepared, type Program, type Unfinished } from './compile.ts'
export type { CompileOptions } from './options.ts'
