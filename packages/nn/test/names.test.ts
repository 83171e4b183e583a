import { expect, test } from 'vitest'
import * as nn from '../src/index.ts'
import * as node from '../src/node/index.ts'
import * as terminal from '../src/terminal/index.ts'

test('every name of the contract that is built so far is exported', () => {
  const names = `Module Neuron Perceptron Layer Linear MLP Sequential init
    mseLoss maeLoss huberLoss smoothL1Loss nllLoss bceLoss bceWithLogitsLoss crossEntropyLoss klDivLoss hingeLoss
    cosineSimilarity SGD Adagrad Adadelta RMSprop Adam AdamW Adamax NAdam RAdam LBFGS clipGradNorm clipGradValue
    StepLR MultiStepLR ExponentialLR CosineAnnealingLR OneCycleLR ReduceLROnPlateau LambdaLR warmup fit trainTestSplit batches standardize minMax oneHot
    saveSafetensors loadSafetensors toJSON fromJSON
    Conv1d Conv2d MaxPool2d AvgPool2d Flatten BatchNorm LayerNorm RMSNorm GroupNorm Dropout Embedding RNN GRU LSTM
    MultiHeadAttention TransformerEncoderLayer
    accuracy confusionMatrix r2Score`
  for (const name of names.split(/\s+/)) expect(nn).toHaveProperty(name)
  expect(Object.keys(node)).toEqual(['fileStorage'])
  expect(Object.keys(terminal).sort()).toEqual(['confusionTable', 'lossCurve', 'progressBar'])
})

test('the methods of a module and of an optimizer', () => {
  const model = new nn.MLP([2, 1])
  for (const name of 'forward parameters namedParameters zeroGrad train eval stateDict loadStateDict summary'.split(
    ' ',
  )) {
    expect(model).toHaveProperty(name)
  }
  const optimizer = new nn.SGD(model.parameters())
  for (const name of ['step', 'zeroGrad', 'stateDict', 'loadStateDict']) expect(optimizer).toHaveProperty(name)
})
