import ArgumentParser
import Torch
import TorchNN
import TruceModels
import TruceOptions

/// A trunk of the catalogue with examples of its shape and heads of the kind it is used with.
enum BenchmarkNetwork: String, ExpressibleByArgument, CaseIterable {
  case mlp, lenet, resnet18, resnet50, segnet, deeplabv3
  case celebaCNN = "celeba-cnn"

  /// What is made of a case when nothing is said.
  struct Setting {
    let trunkOptions: [String: OptionValue]
    let inputShape: [Int]
    let taskCount: Int
    let batchSize: Int
    let outputs: Outputs
  }

  /// What the tasks ask of the network.
  enum Outputs {
    /// So many numbers each, compared by mean squared error.
    case numbers(Int)
    /// So many classes each.
    case classes(Int)
    /// A class for each pixel, a depth, a normal, and again from the first.
    case maps
  }

  var setting: Setting {
    switch self {
    case .mlp:
      Setting(
        [39], tasks: 10, batch: 128, .numbers(4),
        ["widths": .list([.number(400), .number(400), .number(400)])])
    case .lenet: Setting([1, 36, 36], tasks: 2, batch: 256, .classes(10))
    case .resnet18: Setting([3, 64, 64], tasks: 2, batch: 32, .classes(10))
    case .resnet50: Setting([3, 64, 64], tasks: 2, batch: 16, .classes(10))
    case .celebaCNN: Setting([3, 64, 64], tasks: 40, batch: 32, .classes(1))
    case .segnet: Setting([3, 96, 128], tasks: 3, batch: 4, .maps)
    case .deeplabv3: Setting([3, 96, 128], tasks: 3, batch: 4, .maps)
    }
  }
}

extension BenchmarkNetwork {
  /// The trunk's options: those of the network, and others written KEY=VALUE.
  func trunkOptions(_ words: [String]) throws -> [String: OptionValue] {
    let own = try words.keyValues(of: "--trunk-option") { OptionValue(word: $0) }
    return setting.trunkOptions.merging(own) { $1 }
  }

  /// The shape of an example, with the height and width that were asked for.
  func inputShape(_ size: String?) throws -> [Int] {
    let plain = setting.inputShape
    guard let size else { return plain }
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, plain.count == 3, sides.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("--size wants HEIGHTxWIDTH, for a network of pictures, not '\(size)'")
    }
    return [plain[0]] + sides
  }
}

extension BenchmarkNetwork.Setting {
  fileprivate init(
    _ inputShape: [Int], tasks: Int, batch: Int, _ outputs: BenchmarkNetwork.Outputs,
    _ trunkOptions: [String: OptionValue] = [:]
  ) {
    self.init(
      trunkOptions: trunkOptions, inputShape: inputShape, taskCount: tasks, batchSize: batch, outputs: outputs
    )
  }
}

extension BenchmarkNetwork.Outputs {
  /// What a task asks of the network.
  func output(ofTask task: Int) -> TaskOutput {
    switch self {
    case .numbers(let count), .classes(let count): .vector(count)
    case .maps: .map(channels: [13, 1, 3][task % 3])
    }
  }

  /// Labels for a task's outputs, drawn at random.
  func target(ofTask task: Int, batch: Int, size: [Int], using generator: Generator) -> Tensor {
    switch self {
    case .numbers(let count): Tensor.normal([batch, count], using: generator)
    case .classes(1): Tensor.uniform([batch, 1], using: generator).greater(0.5).to(.float32)
    case .classes(let count): Tensor.integers([batch], in: 0..<count, using: generator)
    case .maps where task % 3 == 0: Tensor.integers([batch] + size, in: 0..<13, using: generator)
    case .maps: Tensor.normal([batch, [13, 1, 3][task % 3]] + size, using: generator)
    }
  }

  /// The loss of a task.
  func loss(ofTask task: Int, _ output: Tensor, _ target: Tensor) -> Tensor {
    switch self {
    case .numbers: Losses.meanSquared(output, target)
    case .classes(1): output.binaryCrossEntropyWithLogits(target)
    case .classes: Losses.crossEntropy(output, target)
    case .maps where task % 3 == 0: Losses.crossEntropy(output, target)
    case .maps where task % 3 == 1: output.l1Loss(target)
    case .maps: 1 - output.cosineSimilarity(target).mean()
    }
  }
}
