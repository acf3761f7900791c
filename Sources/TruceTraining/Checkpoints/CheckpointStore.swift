public import Foundation
import TruceRun

/// The checkpoints of a run: the last two, and the best one.
///
/// A checkpoint is written under another name, forced to the disk and renamed; then a pointer file names it. A
/// process killed at any moment leaves the old pointer or the new one, never half a checkpoint. The one before the
/// last is kept for the day on which the last one turns out to be damaged.
public struct CheckpointStore: Sendable {
  private let folder: URL

  /// Names the folder of a run's checkpoints.
  public init(_ folder: URL) {
    self.folder = folder
  }

  private enum Role: String, CaseIterable {
    case last, previous, best
  }

  private func pointer(_ role: Role) -> URL { folder.appending(path: "\(role.rawValue).txt") }

  // MARK: Writing

  /// Writes a checkpoint and makes it the one from which training resumes.
  ///
  /// - Parameters:
  ///   - learner: Whose state is kept.
  ///   - progress: Where training stands.
  ///   - isKnownFinite: Whether what was learned has been looked at since it last changed.
  /// - Throws: `RunError` where it cannot be written, or ``TrainingError/diverged(step:reason:)`` where what was
  ///   learned is not finite; the old checkpoints are then as they were.
  public func saveLast(
    _ learner: any Learner, _ progress: TrainingProgress, isKnownFinite: Bool = false
  ) throws {
    if !isKnownFinite { try learner.requireFiniteState(step: progress.position.step) }
    let old = pointed(by: .last)
    let name = try write(learner, progress, prefix: "last")
    if let old { try AtomicFile.write(old + "\n", to: pointer(.previous)) }
    try AtomicFile.write(name + "\n", to: pointer(.last))
    removeOthers(than: [name, old].compactMap(\.self), prefix: "last")
    forget(learner)
  }

  /// Writes a checkpoint and makes it the best one.
  ///
  /// - Throws: As ``saveLast(_:_:isKnownFinite:)``.
  public func saveBest(
    _ learner: any Learner, _ progress: TrainingProgress, isKnownFinite: Bool = false
  ) throws {
    if !isKnownFinite { try learner.requireFiniteState(step: progress.position.step) }
    let name = try write(learner, progress, prefix: "best")
    try AtomicFile.write(name + "\n", to: pointer(.best))
    removeOthers(than: [name], prefix: "best")
    forget(learner)
  }

  private func write(_ learner: any Learner, _ progress: TrainingProgress, prefix: String) throws -> String {
    let name = unusedName("\(prefix)-\(progress.position.step)")
    let target = folder.appending(path: name, directoryHint: .isDirectory)
    let scratch = folder.appending(path: ".\(name).part", directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: scratch)
    do {
      // Not the folders above: a run's folder that was removed is not to come back as one of checkpoints alone.
      try DurableFile.createFolder(folder, withParents: false)
      try DurableFile.createFolder(scratch, withParents: false)
      try Checkpoint(folder: scratch).write(learner, progress)
      try DurableFile.rename(scratch, to: target)
    } catch {
      try? FileManager.default.removeItem(at: scratch)
      throw error
    }
    return name
  }

  /// A name that no checkpoint bears, since the one that bears it may be the one to resume from.
  private func unusedName(_ wanted: String) -> String {
    var (name, number) = (wanted, 1)
    while FileManager.default.fileExists(atPath: folder.appending(path: name).path) {
      number += 1
      name = "\(wanted)-\(number)"
    }
    return name
  }

  /// Removes what no pointer names any more and what a killed process left half-written; what cannot be removed now is
  /// removed next time.
  private func removeOthers(than names: [String], prefix: String) {
    for old in contents
    where !names.contains(old) && ["\(prefix)-", ".\(prefix)-"].contains(where: old.hasPrefix) {
      try? FileManager.default.removeItem(at: folder.appending(path: old))
    }
  }

  /// Lets a learner give up what it keeps for checkpoints that are gone; where one of the others cannot be read, next time.
  private func forget(_ learner: any Learner) {
    guard let learner = learner as? any CheckpointFollowing else { return }
    let kept = names
    // Without a name the folder could not be read, since a checkpoint has just been written.
    guard !kept.isEmpty else { return }
    try? learner.discardUnneeded {
      try kept.map { try Checkpoint(folder: folder.appending(path: $0)).learnerDecoder() }
    }
  }

  // MARK: Reading

  /// Puts a checkpoint into a learner made from the same configuration.
  ///
  /// - Returns: Where training stood; nil where there is no such checkpoint.
  /// - Throws: ``TrainingError`` where it is another learner's or damaged. Of a damaged one, the error names those
  ///   that are not.
  public func restore(
    _ choice: CheckpointChoice = .last, into learner: any Learner
  ) throws -> TrainingProgress? {
    guard let checkpoint = try checkpoint(choice) else { return nil }
    do { return try checkpoint.restore(learner) } catch let error as TrainingError {
      throw offeringOthers(error, than: checkpoint.folder)
    }
  }

  /// The checkpoint that is meant; nil where there is none.
  func checkpoint(_ choice: CheckpointChoice) throws(TrainingError) -> Checkpoint? {
    let role: Role
    switch choice {
    case .last: role = .last
    case .previous: role = .previous
    case .best: role = .best
    case .named(let name):
      guard names.contains(name) else { return nil }
      return Checkpoint(folder: folder.appending(path: name, directoryHint: .isDirectory))
    }
    guard FileManager.default.fileExists(atPath: pointer(role).path) else { return nil }
    guard let name = pointed(by: role) else {
      throw offeringOthers(
        .damagedCheckpoint(path: pointer(role).relativePath, reason: "does not name a checkpoint"), than: nil)
    }
    return Checkpoint(folder: folder.appending(path: name, directoryHint: .isDirectory))
  }

  /// The newest whole checkpoint whatever the pointers say: its name; nil where there is none.
  var newestIntact: String? {
    intact.filter { $0.hasPrefix("last-") }.max { Self.step(of: $0) < Self.step(of: $1) } ?? intact.first
  }

  /// The names of the checkpoints there are, also of those that no pointer names.
  public var names: [String] {
    contents.filter { $0.hasPrefix("last-") || $0.hasPrefix("best-") }.sorted()
  }

  /// The names of the checkpoints that are as they were written.
  private var intact: [String] {
    names.filter { name in
      let checkpoint = Checkpoint(folder: folder.appending(path: name, directoryHint: .isDirectory))
      return (try? checkpoint.verify()) != nil
    }
  }

  private func offeringOthers(_ error: TrainingError, than damaged: URL?) -> TrainingError {
    guard case .damagedCheckpoint(let path, let reason, _) = error else { return error }
    let others = intact.filter { $0 != damaged?.lastPathComponent }
    return .damagedCheckpoint(path: path, reason: reason, intact: others)
  }

  private static func step(of name: String) -> Int {
    name.split(separator: "-").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  private var contents: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }

  /// The folder of the last checkpoint; nil where none is named.
  var lastFolder: URL? {
    pointed(by: .last).map { folder.appending(path: $0, directoryHint: .isDirectory) }
  }

  private func pointed(by role: Role) -> String? {
    let text = (try? String(contentsOf: pointer(role), encoding: .utf8)) ?? ""
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let prefix = role == .best ? "best-" : "last-"
    return name.hasPrefix(prefix) && !name.contains("/") ? name : nil
  }
}

extension TrainingLoop {
  /// Continues from a checkpoint of a run of the same configuration.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: ``TrainingError`` where it is another run's or damaged; the loop is then not to be used.
  @discardableResult
  public func restore(_ choice: CheckpointChoice = .last, from store: CheckpointStore) throws -> Bool {
    guard let restored = try store.restore(choice, into: learner) else { return false }
    let steps = learner.beginning(epochs: plan.epochs).stepsPerEpoch
    if let objection = restored.objection(under: plan, stepsPerEpoch: steps),
      let file = try store.checkpoint(choice)?.trainingFile
    {
      throw TrainingError.damagedCheckpoint(path: file.relativePath, reason: objection)
    }
    resume(at: restored)
    return true
  }
}
