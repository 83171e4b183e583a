/** @adjoint/nn: neural networks on @adjoint/autograd. */

export { oneHot } from '@adjoint/autograd'
export type { Activation, ActivationName } from './activation.ts'
export { type BatchOptions, batches } from './data/batches.ts'
export type { Dataset, Examples } from './data/dataset.ts'
export { type MinMaxOptions, minMax, type Scaler, standardize } from './data/scale.ts'
export { type Split, type SplitOptions, trainTestSplit } from './data/split.ts'
export { fromJSON, toJSON } from './files/json.ts'
export type { FileDType, Metadata } from './files/layout.ts'
export { loadSafetensors, type SafetensorsOptions, safetensorsMetadata, saveSafetensors } from './files/safetensors.ts'
export type { Saveable } from './files/state.ts'
export type { CheckpointOptions, CheckpointStorage } from './fit/checkpoint.ts'
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
export type { PacedSchedule, ScheduleOption } from './fit/pacing.ts'
export type { Convergence, EarlyStopping } from './fit/plateau.ts'
export type { FitOptimizer } from './fit/run.ts'
export type { InitName } from './init.ts'
export type { Initializer } from './initializers.ts'
/** Initialisers: `init.xavierUniform()`. */
export * as init from './initializers.ts'
export type { Input } from './input.ts'
export { Layer } from './layer.ts'
export { MultiHeadAttention, type MultiHeadAttentionOptions, type Sight } from './layers/attention.ts'
export { BatchNorm, type BatchNormLayerOptions } from './layers/batchNorm.ts'
export { Conv1d, Conv2d, type ConvLayerOptions } from './layers/conv.ts'
export { Dropout, type DropoutOptions } from './layers/dropout.ts'
export { Embedding, type EmbeddingOptions } from './layers/embedding.ts'
export { Flatten } from './layers/flatten.ts'
export { GroupNorm } from './layers/groupNorm.ts'
export { GRU } from './layers/gru.ts'
export { LayerNorm, RMSNorm } from './layers/layerNorm.ts'
export { LSTM, type LSTMState } from './layers/lstm.ts'
export { AvgPool2d, MaxPool2d } from './layers/pool.ts'
export type { Recurrence, RecurrentOptions } from './layers/recurrent.ts'
export { RNN, type RNNOptions } from './layers/rnn.ts'
export type { NormOptions } from './layers/scale.ts'
export { TransformerEncoderLayer, type TransformerOptions } from './layers/transformer.ts'
export { Linear } from './linear.ts'
export { type BCEOptions, type BCEWithLogitsOptions, bceLoss, bceWithLogitsLoss } from './losses/binary.ts'
export type { ClassOptions } from './losses/classes.ts'
export { type CrossEntropyOptions, crossEntropyLoss, nllLoss } from './losses/crossEntropy.ts'
export { type CosineOptions, cosineSimilarity, type KLDivOptions, klDivLoss } from './losses/divergence.ts'
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
export { Adadelta, type AdadeltaOptions } from './optimizers/adadelta.ts'
export { Adagrad, type AdagradOptions } from './optimizers/adagrad.ts'
export { Adam, type AdamOptions, AdamW } from './optimizers/adam.ts'
export { Adamax, type AdamaxOptions } from './optimizers/adamax.ts'
export { type ClipOptions, clipGradNorm, clipGradValue } from './optimizers/clip.ts'
export type { CommonOptions, Group, GroupOf, Parameters } from './optimizers/groups.ts'
export { LBFGS, type LBFGSMemory, type LBFGSState } from './optimizers/lbfgs.ts'
export type { LBFGSOptions } from './optimizers/lbfgsOptions.ts'
export type { Memory, PlainMemory } from './optimizers/memory.ts'
export { NAdam, type NAdamOptions } from './optimizers/nadam.ts'
export { Optimizer, type OptimizerState } from './optimizers/optimizer.ts'
export { RAdam, type RAdamOptions } from './optimizers/radam.ts'
export { RMSprop, type RMSpropOptions } from './optimizers/rmsprop.ts'
export { SGD, type SGDOptions } from './optimizers/sgd.ts'
export { CosineAnnealingLR } from './schedules/cosine.ts'
export { LambdaLR, type RateFactor } from './schedules/lambda.ts'
export { OneCycleLR, type OneCycleOptions } from './schedules/oneCycle.ts'
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './schedules/plateau.ts'
export {
  CountingSchedule,
  type Pace,
  type Schedule,
  type ScheduledGroup,
  type ScheduledOptimizer,
  type ScheduleState,
} from './schedules/schedule.ts'
export { ExponentialLR, MultiStepLR, StepLR } from './schedules/steps.ts'
export { type WarmupOptions, warmup } from './schedules/warmup.ts'
export { Sequential } from './sequential.ts'
export type { UnitOptions, WeightOptions } from './units.ts'
