import Torch
import TruceData
import TruceRun
import TruceTasks

extension RunParts {
  /// Refuses to corrupt inputs that are no pictures.
  func checkCorruptions() throws(TrainingError) {
    guard !choices.corruptions.isEmpty else { return }
    let layouts = problem.evaluationLoaders.last?.loader.domains ?? []
    guard !layouts.isEmpty, layouts.allSatisfy({ $0.inputs.first?.shape.count == 3 }) else {
      throw .incompatible(
        reason: "corruptions change pictures, and the inputs of \(configuration.problem) are none",
        help: "leave corruptions out")
    }
  }
}
