import Foundation
import Torch
import TorchNN
import TruceModels
import TruceRun
import TruceTorch

/// Everything training depends on, as one folder: `tensors.safetensors`, `training.json` and `method.json`.
struct Checkpoint {
  static let formatVersion = 1
  static let tensorFileName = "tensors.safetensors"
  let folder: URL

  private var tensorFile: URL { folder.appending(path: Self.tensorFileName) }
  private var trainingFile: URL { folder.appending(path: "training.json") }
  private var methodFile: URL { folder.appending(path: "method.json") }

  /// What training remembers beside tensors and the method's state.
  private struct Training: Codable {
    var version: Int
    var method: String
    var progress: TrainingProgress
    var optimizer: OptimizerState.Record
    var generator: Data
  }

  // MARK: Writing

  /// Writes the trainer's state into the folder, which exists and is empty.
  func write(_ trainer: Trainer) throws {
    let optimizer = trainer.optimizer.state()
    let tensors = trainer.network.stateDictionary().prefixed("network")
      .appending(optimizer.tensors.prefixed("optimizer"))
      .appending(NamedTensors(trainer.multiTaskStep.stateTensors).prefixed("method"))
    try write(Safetensors(tensors: tensors.dictionary, metadata: ["format": "truce-checkpoint"]))
    let training = Training(
      version: Self.formatVersion, method: trainer.multiTaskStep.name, progress: trainer.progress,
      optimizer: optimizer.record, generator: Data(trainer.generator.state))
    try AtomicFile.write(Self.encoder.encode(training), to: trainingFile)
    try AtomicFile.write(Self.encoder.encode(MethodState(step: trainer.multiTaskStep)), to: methodFile)
  }

  private func write(_ tensors: Safetensors) throws(RunError) {
    do { try tensors.write(to: tensorFile) } catch {
      let path = tensorFile.relativePath
      throw error.kind == .full ? .diskFull(path: path) : .unwritable(path: path, reason: error.reason)
    }
  }

  // MARK: Reading

  /// Puts the saved state into a trainer made from the same configuration.
  ///
  /// - Throws: ``TrainingError/foreignCheckpoint(path:reason:)`` or
  ///   ``TrainingError/damagedCheckpoint(path:reason:)``; the trainer is then not to be used.
  func restore(_ trainer: Trainer) throws {
    let training = try read(Training.self, from: trainingFile)
    guard training.method == trainer.multiTaskStep.name else {
      throw foreign(trainingFile, "was written by '\(training.method)', this is '\(trainer.multiTaskStep.name)'")
    }
    let tensors = try readTensors()
    do {
      try trainer.network.load(tensors.under("network"))
      try trainer.optimizer.load(
        OptimizerState(record: training.optimizer, tensors: tensors.under("optimizer")))
    } catch let error as any CustomStringConvertible & Error {
      throw foreign(tensorFile, error.description)
    }
    let device = trainer.network.parameters.tensors.first?.device ?? .cpu
    trainer.multiTaskStep.stateTensors = tensors.under("method").mapTensors { $0.to(device) }.dictionary
    try restoreMethod(trainer.multiTaskStep)
    do { try trainer.generator.restore([UInt8](training.generator)) } catch {
      throw damaged(trainingFile, "holds no state of a random generator")
    }
    trainer.progress = training.progress
  }

  private func restoreMethod(_ step: MultiTaskStep) throws {
    let decoder = try read(OpenedDecoder.self, from: methodFile).decoder
    do { try step.decodeState(from: decoder) } catch is DecodingError {
      throw foreign(methodFile, "holds the state of another method")
    }
  }

  private func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws -> Value {
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw damaged(url, "cannot be read")
    }
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

  private func damaged(_ file: URL, _ reason: String) -> TrainingError {
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

/// The state of a step as a document of its own.
private struct MethodState: Encodable {
  let step: MultiTaskStep
  func encode(to encoder: any Encoder) throws { try step.encodeState(to: encoder) }
}

/// A document handed over as it is, to be read by somebody who knows its form.
private struct OpenedDecoder: Decodable {
  let decoder: any Decoder
  init(from decoder: any Decoder) { self.decoder = decoder }
}
