import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceRun

/// The same depth in two units: the two-task toy on which invariance to the losses' scales is examined.
///
/// Inputs are uniform in 0 … 1; the targets are the input in metres and in feet. A trunk of two layers with 20
/// LeakyReLU units each feeds a head of two layers for each task; the losses are absolute errors.
///
/// - Source: C. Elich et al., arXiv 2311.04698, appendix (Figures A1 and A2).
/// - Note: The paper does not say how its two targets differ, how many examples there are and how wide the heads are.
///   Here a foot is 0.3048 m, there are 256 examples and a head has 20 hidden units.
struct TwoUnitsProblem: Problem {
  let tasks: [any ProblemTask]
  let trainingLoader: any BatchSource
  let evaluationLoaders: [(split: String, loader: any BatchSource)]

  private static let width = 20
  private static let units: [(name: String, perMetre: Double)] = [("metres", 1), ("feet", 1 / 0.3048)]

  static let sampleCount = Parameter<Int>.atLeast(
    1, "samples", default: 256, "How many examples there are, in training and again in the test.")
  static let about = ProblemDescription(
    name: "two-units", summary: "a scalar input, to be repeated in metres and in feet",
    parameters: [sampleCount.description], source: "Elich et al. 2024, Figures A1 and A2")

  init(_ request: ProblemRequest) throws {
    let options = try Options(
      owner: Self.about.name, parameters: Self.about.parameters, values: request.options)
    let count = try options.value(of: Self.sampleCount)
    let known = Self.units.map(\.name)
    if let unknown = request.tasks?.first(where: { !known.contains($0) }) {
      throw TrainingError.unknownTask(name: unknown, known: known)
    }
    let units = Self.units.filter { request.tasks?.contains($0.name) ?? true }
    tasks = units.map { AbsoluteErrorTask(name: $0.name) }
    let generator = try Generator(seed: request.seed, device: .cpu)
    func dataset() throws -> Dataset {
      let input = Tensor.uniform([count, 1], using: generator, dtype: request.dtype)
      return try Dataset(
        input: input, targets: units.map { TaskTarget(task: $0.name, values: input * $0.perMetre) }
      ).moved(to: request.device)
    }
    trainingLoader = try DataLoader(
      dataset(), batchSize: request.batchSize, order: .shuffled(seed: request.seed))
    evaluationLoaders = [
      ("test", try DataLoader(dataset(), batchSize: request.evaluationBatchSize, order: .stored))
    ]
  }

  func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    HardSharing(
      trunk: Self.hidden([1, Self.width, Self.width], using: generator),
      heads: tasks.map { task in
        let hidden = Self.hidden([Self.width, Self.width], using: generator)
        return (task.name, Sequential(hidden, Linear(Self.width, 1, using: generator)))
      })
  }

  private static func hidden(_ widths: [Int], using generator: Generator) -> Sequential {
    Sequential(
      zip(widths, widths.dropFirst()).flatMap { inputs, outputs -> [any Layer] in
        [Linear(inputs, outputs, using: generator), LeakyReLU()]
      })
  }
}

/// A task whose output is a number: the absolute error, as loss and as metric.
private struct AbsoluteErrorTask: ProblemTask {
  let name: String

  func loss(output: Tensor, target: TaskTarget) -> Tensor? { Losses.l1(output, target.values) }
  func makeMetrics() -> [any Metric] { [MeanAbsoluteError()] }
}

extension ProblemEntry {
  /// The line of the toy with two units.
  static let twoUnits = ProblemEntry(about: TwoUnitsProblem.about) { try TwoUnitsProblem($0) }
}
