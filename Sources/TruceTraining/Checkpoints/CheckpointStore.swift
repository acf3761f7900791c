public import Foundation
import TruceRun

/// The checkpoints of a run: the last one, and the best one.
///
/// A checkpoint is written under another name, forced to the disk and renamed; then a pointer file names it. A
/// process killed at any moment leaves the old pointer or the new one, never half a checkpoint.
public struct CheckpointStore: Sendable {
  private let folder: URL

  /// Names the folder of a run's checkpoints.
  public init(_ folder: URL) {
    self.folder = folder
  }

  /// Writes a checkpoint and makes it the one from which training resumes.
  public func saveLast(_ trainer: Trainer) throws { try save(trainer, as: .last) }

  /// Writes a checkpoint and makes it the best one.
  public func saveBest(_ trainer: Trainer) throws { try save(trainer, as: .best) }

  /// Puts the last checkpoint into a trainer made from the same configuration.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: ``TrainingError`` where it is another network's or damaged.
  public func restoreLast(_ trainer: Trainer) throws -> Bool { try restore(trainer, from: .last) }

  /// Puts the best checkpoint into a trainer made from the same configuration.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: ``TrainingError`` where it is another network's or damaged.
  public func restoreBest(_ trainer: Trainer) throws -> Bool { try restore(trainer, from: .best) }

  private enum Role: String, CaseIterable {
    case last, best
  }

  private func pointer(_ role: Role) -> URL { folder.appending(path: "\(role.rawValue).txt") }

  private func save(_ trainer: Trainer, as role: Role) throws {
    let name = unusedName("\(role.rawValue)-\(trainer.progress.position.step)")
    let target = folder.appending(path: name, directoryHint: .isDirectory)
    let scratch = folder.appending(path: ".\(name).part", directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: scratch)
    do {
      try DurableFile.createFolder(scratch)
      try Checkpoint(folder: scratch).write(trainer)
      try DurableFile.rename(scratch, to: target)
    } catch {
      try? FileManager.default.removeItem(at: scratch)
      throw error
    }
    try AtomicFile.write(name + "\n", to: pointer(role))
    removeOthers(than: name, role)
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

  /// Removes what the pointer no longer names and what a killed process left half-written; what cannot be
  /// removed now is removed next time.
  private func removeOthers(than name: String, _ role: Role) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let prefixes = ["\(role.rawValue)-", ".\(role.rawValue)-"]
    for old in names where old != name && prefixes.contains(where: old.hasPrefix) {
      try? FileManager.default.removeItem(at: folder.appending(path: old))
    }
  }

  private func restore(_ trainer: Trainer, from role: Role) throws -> Bool {
    let pointer = pointer(role)
    guard FileManager.default.fileExists(atPath: pointer.path) else { return false }
    guard let named = folder(named: role) else {
      throw TrainingError.damagedCheckpoint(path: pointer.relativePath, reason: "does not name a checkpoint")
    }
    try Checkpoint(folder: named).restore(trainer)
    return true
  }

  /// The folder of the last checkpoint; nil where none is named.
  var lastFolder: URL? { folder(named: .last) }

  private func folder(named role: Role) -> URL? {
    let text = (try? String(contentsOf: pointer(role), encoding: .utf8)) ?? ""
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard name.hasPrefix("\(role.rawValue)-"), !name.contains("/") else { return nil }
    return folder.appending(path: name, directoryHint: .isDirectory)
  }
}
