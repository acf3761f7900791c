import Foundation
import Truce
import TruceRun

/// What a changed study file would do to the runs of the file that a folder was made for.
public struct StudyChange: Sendable, Equatable {
  /// The runs with a folder that the new file does not have, in the order of the old plan.
  public let left: [RunKey]
  /// What differs, one text a key, such as `epochs: 1 → 2`.
  public let differences: [String]

  /// Compares the plan of a folder with the one that is to take its place.
  init(from old: StudyPlan, to new: StudyPlan, in folder: StudyFolder) {
    let kept = Set(new.runs)
    left = old.runs.filter { key in
      !kept.contains(key) && FileManager.default.fileExists(atPath: folder.directory(of: key).url.path)
    }
    differences = Self.differences(Self.values(old), Self.values(new))
  }

  private static func values(_ plan: StudyPlan) -> [(key: String, value: String)] {
    guard let node = try? ConfigurationNode(yaml: plan.text, file: plan.file.name),
      let entries = try? node.entries()
    else { return [] }
    return entries.map { ($0.key, $0.value.text) }
  }

  private static func differences(
    _ old: [(key: String, value: String)], _ new: [(key: String, value: String)]
  ) -> [String] {
    let before = Dictionary(old) { $1 }
    let after = Dictionary(new) { $1 }
    let keys = old.map(\.key) + new.map(\.key).filter { before[$0] == nil }
    return keys.filter { before[$0] != after[$0] }.map { key in
      "\(key): \(before[key] ?? "not given") → \(after[key] ?? "not given")"
    }
  }
}

extension ConfigurationNode {
  /// The value on one line, as a reader would write it.
  fileprivate var text: String {
    switch content {
    case .null: "none"
    case .scalar(let value): value.description
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}
