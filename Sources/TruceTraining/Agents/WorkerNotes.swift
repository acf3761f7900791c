import Foundation
import TruceEnvironments
import TruceRun

/// What is to be said of workers that were started anew, from whichever thread they were.
///
/// `@unchecked Sendable`, since every access to the notes holds the lock.
final class WorkerNotes: @unchecked Sendable {
  private let lock = NSLock()
  private var notes: [String] = []

  /// Takes in that a worker was started anew.
  func takeIn(_ restart: WorkerRestart) {
    lock.withLock { notes.append("note: \(restart)") }
  }

  /// What has come in since this was asked last.
  func takeAll() -> [String] {
    lock.withLock {
      defer { notes = [] }
      return notes
    }
  }
}

/// Says where workers were started anew.
final class WorkerWatch: TrainingHandler {
  private let notes: WorkerNotes
  private let console: Console

  init(_ notes: WorkerNotes, on console: Console) {
    self.notes = notes
    self.console = console
  }

  func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    for note in notes.takeAll() { console.line(note) }
  }
}
