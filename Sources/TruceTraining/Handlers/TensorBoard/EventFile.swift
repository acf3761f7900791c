import Foundation
import TruceRun

/// A growing file of TensorBoard events, one for each part of a run.
final class EventFile {
  private let file: DurableFile
  private let now: () -> Date

  /// Starts a file beside those of earlier parts.
  ///
  /// - Parameters:
  ///   - folder: The folder, created where it is missing.
  ///   - step: The first step that this part writes; what earlier parts wrote from there on is declared void.
  ///   - now: The time of day.
  /// - Throws: `RunError`.
  init(in folder: URL, from step: Int, now: @escaping () -> Date) throws(RunError) {
    self.now = now
    try DurableFile.createFolder(folder)
    file = try DurableFile(creating: folder.appending(path: Self.name(in: folder, at: now())))
    try append(.fileVersion, at: 0)
    try append(.start, at: step)
  }

  /// Appends values.
  ///
  /// - Throws: `RunError`.
  func append(_ values: [String: Double], at step: Int) throws(RunError) {
    try append(.scalars(values), at: step)
  }

  private func append(_ content: EventRecord.Content, at step: Int) throws(RunError) {
    try file.appendInPlace(EventRecord(date: now(), step: step, content: content).data)
  }

  private static let prefix = "events.out.tfevents."

  /// A name behind those of earlier parts, since TensorBoard reads files in the order of their names.
  private static func name(in folder: URL, at date: Date) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let earlier = names.filter { $0.hasPrefix(prefix) }.compactMap { name in
      Int(name.dropFirst(prefix.count).prefix { $0.isNumber })
    }
    let seconds = max(Int(date.timeIntervalSince1970), (earlier.max() ?? 0) + 1)
    let digits = String(seconds)
    return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
      + ".\(ProcessInfo.processInfo.hostName)"
  }
}
