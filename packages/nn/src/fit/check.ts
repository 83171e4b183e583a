/** What `fit` was given: what is missing is said before the first step, not somewhere in the middle. */
import { DomainError, type Random, Value } from '@adjoint/autograd'
import type { Dataset } from '../data/dataset.ts'
import { checkRandom } from '../init.ts'
import { showShape } from '../input.ts'
import { Module } from '../module.ts'
import { checkOptions, show } from '../options.ts'
import { type CheckpointOptions, checkpointOptions } from './checkpoint.ts'

interface Parts {
  readonly loss: unknown
  readonly optimizer: { readonly step: unknown; readonly zeroGrad: unknown }
  readonly validation?: unknown
  readonly metrics?: object
  readonly callbacks?: readonly unknown[]
  readonly random?: Random
  readonly checkpoint?: CheckpointOptions
  readonly signal?: { readonly aborted: unknown }
  readonly compile?: unknown
}

/** @param names The options that there are. @throws DomainError for a part that is missing or of the wrong kind, or an unknown option. */
export function checkFit(model: Module, data: Dataset, options: Parts, names: object): void {
  const need = (fits: boolean, what: string, given: unknown, give: string): void => {
    if (!fits) throw new DomainError(`fit: ${what} ${show(given)}. Give ${give}.`)
  }
  need(model instanceof Module, 'the model is', model, 'a Module: new MLP([4, 16, 3])')
  need(isObject(data), 'the data are', data, 'inputs and targets: { x, y }')
  checkOptions('fit', options, names)
  const { loss, optimizer, validation, metrics = {}, callbacks = [], random, checkpoint, signal, compile } = options
  need(typeof loss === 'function', 'the loss is', loss, 'a function of prediction and target: mseLoss')
  need(
    typeof optimizer?.step === 'function' && typeof optimizer.zeroGrad === 'function',
    'the optimizer is',
    optimizer,
    'one: new Adam(model.parameters())',
  )
  need(
    validation === undefined || isObject(validation),
    'the validation is',
    validation,
    'inputs and targets: { x, y }',
  )
  need(isObject(metrics), 'the metrics are', metrics, 'functions by name: { accuracy }')
  for (const [name, metric] of Object.entries(metrics)) {
    need(typeof metric === 'function', `the metric ${name} is`, metric, 'a function of prediction and target')
  }
  need(Array.isArray(callbacks), 'the callbacks are', callbacks, 'a list: [progressBar()]')
  for (const callback of callbacks) {
    need(typeof callback === 'function' || isObject(callback), 'a callback is', callback, 'a function or { onEpoch }')
  }
  checkRandom('fit', random)
  need(compile === undefined || typeof compile === 'boolean', 'compile is', compile, 'true or false')
  need(
    signal === undefined || typeof signal?.aborted === 'boolean',
    'the signal is',
    signal,
    'the signal of an AbortController: controller.signal',
  )
  if (checkpoint === undefined) return
  checkOptions('fit (checkpoint)', checkpoint, checkpointOptions)
  const { storage } = checkpoint
  need(
    typeof storage?.save === 'function' && typeof storage.load === 'function',
    'the storage of the checkpoint is',
    storage,
    'what saves and loads a text: fileStorage(path)',
  )
}

/** What the loss function returned. @throws DomainError unless it is a Value of one number. */
export function checkLoss(loss: Value): Value {
  if (loss instanceof Value && loss.size === 1) return loss
  const got = loss instanceof Value ? `a Value of shape ${showShape(loss.shape)}` : show(loss)
  throw new DomainError(
    `fit: the loss function returned ${got}. Return a Value of one number, the mean over the batch.`,
  )
}

function isObject(x: unknown): boolean {
  return typeof x === 'object' && x !== null && !Array.isArray(x)
}
