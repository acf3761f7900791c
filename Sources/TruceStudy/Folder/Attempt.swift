public import Foundation
public import TruceRun

/// One try at a run that came to an end under a runner's eyes: a line of `attempts.jsonl`.
public struct Attempt: Codable, Equatable, Sendable {
  /// When the worker was started.
  public var startedAt: Date
  /// How long it ran, in seconds.
  public var seconds: Double
  /// Its exit code; nil where a signal ended it.
  public var exitCode: Int32?
  /// The signal that ended it.
  public var signal: Int32?
  /// Why, where it failed.
  public var reason: String?
  /// The machine.
  public var host: String
  /// The threads it was given.
  public var threads: Int

  enum CodingKeys: String, CodingKey {
    case startedAt = "started_at"
    case seconds
    case exitCode = "exit_code"
    case signal, reason, host, threads
  }
}

extension RunDirectory {
  /// The tries that came to an end; a torn line is passed over.
  public var attempts: [Attempt] {
    let data = FileManager.default.contents(atPath: attemptsFile.path) ?? Data()
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      RecordCoding.decode(Attempt.self, from: $0)
    }
  }

  func append(_ attempt: Attempt) throws(RunError) {
    try DurableFile(appendingTo: attemptsFile).append(RecordCoding.line(attempt))
  }

  /// The last error that a worker wrote: its last line beginning with "error", else its last line.
  var lastError: String? {
    let data = FileManager.default.contents(atPath: workerLog.path) ?? Data()
    let lines = String(decoding: data.suffix(1 << 14), as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let error = lines.last {
      $0.lowercased().split(separator: " ").prefix(2).contains { $0.hasPrefix("error") }
    }
    return error ?? lines.last
  }
}

/// How a worker's process ended.
public enum WorkerExit: Equatable, Sendable {
  /// By itself, with an exit code.
  case code(Int32)
  /// By a signal.
  case signal(Int32)
}

extension WorkerExit: CustomStringConvertible {
  /// The end in words.
  public var description: String {
    switch self {
    case .code(let code): "exit code \(code)"
    case .signal(9): "killed by signal 9 (out of memory?)"
    case .signal(let number): "killed by signal \(number)"
    }
  }
}
