import Foundation
import Torch
import TorchNN
import TruceData
import TruceRun

/// Everything training depends on, as one folder.
///
///     tensors.safetensors  learner.json  training.json  checksums.json
///
/// The last holds the SHA-256 sums of the others, so that damage is noticed before anything is read. Format 1 had none,
/// and kept the learner's record in `training.json` and `method.json`.
struct Checkpoint {
  static let formatVersion = 2
  static let tensorFileName = "tensors.safetensors"
  let folder: URL

  private var tensorFile: URL { folder.appending(path: Self.tensorFileName) }
  private var learnerFile: URL { folder.appending(path: "learner.json") }
  var trainingFile: URL { folder.appending(path: "training.json") }
  private var checksumFile: URL { folder.appending(path: "checksums.json") }
  private var oldMethodFile: URL { folder.appending(path: "method.json") }

  /// Where training stood.
  private struct Training: Codable {
    var version: Int
    var progress: TrainingProgress
  }

  // MARK: Writing

  /// Writes a learner's state and where it stands into the folder, which exists and is empty.
  func write(_ learner: any Learner, _ progress: TrainingProgress) throws {
    try write(
      Safetensors(tensors: learner.stateTensors().dictionary, metadata: ["format": "truce-checkpoint"]))
    try AtomicFile.write(Self.encoder.encode(LearnerRecord(learner: learner)), to: learnerFile)
    let training = Training(version: Self.formatVersion, progress: progress)
    try AtomicFile.write(Self.encoder.encode(training), to: trainingFile)
    let sums = try [tensorFile, learnerFile, trainingFile].map { file in
      (file.lastPathComponent, try Checksum.sha256(ofFile: file.path))
    }
    try AtomicFile.write(
      Self.encoder.encode(Dictionary(uniqueKeysWithValues: sums)), to: checksumFile)
  }

  private func write(_ tensors: Safetensors) throws(RunError) {
    do { try tensors.write(to: tensorFile) } catch {
      let path = tensorFile.relativePath
      throw error.kind == .full ? .diskFull(path: path) : .unwritable(path: path, reason: error.reason)
    }
  }

  // MARK: Checking

  /// Makes sure that the files are those that were written.
  ///
  /// - Throws: ``TrainingError/damagedCheckpoint(path:reason:intact:)`` or
  ///   ``TrainingError/unknownFormat(path:version:)``.
  func verify() throws(TrainingError) {
    guard FileManager.default.fileExists(atPath: checksumFile.path) else {
      let version = try readTraining().version
      guard version == 1 else { throw damaged(checksumFile, "cannot be read") }
      return
    }
    for file in [trainingFile, learnerFile, tensorFile] { try verify(file) }
    _ = try readTraining()
  }

  /// Whether the tensors are those that were written, as far as the folder says what these were.
  var hasWrittenTensors: Bool {
    !FileManager.default.fileExists(atPath: checksumFile.path) || (try? verify(tensorFile)) != nil
  }

  private func verify(_ file: URL) throws(TrainingError) {
    guard let expected = try read([String: String].self, from: checksumFile)[file.lastPathComponent] else {
      throw damaged(checksumFile, "has no sum of \(file.lastPathComponent)")
    }
    guard let actual = try? Checksum.sha256(ofFile: file.path) else { throw damaged(file, "cannot be read") }
    guard actual == expected else { throw damaged(file, "is not as it was written: its checksum differs") }
  }

  private func readTraining() throws(TrainingError) -> Training {
    let training = try read(Training.self, from: trainingFile)
    guard (1...Self.formatVersion).contains(training.version) else {
      throw .unknownFormat(path: trainingFile.relativePath, version: training.version)
    }
    return training
  }

  // MARK: Reading

  /// Puts the saved state into a learner made from the same configuration.
  ///
  /// - Returns: Where training stood.
  /// - Throws: ``TrainingError``; the learner is then not to be used.
  func restore(_ learner: any Learner) throws -> TrainingProgress {
    try withContents { tensors, decoder in try learner.restore(tensors, from: decoder) }
    return try readTraining().progress
  }

  /// Reads the checkpoint, once it is clear that it is as it was written.
  func withContents<Result>(_ body: (NamedTensors, any Decoder) throws -> Result) throws -> Result {
    try verify()
    let record = try learnerRecord()
    let tensors = try readTensors()
    do { return try body(tensors, record.decoder) } catch let error as ForeignState {
      throw foreign(error.part == .tensors ? tensorFile : record.file, error.reason)
    } catch is DecodingError {
      throw damaged(record.file, "is not what a checkpoint holds")
    }
  }

  /// What the learner wrote beside its tensors, without a look at the sums.
  func learnerDecoder() throws(TrainingError) -> any Decoder { try learnerRecord().decoder }

  private func learnerRecord() throws(TrainingError) -> (decoder: any Decoder, file: URL) {
    guard try readTraining().version == 1 else {
      return (try read(OpenedDecoder.self, from: learnerFile).decoder, learnerFile)
    }
    // In format 1 the method's state is a document of its own; here it becomes the last entry of the other.
    _ = try read(OpenedDecoder.self, from: oldMethodFile)
    var text = try contents(of: trainingFile)
    while let last = text.last, last != UInt8(ascii: "}") { text.removeLast() }
    text = try text.dropLast() + Data(",\"state\":".utf8) + contents(of: oldMethodFile) + Data("}".utf8)
    return (try decode(OpenedDecoder.self, from: text, of: trainingFile).decoder, trainingFile)
  }

  private func contents(of url: URL) throws(TrainingError) -> Data {
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw damaged(url, "cannot be read")
    }
    return data
  }

  private func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws(TrainingError) -> Value {
    try decode(type, from: contents(of: url), of: url)
  }

  private func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, of url: URL
  ) throws(TrainingError) -> Value {
    do { return try Self.decoder.decode(type, from: data) } catch {
      throw damaged(url, "is not what a checkpoint holds")
    }
  }

  private func readTensors() throws(TrainingError) -> NamedTensors {
    do { return try NamedTensors(Safetensors(contentsOf: tensorFile).tensors) } catch {
      throw damaged(tensorFile, error.reason)
    }
  }

  private func foreign(_ file: URL, _ reason: String) -> TrainingError {
    .foreignCheckpoint(path: file.relativePath, reason: reason)
  }

  func damaged(_ file: URL, _ reason: String) -> TrainingError {
    .damagedCheckpoint(path: file.relativePath, reason: reason)
  }

  // MARK: Coding

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}

/// The state of a learner, less its tensors, as a document of its own.
private struct LearnerRecord: Encodable {
  let learner: any Learner
  func encode(to encoder: any Encoder) throws { try learner.encodeState(to: encoder) }
}

/// A document handed over as it is, to be read by somebody who knows its form.
private struct OpenedDecoder: Decodable {
  let decoder: any Decoder
  init(from decoder: any Decoder) { self.decoder = decoder }
}
