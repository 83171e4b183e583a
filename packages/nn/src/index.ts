/** @adjoint/nn: neural networks on @adjoint/autograd. */

export { oneHot } from '@adjoint/autograd'
export type { Activation, ActivationName } from './activation.ts'
export { type BatchOptions, batches } from './data/batches.ts'
export type { Dataset, Examples } from './data/dataset.ts'
export { type MinMaxOptions, minMax, type Scaler, standardize } from './data/scale.ts'
export { type Split, type SplitOptions, trainTestSplit } from './data/split.ts'
export { type FitOptions, fit } from './fit/fit.ts'
export type {
  BatchReport,
  Callback,
  EpochReport,
  History,
  Metric,
  StopReason,
  TrainingCallbacks,
  TrainingStart,
} from './fit/history.ts'
export type { Convergence, EarlyStopping } from './fit/plateau.ts'
export type { InitName } from './init.ts'
export type { Initializer } from './initializers.ts'
/** Initialisers: `init.xavierUniform()`. */
export * as init from './initializers.ts'
export type { Input } from './input.ts'
export { Layer } from './layer.ts'
export { Linear } from './linear.ts'
export { type BCEOptions, type BCEWithLogitsOptions, bceLoss, bceWithLogitsLoss } from './losses/binary.ts'
export type { ClassOptions } from './losses/classes.ts'
export { type CrossEntropyOptions, crossEntropyLoss, nllLoss } from './losses/crossEntropy.ts'
export { type CosineOptions, cosineSimilarity, klDivLoss } from './losses/divergence.ts'
export type { LossOptions, Reduction } from './losses/reduction.ts'
export {
  type HuberOptions,
  hingeLoss,
  huberLoss,
  maeLoss,
  mseLoss,
  type SmoothL1Options,
  smoothL1Loss,
} from './losses/regression.ts'
export { accuracy, confusionMatrix, type DecisionOptions, r2Score } from './metrics.ts'
export { MLP, type MLPOptions } from './mlp.ts'
export { Module, type StateDict } from './module.ts'
export { Neuron, Perceptron } from './neuron.ts'
export { Adagrad, type AdagradOptions } from './optimizers/adagrad.ts'
export { Adam, type AdamOptions, AdamW } from './optimizers/adam.ts'
export type { CommonOptions, Group, GroupOf, Parameters } from './optimizers/groups.ts'
export type { Memory, PlainMemory } from './optimizers/memory.ts'
export { Optimizer, type OptimizerState } from './optimizers/optimizer.ts'
export { RMSprop, type RMSpropOptions } from './optimizers/rmsprop.ts'
export { SGD, type SGDOptions } from './optimizers/sgd.ts'
export { Sequential } from './sequential.ts'
export type { UnitOptions, WeightOptions } from './units.ts'
