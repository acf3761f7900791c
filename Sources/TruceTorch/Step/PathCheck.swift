import Torch

/// Looks once at how the losses depend on the shared parameters, and remembers what it saw.
///
/// Where the network names its features, gradients stop there and are carried on through the trunk. A path from
/// a loss to a shared parameter that does not pass through the features would be lost on the way; then the
/// gradients are carried from the losses all the way, unless the features are what they are wanted of.
final class PathCheck {
  private let partition: ParameterPartition
  private let needsFeatures: Bool
  private var checked: Set<Int> = []
  private var hasPathAround = false

  init(partition: ParameterPartition, needsFeatures: Bool) {
    self.partition = partition
    self.needsFeatures = needsFeatures
  }

  /// Returns the pass with features that can be relied on.
  ///
  /// - Throws: ``StepError/notReached(task:)``, or ``StepError/pathAroundFeatures(task:parameter:)`` where the
  ///   features are needed.
  func verified(_ pass: ForwardPass) throws -> ForwardPass {
    let fresh = pass.losses.indices.filter { pass.losses[$0] != nil && !checked.contains($0) }
    if !fresh.isEmpty { try check(fresh, of: pass) }
    return pass.features.isEmpty || !hasPathAround ? pass : pass.withoutFeatures()
  }

  private func check(_ tasks: [Int], of pass: ForwardPass) throws {
    let losses = tasks.map { pass.losses[$0] }
    let shared = partition.sharedTensors
    let reached = try GradientSweep.reached(from: losses, parameters: shared)
    for (task, parameters) in zip(tasks, reached) where !parameters.contains(true) {
      throw StepError.notReached(task: task)
    }
    if !pass.features.isEmpty {
      let around = try GradientSweep.reached(from: losses, parameters: shared, avoiding: pass.features)
      for (task, parameters) in zip(tasks, around) {
        guard let parameter = parameters.firstIndex(of: true) else { continue }
        if needsFeatures {
          throw StepError.pathAroundFeatures(task: task, parameter: partition.shared[parameter].name)
        }
        hasPathAround = true
      }
    }
    checked.formUnion(tasks)
  }
}
