import Torch
import TruceData
import TruceOptions
import TruceTasks

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
  let data: ProblemData

  private static let units: [(name: String, perMetre: Double)] = [("metres", 1), ("feet", 1 / 0.3048)]

  private static let sampleCount = Parameter<Int>.atLeast(
    1, "samples", default: 256, "How many examples there are, in training and again in the test.")

  static let about = ProblemDescription(
    name: "two-units", summary: "a scalar input, to be repeated in metres and in feet",
    parameters: [sampleCount.description], source: "Elich et al. 2024, Figures A1 and A2",
    tasks: units.map { TaskDescription(name: $0.name, summary: "the input in \($0.name)") },
    network: NetworkChoice(
      trunk: "mlp", trunkOptions: ["widths": [20, 20], "activation": "leaky_relu"],
      architectureOptions: ["head_widths": [20], "head_activation": "leaky_relu"]))

  init(_ options: Options, _ request: ProblemRequest) throws {
    let count = try options.value(of: Self.sampleCount)
    tasks = try request.chosen(among: Self.units.map { RegressionTask(name: $0.name) })
    let units = Self.units.filter { request.tasks?.contains($0.name) ?? true }
    let generator = try Generator(seed: request.seed, device: .cpu)
    func dataset() throws -> Dataset {
      let input = Tensor.uniform([count, 1], using: generator, dtype: request.dtype)
      return try Dataset(
        input: input, targets: units.map { TaskTarget(task: $0.name, values: input * $0.perMetre) })
    }
    data = try ProblemData(DatasetSplits(training: dataset(), test: dataset()), for: request)
  }
}

extension ProblemEntry {
  /// The line of the toy with two units.
  static let twoUnits = ProblemEntry(about: TwoUnitsProblem.about) { try TwoUnitsProblem($0, $1) }
}
