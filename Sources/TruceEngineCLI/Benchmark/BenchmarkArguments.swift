import ArgumentParser
import Foundation
import Torch
import TruceOptions

/// How many rounds a benchmark takes where nothing is said.
protocol BenchmarkDefaults {
  /// Rounds to time.
  static var usualSteps: Int { get }
  /// Rounds before them.
  static var usualWarmUp: Int { get }
}

/// How many rounds a benchmark takes, and with how many threads: what all of them have in common.
struct BenchmarkRounds<Defaults: BenchmarkDefaults>: ParsableArguments {
  @Option(help: "Rounds to time.")
  var steps = Defaults.usualSteps
  @Option(help: "Rounds before the first that is timed.")
  var warmUp = Defaults.usualWarmUp
  @Option(help: "Threads.")
  var threads = 2

  /// Refuses numbers that make no round.
  func validate() throws {
    try PositiveNumbers.check([("steps", steps), ("threads", threads)])
    guard warmUp >= 0 else { throw ValidationError("--warm-up must be a whole number, at least 0") }
  }

  /// Takes the rounds, and tells what those that count gave.
  func run<Result>(_ round: () throws -> Result) throws -> [Result] {
    for _ in 0..<warmUp { _ = try round() }
    return try (0..<steps).map { _ in try round() }
  }

  /// Lets libtorch compute with so many threads.
  func setThreads() throws { try Torch.Engine.setThreadCount(threads) }
}

extension [String] {
  /// Words written KEY=VALUE; of a key that comes twice the last counts.
  ///
  /// - Parameters:
  ///   - option: The option they were given with, for messages.
  ///   - form: What a value is called in messages.
  ///   - value: Reads a value; nil where it has not the form.
  /// - Throws: `ValidationError`.
  func keyValues<Value>(
    of option: String, form: String = "VALUE", _ value: (String) -> Value?
  ) throws -> [String: Value] {
    try reduce(into: [:]) { values, word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, let read = value(parts[1]) else {
        throw ValidationError("\(option) wants KEY=\(form), not '\(word)'")
      }
      values[parts[0]] = read
    }
  }
}

extension OptionValue {
  /// Reads a value as JSON has it, such as `0.5`, `true` or `[400,400]`; anything else is a word.
  init(word: String) {
    self = (try? JSONDecoder().decode(OptionValue.self, from: Data(word.utf8))) ?? .string(word)
  }
}

/// The median milliseconds of the parts of something that was timed again and again, by name.
struct PartMedians: Encodable {
  /// The medians.
  let milliseconds: [String: Double]

  /// Takes medians.
  ///
  /// - Parameters:
  ///   - times: What each round took, in seconds.
  ///   - parts: The parts' names and where they stand.
  init<Times>(of times: [Times], _ parts: KeyValuePairs<String, KeyPath<Times, Double>>) {
    milliseconds = Dictionary(
      uniqueKeysWithValues: parts.map { name, part in
        (name, times.map { $0[keyPath: part] * 1000 }.sorted()[times.count / 2])
      })
  }

  /// Encodes the medians alone.
  func encode(to encoder: any Encoder) throws { try milliseconds.encode(to: encoder) }
}
