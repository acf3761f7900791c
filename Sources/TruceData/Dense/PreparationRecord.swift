import Foundation
public import TruceFiles
import TruceRun

/// Where a prepared folder comes from: the content of `provenance.json`.
///
/// It is written before the first example with ``isComplete`` false, and again behind the last with true, so that a
/// folder that was prepared in part is known.
public struct PreparationRecord: Codable, Equatable, Sendable {
  /// A file that the folder was made from.
  public struct Source: Codable, Equatable, Sendable {
    /// The file's name.
    public let file: String
    /// The SHA-256 sum of its bytes.
    public let sha256: String

    /// Names a file.
    public init(file: String, sha256: String) {
      self.file = file
      self.sha256 = sha256
    }
  }

  /// The data set.
  public let dataset: String
  /// The version of Truce.
  public let version: String
  /// Height and width of a picture.
  public let size: [Int]
  /// The number of examples of each half, by its folder.
  public let examples: [String: Int]
  /// What decides whatever is random, where anything is.
  public let seed: UInt64?
  /// What the folder was made from.
  public let sources: [Source]
  /// How it was made, in words.
  public let notes: [String]
  /// Whether every example is there.
  public var isComplete: Bool

  /// Creates the record of a preparation that begins.
  public init(
    dataset: String, size: [Int], examples: [String: Int], seed: UInt64? = nil, sources: [Source] = [],
    notes: [String] = []
  ) {
    self.dataset = dataset
    version = Release.version
    self.size = size
    self.examples = examples
    self.seed = seed
    self.sources = sources
    self.notes = notes
    isComplete = false
  }

  /// The name of the file in a data set's folder.
  public static let fileName = "provenance.json"

  /// Reads the record of a folder; nil where it has none, as a release has not.
  ///
  /// - Throws: `FileFault` for a file that is no such record.
  public static func read(from folder: String) throws(FileFault) -> PreparationRecord? {
    let path = "\(folder)/\(fileName)"
    do throws(RunError) {
      return try RecordCoding.read(PreparationRecord.self, from: URL(filePath: path))
    } catch {
      throw FileFault(
        path: path, reason: "not a record of a preparation",
        help: "remove the file, or prepare the folder again")
    }
  }

  /// Writes the record into a folder.
  func write(to folder: String) throws(DataError) {
    try writeRecord(self, to: "\(folder)/\(Self.fileName)")
  }
}
