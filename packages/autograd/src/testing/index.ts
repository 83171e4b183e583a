/** @adjoint/autograd/testing: gradients put to the test, and random inputs and expressions to test with. */
export { type ArbitraryValueOptions, arbitraryValue } from './arbitrary.ts'
export { type CheckOptions, checkGradients, type GradientCheck, type Inputs } from './check.ts'
export { arbitraryExpression, type Expression, type ExpressionOptions } from './expression.ts'
