import Torch
import Truce
import TruceData
import TruceRun

extension TrainingAssembly {
  private static let all = "all"

  /// The corruptions a configuration names.
  ///
  /// - Throws: ``TrainingError/incompatible(reason:help:)`` for an unknown name, or where the inputs are no pictures.
  static func corruptions(
    _ configuration: RunConfiguration, of problem: any Problem
  ) throws(TrainingError) -> [Corruption] {
    guard let names = configuration.corruptions else { return [] }
    let layouts = problem.evaluationLoaders.last?.loader.domains ?? []
    guard !layouts.isEmpty, layouts.allSatisfy({ $0.inputs.first?.shape.count == 3 }) else {
      throw .incompatible(
        reason: "corruptions change pictures, and the inputs of \(configuration.problem) are none",
        help: "leave corruptions out")
    }
    if names == [all] { return Corruption.allCases }
    var corruptions: [Corruption] = []
    for name in names {
      guard let corruption = Corruption(rawValue: name) else { throw unknown(name) }
      corruptions.append(corruption)
    }
    return corruptions
  }

  private static func unknown(_ name: String) -> TrainingError {
    let known = Corruption.allCases.map(\.rawValue)
    let closest = closestName(to: name, among: known + [all])
    return .incompatible(
      reason: "unknown corruption '\(name)'",
      help: closest.map { "did you mean '\($0)'?" } ?? "the corruptions are \(known.joined(separator: ", "))")
  }
}
