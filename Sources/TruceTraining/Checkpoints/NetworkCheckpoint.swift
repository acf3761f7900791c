public import Foundation
import Torch
import TorchNN
public import TruceModels
public import TruceRun

/// The network of a checkpoint, without the optimizer and the method it was trained with.
public struct NetworkCheckpoint {
  /// The file with the tensors.
  public let file: URL
  /// What the run that wrote the checkpoint was told; nil where the file does not lie in a run's folder.
  public let configuration: RunConfiguration?

  /// Finds a checkpoint; nothing of the tensors is read yet.
  ///
  /// - Parameter url: A run's folder or its folder of checkpoints, either of which means the last one, a
  ///   checkpoint's folder, or a safetensors file.
  /// - Throws: ``NetworkCheckpointError``, or `RunError` where the run's configuration is damaged.
  public init(at url: URL) throws {
    file = try Self.tensorFile(at: url)
    let run = RunDirectory(file.deletingLastPathComponent().appending(path: "../..").standardizedFileURL)
    let hasRun = FileManager.default.fileExists(atPath: run.configurationFile.path)
    configuration = hasRun ? try run.configuration() : nil
  }

  private static func tensorFile(at url: URL) throws(NetworkCheckpointError) -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .missing(path: url.relativePath)
    }
    guard isFolder.boolValue else { return url }
    let places = [
      url.appending(path: Checkpoint.tensorFileName), lastCheckpoint(in: url),
      lastCheckpoint(in: RunDirectory(url).checkpoints),
    ]
    let found = places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    guard let found else { throw .empty(path: url.relativePath) }
    return found
  }

  private static func lastCheckpoint(in folder: URL) -> URL? {
    CheckpointStore(folder).lastFolder?.appending(path: Checkpoint.tensorFileName)
  }

  /// Puts the saved parameters and buffers into a network.
  ///
  /// A state dictionary of a published network is known by its names and translated.
  ///
  /// - Throws: ``NetworkCheckpointError`` where the file is damaged or another network's; the network is then
  ///   unchanged.
  public func load(into network: any MultiTaskNetwork) throws(NetworkCheckpointError) {
    guard Checkpoint(folder: file.deletingLastPathComponent()).hasWrittenTensors else {
      throw .damaged(path: file.relativePath, reason: "is not as it was written: its checksum differs")
    }
    let tensors: NamedTensors
    do { tensors = try NamedTensors(Safetensors(contentsOf: file).tensors) } catch {
      throw .damaged(path: file.relativePath, reason: error.reason)
    }
    let saved = tensors.under("network")
    do { try network.load(network.state(fromPublished: saved.isEmpty ? tensors : saved)) } catch {
      throw .foreign(path: file.relativePath, reason: error.description)
    }
  }
}

extension NetworkCheckpoint {
  /// The checkpoint in words: its folder, or its file where that is not one of a run's.
  var name: String {
    hasLearner ? file.deletingLastPathComponent().relativePath : file.relativePath
  }

  private var hasLearner: Bool { file.lastPathComponent == Checkpoint.tensorFileName }

  /// Lets a learner begin with what was learned before.
  ///
  /// - Returns: What was taken over, in words: the network, and of a whole checkpoint the memories that fit.
  /// - Throws: ``NetworkCheckpointError`` or ``TrainingError``; the learner is then not to be used.
  func adopt(into learner: SupervisedLearner) throws -> [String] {
    guard hasLearner else {
      try load(into: learner.network)
      return ["the network"]
    }
    return try Checkpoint(folder: file.deletingLastPathComponent()).withContents(learner.adopt)
  }
}

/// What can be wrong with a checkpoint whose network is asked for.
public enum NetworkCheckpointError: Error, Equatable, Sendable {
  /// There is no such file or folder.
  case missing(path: String)
  /// The folder holds no checkpoint.
  case empty(path: String)
  /// The file cannot be read.
  case damaged(path: String, reason: String)
  /// The file holds another network.
  case foreign(path: String, reason: String)
}

extension NetworkCheckpointError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no file or folder here"
    case .empty(let path): "\(path): holds no checkpoint"
    case .damaged(let path, let reason), .foreign(let path, let reason): "\(path): \(reason)"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .missing: "name a run's folder, a checkpoint in it, or a safetensors file"
    case .empty: "a run leaves a checkpoint every `checkpoint_every` epochs; name a folder that holds one"
    case .damaged: "take another checkpoint; a run keeps its last two and its best one"
    case .foreign: "give the problem and the options the network was trained with"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .missing, .empty: .missingInput
    case .damaged, .foreign: .badData
    }
  }
}
