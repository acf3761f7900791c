import Torch
public import TorchNN
import TruceOptions

/// Several trunks that all tasks use, of which each task chooses a few.
///
/// A task has k selectors. Each chooses one expert by the digits of its number, most significant first: a digit 1 has the
/// weight s, a digit 0 the weight 1 − s, where s is a smooth step of a linear map of the whole example. A softmax of another
/// linear map weighs the selectors. The features are Σ weight_e · expert_e. The parameters are named `shared.<e>.…`,
/// `selectors.<task>.codes.…`, `selectors.<task>.shares.…` and `heads.<task>.…`.
///
/// - Source: H. Hazimeh et al., "DSelect-k: Differentiable Selection in the Mixture of Experts", 2021, section 3; the public
///   code of LibMTL.
/// - Note: LibMTL turns the digits "0" and "1" into truth values by NumPy, which today calls both true, so that every expert
///   has the same weight; here the digits are as meant. As published, the width γ of the step is used for the first values
///   alone, and the penalty that makes selectors decide is taken of the last task only.
public final class DSelectK: MultiTaskNetwork {
  private let experts: [any Trunk]
  private let selectors: [ExpertSelectors]
  private let heads: TaskHeads
  private var isTraining = true

  init(experts: [any Trunk], selectors: [ExpertSelectors], heads: TaskHeads) {
    self.experts = experts
    self.selectors = selectors
    self.heads = heads
  }

  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the experts, the selectors, the heads and the mode.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.mode(&isTraining)
    visitor.children("shared", experts)
    for (name, selectors) in zip(taskNames, selectors) { visitor.child("selectors.\(name)", selectors) }
    heads.visit(visitor)
  }

  /// The experts' parameters.
  public var sharedParameters: NamedTensors { parameters.under(names: ["shared"]) }

  /// The parameters of one task's selectors and head.
  public func headParameters(ofTask task: Int) -> NamedTensors {
    parameters.under(names: ["selectors.\(taskNames[task])", "heads.\(taskNames[task])"])
  }

  /// The outputs, with the experts' features as the cut, and in training the penalty of the last task's selectors.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let features = experts.map { $0.features(shown)[0] }
    var penalties: [Tensor?] = taskNames.map { _ in nil }
    let outputs = heads.outputs(ofTasks: tasks, for: shown) { task in
      let selection = selectors[task].selection(for: shown)
      if isTraining && task == taskCount - 1 { penalties[task] = selection.penalty }
      return .mixture(features, weights: selection.weights)
    }
    return NetworkOutputs(outputs, cut: features, penalties: isTraining ? penalties : [])
  }
}

/// One task's selectors of experts.
struct ExpertSelectors: Module {
  private let codes, shares: Linear
  private let experts, chosen, digits: Int

  /// - Parameters:
  ///   - inputs: The number of an example's values.
  ///   - experts: The number of experts to choose from.
  ///   - chosen: The number of selectors.
  ///   - gamma: The first values of the digits' map are draws from ±gamma / 100.
  ///   - generator: Where the draws come from.
  init(_ inputs: Int, experts: Int, chosen: Int, gamma: Double, using generator: Generator) {
    digits = Self.digitCount(of: experts)
    self.experts = experts
    self.chosen = chosen
    codes = Linear(
      inputs, chosen * digits, initialization: .uniform(bound: gamma / 100), using: generator)
    shares = Linear(inputs, chosen, initialization: .uniform(bound: 0.05), using: generator)
  }

  /// The digits that the largest of the experts' numbers has in base 2; at least one.
  private static func digitCount(of experts: Int) -> Int {
    max(1, Int.bitWidth - (experts - 1).leadingZeroBitCount)
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.child("codes", codes)
    visitor.child("shares", shares)
  }

  /// The weights of the experts, [examples, experts], and the penalty of selectors that have not decided.
  func selection(for input: Tensor) -> (weights: Tensor, penalty: Tensor) {
    let flat = input.flattened(from: 1)
    let steps = Self.smoothStep(codes(flat)).reshaped([flat.shape[0], chosen, digits])
    let perExpert = Tensor.stacked((0..<experts).map { weight(ofExpert: $0, steps) }, axis: 2)
    let weights = (perExpert * shares(flat).softmax(1).unsqueezed(2)).sum([1])
    return (weights, penalty(of: perExpert))
  }

  /// Π over the digits of an expert's number, [examples, selectors].
  private func weight(ofExpert expert: Int, _ steps: Tensor) -> Tensor {
    let factors = (0..<digits).map { digit in
      let step = steps.selected(2, digit)
      return expert >> (digits - 1 - digit) & 1 == 1 ? step : 1 - step
    }
    return factors.dropFirst().reduce(factors[0], *)
  }

  /// 1e-6 · the entropy of the selectors, and where numbers of no expert are left over, Σ 1 / Σ of the weights.
  private func penalty(of weights: Tensor) -> Tensor {
    let entropy = -(weights * (weights + 1e-6).log()).sum() * 1e-6
    return experts == 1 << digits ? entropy : entropy + (1 / weights.sum([2])).sum()
  }

  /// 0 below −1/2, 1 above 1/2, −2x³ + 3x/2 + 1/2 between.
  private static func smoothStep(_ x: Tensor) -> Tensor {
    let inside = x.clamped(minimum: -0.5, maximum: 0.5)
    return inside.pow(3) * -2 + inside * 1.5 + 0.5
  }
}

extension ArchitectureEntry {
  private static let experts = Parameter<Int>.atLeast(
    2, "experts", default: 4, "The number of trunks that all tasks use.")
  private static let chosen = Parameter<Int>.atLeast(
    1, "chosen", default: 2, "The number of trunks that a task chooses at most.")
  private static let gamma = Parameter<Double>.positive(
    "gamma", default: 1, "The selectors' first values are draws from ± a hundredth of it.")

  /// The line of DSelect-k.
  static let dselectK = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "dselect-k", summary: "several trunks for all tasks, of which each chooses a few",
      parameters: [experts.description, chosen.description, gamma.description] + HeadSettings.parameters,
      source: "Hazimeh et al. 2021", shares: "the trunks")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let inputs = try request.fixedInputShape(for: options.owner).reduce(1, *)
    let trunks = try request.makeTrunks(options.value(of: experts))
    let (chosen, gamma) = (try options.value(of: chosen), try options.value(of: gamma))
    let selectors = request.tasks.map { _ in
      ExpertSelectors(inputs, experts: trunks.count, chosen: chosen, gamma: gamma, using: request.generator)
    }
    return DSelectK(
      experts: trunks, selectors: selectors, heads: try settings.makeHeads(for: request, on: trunks[0]))
  }
}
