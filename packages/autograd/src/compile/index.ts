/** `@adjoint/autograd/compile`: functions of Values as one WebAssembly program. */
export { type Compiled, type CompileOptions, compile } from './compile.ts'
