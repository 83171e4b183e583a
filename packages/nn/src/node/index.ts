/** @adjoint/nn/node: what needs Node; the rest of @adjoint/nn runs in pages too. */

export { fileStorage } from './fileStorage.ts'
