import Torch
import TruceData
import TruceOptions
import TruceTasks

/// Regressions that are alike but for their scales: `fᵢ(x) = σᵢ tanh((B + εᵢ) x)`.
///
/// The elements of the common matrix B and of each task's εᵢ are drawn from normal distributions of variance 10 and 3.5;
/// inputs are uniform in −1 … 1. A method that does not care for scales learns all tasks, one that does the largest.
///
/// - Source: Z. Chen et al., "GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks",
///   ICML 2018, section 4.
/// - Note: The losses are absolute errors here and squared ones there; the paper gives σ for two tasks only, 1 and 100, and
///   does not say how its inputs are drawn.
struct ScaledTanhProblem: Problem {
  let tasks: [any ProblemTask]
  let data: ProblemData

  private static let inputCount = 250
  private static let outputCount = 100

  private static let scales = Parameter<[Double]>(
    "scales", default: [1, 100], rule: "a list of numbers greater than 0",
    form: [Double].form?.inside(0, above: true),
    "The scale σ of each task."
  ) { !$0.isEmpty && $0.allSatisfy { $0.isFinite && $0 > 0 } }
  private static let sampleCount = Parameter<Int>.atLeast(
    1, "samples", default: 2000, "How many examples there are, in training and again in the test.")

  static let about = ProblemDescription(
    name: "scaled-tanh", summary: "regressions that are alike but for their scales",
    parameters: [scales.description, sampleCount.description], source: "Chen et al. 2018, section 4",
    tasks: nil, network: NetworkChoice(trunk: "mlp", trunkOptions: ["widths": [100, 100, 100, 100]]))

  init(_ options: Options, _ request: ProblemRequest) throws {
    let count = try options.value(of: Self.sampleCount)
    let scales = try options.value(of: Self.scales)
    let all = scales.indices.map { RegressionTask(name: "task\($0 + 1)", count: Self.outputCount) }
    tasks = try request.chosen(among: all)
    let chosen = Set(tasks.map(\.name))
    let generator = try Generator(seed: request.seed, device: .cpu)
    let matrices = Self.matrices(count: scales.count, using: generator)
    func dataset() throws -> Dataset {
      let input = Tensor.uniform([count, Self.inputCount], using: generator) * 2 - 1
      let targets = zip(zip(all, scales), matrices).map { task, matrix in
        TaskTarget(task: task.0.name, values: input.matmul(matrix).tanh() * task.1)
      }
      return try Dataset(input: input, targets: targets.filter { chosen.contains($0.task) })
    }
    data = try ProblemData(DatasetSplits(training: dataset(), test: dataset()), for: request)
  }

  /// The transposed matrices B + εᵢ, [inputs, outputs] each.
  private static func matrices(count: Int, using generator: Generator) -> [Tensor] {
    let normal = { (variance: Double) in
      Tensor.normal([inputCount, outputCount], using: generator) * variance.squareRoot()
    }
    let common = normal(10)
    return (0..<count).map { _ in common + normal(3.5) }
  }
}

extension ProblemEntry {
  /// The line of regressions of unequal scales.
  static let scaledTanh = ProblemEntry(about: ScaledTanhProblem.about) { try ScaledTanhProblem($0, $1) }
}
