import Torch
import TorchNN
public import TruceModels
public import TruceRun
import TruceTasks

/// Records how far every parameter moves in every n-th step, in the run's folder.
///
/// - Complexity: A copy of all parameters in double precision, and as much on the disk for each recorded step: meant
///   for small networks.
public final class UpdateRecorder: TrainingHandler {
  private let directory: RunDirectory
  private let network: any MultiTaskNetwork
  private let interval: Int
  private let resumedStep: Int?
  private var log: UpdateLog?
  private var before: Tensor?

  /// Creates a recorder.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - network: Whose parameters are recorded.
  ///   - interval: Steps between two records.
  ///   - step: The step from which the run continues; nil where it begins.
  public init(
    in directory: RunDirectory, of network: any MultiTaskNetwork, interval: Int, resumingAt step: Int?
  ) {
    self.directory = directory
    self.network = network
    self.interval = max(interval, 1)
    resumedStep = step
  }

  /// Takes the parameters' values before a recorded step, and writes what it added to them.
  ///
  /// - Throws: `RunError` where the record cannot be written.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    switch event {
    case .began:
      log = try UpdateLog(in: directory, layout: layout, resumingAt: resumedStep)
      remember(after: progress.position.step)
    case .stepped:
      if let before { try log?.append((values - before).toArray()) }
      remember(after: progress.position.step)
    case .epochEnded, .ended: break
    }
  }

  private func remember(after step: Int) {
    before = (step + 1) % interval == 0 ? values : nil
  }

  private var layout: UpdateLayout {
    let heads = network.taskNames.indices.map { task in
      UpdateLayout.Part(
        task: network.taskNames[task], count: network.headParameters(ofTask: task).elementCount)
    }
    let shared = UpdateLayout.Part(task: nil, count: network.sharedParameters.elementCount)
    return UpdateLayout(parts: [shared] + heads, interval: interval)
  }

  /// All parameters as one vector: the shared ones, then each task's.
  private var values: Tensor {
    let heads = network.taskNames.indices.flatMap { network.headParameters(ofTask: $0).tensors }
    return Tensor.concatenated(
      (network.sharedParameters.tensors + heads).map { $0.detached().to(.float64, on: .cpu).reshaped([-1]) })
  }
}

extension HandlerEntry {
  /// The line of the record of updates, where `updates_every` asks for it.
  static let updates = HandlerEntry(name: "updates") { run in
    guard let interval = run.configuration.updatesEvery, let learner = run.supervised else { return nil }
    return UpdateRecorder(
      in: run.directory, of: learner.network, interval: interval, resumingAt: run.resumedStep)
  }
}
