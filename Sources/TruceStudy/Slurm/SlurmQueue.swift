public import Foundation
import TruceRun

/// Hands job arrays to Slurm through its own commands.
public struct SlurmQueue: Sendable {
  private let program: String

  /// Creates a queue.
  ///
  /// - Parameter program: The program that takes batch scripts.
  public init(program: String = "sbatch") {
    self.program = program
  }

  /// The name of the file with an array's runs.
  public static let listName = "runs.txt"

  /// The folder for the script, the list of runs and the elements' output of a study's next array: `slurm/1`, `slurm/2`,
  /// ….
  public static func nextFolder(in folder: StudyFolder) -> URL {
    let base = folder.url.appending(path: "slurm")
    let used = (try? FileManager.default.contentsOfDirectory(atPath: base.path))?.compactMap { Int($0) }
    return base.appending(path: "\((used?.max() ?? 0) + 1)", directoryHint: .isDirectory)
  }

  /// Writes the script and hands it over.
  ///
  /// - Parameters:
  ///   - batch: The array.
  ///   - place: Its folder, which ``nextFolder(in:)`` names.
  /// - Returns: Slurm's number of the array.
  /// - Throws: `RunError` where the files cannot be written, ``StudyError/slurm(reason:)`` where Slurm refuses.
  public func submit(_ batch: SlurmBatch, in place: URL) throws -> String {
    try DurableFile.createFolder(place)
    try AtomicFile.write(batch.list, to: place.appending(path: Self.listName))
    let script = place.appending(path: "job.sh")
    try AtomicFile.write(batch.script(log: place.path), to: script)
    let job = try run(["--parsable", script.path])
    try AtomicFile.write(job + "\n", to: place.appending(path: "job"))
    return job
  }

  private func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw StudyError.slurm(reason: "\(program) cannot be started")
    }
    // Both texts are far smaller than a pipe holds, so one may be read after the other.
    let text = Self.text(output)
    let complaint = Self.text(errors)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason = complaint.split(separator: "\n").last.map(String.init)
      throw StudyError.slurm(reason: reason ?? "\(program) ended with \(process.terminationStatus)")
    }
    return String(text.split(separator: ";").first ?? "")
  }

  private static func text(_ pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
