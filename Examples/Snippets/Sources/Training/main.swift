import Foundation
import Torch
import TorchNN
import Truce
import TruceFiles
import TruceModels
import TruceRun
import TruceTorch

StartVariables.restartOnce()

// What README and the documentation of the rooms with tensors show, word for word.

let generator = Generator(seed: 0)
let network = HardSharing(
  trunk: MLPTrunk(4, widths: [8], using: generator), featureCount: 8,
  tasks: [(name: "height", outputCount: 1), (name: "width", outputCount: 1)], using: generator)
let batch = Tensor.normal([16, 4], using: generator)
let targets = (0..<2).map { _ in Tensor.normal([16, 1], using: generator) }
let trunkParameters = Array(network.sharedParameters)
let headParameters = (0..<2).map { network.headParameters(ofTask: $0).tensors }

@MainActor func losses(of features: [Tensor]) -> [Tensor] {
  zip(network.outputs(from: features), targets).map { Losses.meanSquared($0, $1) }
}

@MainActor func readme(optimizer: Optimizer) throws -> StepReport {
  let step = try MultiTaskStep(
    method: .gramian(CAGrad(c: 0.4)),
    partition: ParameterPartition(shared: trunkParameters, heads: headParameters),
    optimizer: optimizer)

  let features = network.features(batch)
  let report = try step.step(
    ForwardPass(losses: losses(of: features), features: features))
  return report
}

@MainActor func multiTaskStep(
  losses: [Tensor], features: [Tensor], optimizer: Optimizer, partition: ParameterPartition
) throws -> StepReport {
  struct Network { let partition: ParameterPartition }
  let network = Network(partition: partition)
  let step = try MultiTaskStep(
    method: .gramian(CAGrad(c: 0.4)), partition: network.partition, optimizer: optimizer)
  let report = try step.step(ForwardPass(losses: losses, features: features))
  return report
}

@MainActor func optimizer(loss: Tensor) throws -> Optimizer {
  let optimizer = Optimizer(network.parameters, rule: try Adam(learningRate: 1e-3))
  optimizer.removeGradients()
  try loss.backward()
  try optimizer.step()
  return optimizer
}

final class Block: Layer {
  let convolution: Conv2d
  let normalization: BatchNorm2d

  init(using generator: Generator) {
    convolution = Conv2d(1, 2, kernel: 3, using: generator)
    normalization = BatchNorm2d(2)
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.child("conv", convolution)
    visitor.child("bn", normalization)
  }

  func forward(_ input: Tensor) -> Tensor { normalization(convolution(input)).relu() }
}

@MainActor func activationTape(network: any Layer, input: Tensor) -> (ActivationTape, Tensor) {
  let tape = ActivationTape()
  let output = network.recording(on: tape) { network(input) }
  return (tape, output)
}

@MainActor func sampleGradients(network: HardSharing, images: Tensor, targets: [Tensor]) throws {
  func lossesBySample(_ outputs: [Tensor]) -> [[Tensor?]] {
    zip(outputs, targets).map { output, target in
      let losses = ((output - target) * (output - target)).flattened()
      return (0..<losses.count).map { losses.selected(0, $0) }
    }
  }
  let tape = ActivationTape()
  let outputs = network.evaluating { network.recording(on: tape) { network(images) } }
  let gradients = try SampleGradients(
    tape: tape, losses: lossesBySample(outputs), of: network.sharedParameters)
  let gramian = try gradients.gramian()
  print(gramian.sampleCount)
}

@MainActor func autocast(network: any Layer, input: Tensor) -> Tensor {
  let output = withAutocast(to: .bfloat16, on: .cpu) { network(input) }.to(.float32)
  return output
}

@MainActor func csvReader() throws {
  let folder = FileManager.default.temporaryDirectory
  try "a,b,c,41\n".write(to: folder.appending(path: "people.csv"), atomically: true, encoding: .utf8)
  _ = FileManager.default.changeCurrentDirectoryPath(folder.path)
  let reader = try CSVReader(FileInput("people.csv"))
  while try reader.next() {
    let age = reader.number(3)
    print(age as Any)
  }
}

let trained = try optimizer(loss: losses(of: network.features(batch))[0])
print(try readme(optimizer: trained).weights as Any)
let features = network.features(batch)
print(
  try multiTaskStep(
    losses: losses(of: features), features: features, optimizer: trained,
    partition: ParameterPartition(shared: trunkParameters, heads: headParameters)
  ).losses)
print(
  activationTape(network: Block(using: generator), input: Tensor.normal([1, 1, 5, 5], using: generator)).1
    .shape)
print(autocast(network: Block(using: generator), input: Tensor.normal([1, 1, 5, 5], using: generator)).shape)
try sampleGradients(network: network, images: batch, targets: targets)
try csvReader()
