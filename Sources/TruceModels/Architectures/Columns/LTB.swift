import Torch
public import TorchNN
import TruceOptions

/// A trunk for each task, where training learns which trunk's features each goes on with from stage to stage.
///
/// Before every stage behind the stem, column t goes on with Σ_j d[t][j] · (what column j gave). In the first hundredth of
/// the epochs all d are 1. Then d is a draw of one column, the largest of choices + Gumbel noise, with the gradient of
/// softmax((choices + noise) / τ), where τ = epochs / 20 / √(epoch + 1). The parameters are named `choices`
/// [stages + 1, tasks, tasks], of which the first and the last are never used, as published, `columns.<task>.…` and
/// `heads.<task>.…`.
///
/// - Source: P. Guo et al., "Learning to Branch for Multi-Task Learning", 2020; the public code of LibMTL.
/// - Note: LibMTL draws noise in evaluation too, so that its test results are random. Here evaluation goes on with the
///   column of the largest choice.
public final class LTB: EpochFollowing {
  private var choices: Tensor
  /// The epoch and their number, saved so that a network that is loaded goes on as it was.
  private var progress: Tensor
  private var isTraining = true
  private let columns: [any StagedTrunk]
  private let heads: TaskHeads
  private let generator: Generator

  init(columns: [any StagedTrunk], heads: TaskHeads, using generator: Generator) {
    let count = columns.count
    choices = Tensor.ones([columns[0].stages.count + 1, count, count]).requiringGrad()
    progress = Tensor([0, 100])
    self.columns = columns
    self.heads = heads
    self.generator = generator
  }

  /// The tasks' names, in the order of the columns.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the choices, how far training has come, the mode, the columns and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("choices", &choices)
    visitor.buffer("progress", &progress)
    visitor.mode(&isTraining)
    for (name, column) in zip(taskNames, columns) { visitor.child("columns.\(name)", column) }
    heads.visit(visitor)
  }

  /// The choices and all columns.
  public var sharedParameters: NamedTensors { parameters.under(names: ["choices", "columns"]) }

  /// The parameters of one head.
  public func headParameters(ofTask task: Int) -> NamedTensors { heads.parameters(ofTask: task) }

  /// Remembers how far training has come.
  public func beginEpoch(_ epoch: Int, of epochs: Int) {
    progress.copyInPlace(from: Tensor([epoch, epochs]))
  }

  /// The outputs; each task has features of its own, so there is no cut that all meet at.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let (epoch, epochs) = (progress[0].integerItem(), progress[1].integerItem())
    let features = columns.walkedTogether(from: shown) { stage, features in
      stage == 0 ? nil : features.mixed(by: weights(at: stage, epoch: epoch, epochs: epochs))
    }
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { columns[$0].finished(features[$0]) })
  }

  /// How much of each column's features every column goes on with, [columns, columns].
  private func weights(at stage: Int, epoch: Int, epochs: Int) -> Tensor {
    let choices = choices.selected(0, stage)
    if 100 * epoch < epochs {
      // Multiplied by zero so that the choices are still part of what training sees.
      return isTraining ? choices * 0 + 1 : choices.detached() * 0 + 1
    }
    guard isTraining else { return choices.argmax(-1).oneHot(classCount: columns.count).to(choices.dtype) }
    let uniform = Tensor.uniform(choices.shape, in: 1e-20..<1, using: generator, dtype: .float64)
    let noise = -(-(uniform.log())).log()
    let temperature = Double(epochs) / 20 / Double(epoch + 1).squareRoot()
    let noisy = choices + noise.to(choices.dtype, on: choices.device)
    let soft = (noisy / temperature).softmax(-1)
    let hard = noisy.argmax(-1).oneHot(classCount: columns.count).to(choices.dtype)
    return hard - soft.detached() + soft
  }
}

extension ArchitectureEntry {
  /// The line of learning to branch.
  static let ltb = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "ltb", summary: "a trunk for each task, where training learns which trunk each goes on with",
      parameters: HeadSettings.parameters, source: "Guo et al. 2020", shares: "all trunks and the choices")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let columns = try request.makeStagedTrunks(request.tasks.count, for: options.owner)
    return LTB(
      columns: columns, heads: try settings.makeHeads(for: request, on: columns[0]), using: request.generator)
  }
}
