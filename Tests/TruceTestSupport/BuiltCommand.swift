public import Foundation

/// A program of this package as the build left it, run as a user runs it.
public struct BuiltCommand: Sendable {
  /// What a run left.
  public struct Result: Sendable {
    /// The exit status.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
    /// How long the run took.
    public let duration: Duration

    /// Whether another run ended the same way and wrote the same, in whatever time.
    public func agrees(with other: Result) -> Bool {
      (status, output, errors) == (other.status, other.output, other.errors)
    }
  }

  /// The program could not be found beside the tests.
  public struct Missing: Error, CustomStringConvertible {
    /// Where it was looked for.
    public let description: String
  }

  /// Where the program lies.
  public let location: URL

  /// Finds a program beside the test bundle.
  ///
  /// - Throws: ``Missing`` where the build has not made it.
  public init(_ name: String) throws {
    let bundles = [Bundle.main] + Bundle.allBundles
    let folders = bundles.flatMap { bundle in
      [bundle.executableURL, bundle.bundleURL].compactMap { $0?.deletingLastPathComponent() }
    }
    let candidates = folders.map { $0.appending(path: name) }
    guard
      let found = candidates.first(where: {
        FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false))
      })
    else { throw Missing(description: "\(name) is not built in any of \(folders.map(\.path))") }
    location = found
  }

  /// A program at a place of its own.
  public init(at location: URL) { self.location = location }

  /// Runs the program to its end.
  ///
  /// Output goes through files, so that neither stream can fill a pipe while the other is read.
  public func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
  ) throws -> Result {
    let scratch = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (output, errors) = (scratch.appending(path: "output"), scratch.appending(path: "errors"))
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = location
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    let clock = ContinuousClock()
    let begin = clock.now
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8), duration: begin.duration(to: clock.now))
  }
}
