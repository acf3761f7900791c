import Torch
import TorchNN
import TruceData
import TruceModels
import TruceTasks
import TruceTraining

/// Three classification tasks on a few random numbers: everything a real problem has, in no time.
struct TinyProblem: Problem {
  static let classCount = 3
  static let inputCount = 6

  let tasks: [any ProblemTask]
  let data: ProblemData
  let featureCount: Int

  /// Creates the problem.
  ///
  /// - Parameters:
  ///   - taskNames: The tasks.
  ///   - isPartial: Whether the first task has labels for the first ten of the 44 training examples only.
  ///   - featureCount: The width of the trunk.
  init(
    taskNames: [String] = ["shape", "colour", "size"], isPartial: Bool = false, featureCount: Int = 5
  ) throws {
    tasks = taskNames.map { ClassificationTask(name: $0, classCount: Self.classCount) }
    self.featureCount = featureCount
    let generator = Generator(seed: 7)
    let training = try Self.dataset(44, taskNames, labelled: isPartial ? 10 : nil, using: generator)
    let test = try Self.dataset(16, taskNames, labelled: nil, using: generator)
    data = try ProblemData(
      training: DataLoader(training, batchSize: 8, order: .shuffled(seed: 3)),
      evaluation: [("test", DataLoader(test, batchSize: 16, order: .stored))])
  }

  private static func dataset(
    _ count: Int, _ names: [String], labelled: Int?, using generator: Generator
  ) throws -> Dataset {
    let input = Tensor.normal([count, inputCount], using: generator)
    return try Dataset(
      input: input,
      targets: names.enumerated().map { position, name in
        // A rule that can be learned: which of a few inputs, other ones for each task, is the largest.
        let labels = input.narrowed(1, start: position, length: classCount).argmax(1)
        guard position == 0, let labelled else { return TaskTarget(task: name, values: labels) }
        return TaskTarget(task: name, values: labels, mask: Tensor((0..<count).map { $0 < labelled }))
      })
  }

  /// A trunk with buffers and with randomness of its own, so that neither can be forgotten.
  func makeNetwork(using generator: Generator) -> any MultiTaskNetwork {
    let trunk = Sequential(
      MLPTrunk(Self.inputCount, widths: [8, featureCount], using: generator), BatchNorm(featureCount),
      Dropout(0.2, using: generator))
    return HardSharing(
      trunk: trunk, featureCount: featureCount,
      tasks: tasks.map { (name: $0.name, outputCount: Self.classCount) }, using: generator)
  }
}
