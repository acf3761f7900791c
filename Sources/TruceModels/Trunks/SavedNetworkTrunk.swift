import Foundation
public import Torch
public import TorchNN
import TruceOptions

/// A network that another program saved, as the trunk of all tasks.
///
/// The parameters keep the names and values they were saved with.
public final class SavedNetworkTrunk: Trunk {
  /// The shape of each tensor of features.
  public let featureShapes: [FeatureShape]
  private let layer: SavedTrunk

  /// Wraps a saved module, once a trial has shown that it can be trained on such examples.
  ///
  /// - Parameters:
  ///   - module: What was loaded.
  ///   - inputShape: The shape of one example, without the axis of examples.
  ///   - generator: Where seeds come from for runs that draw random numbers.
  /// - Throws: `TensorFileError` where the examples do not fit or a parameter cannot be trained, or ``NetworkError``
  ///   where the output is neither a vector nor a map.
  public init(_ module: any SavedModule, inputShape: [Int], using generator: Generator) throws {
    // Two examples, since a normalisation over one has no variance; their values must not all be alike.
    let trial = Tensor.uniform([2] + inputShape, using: Generator(seed: 0))
    let shapes = try module.checkTraining(with: [trial])
    featureShapes = try shapes.map { try Self.feature($0, of: inputShape, path: module.path) }
    layer = SavedTrunk(module, using: generator)
  }

  /// Shows the saved tensors under their names.
  public func visit(_ visitor: ModuleVisitor) { layer.visit(visitor) }

  /// The module's outputs.
  public func features(_ input: Tensor) -> [Tensor] { layer.outputs(of: input) }

  private static func feature(
    _ shape: [Int], of inputShape: [Int], path: String
  ) throws(NetworkError) -> FeatureShape {
    if shape.count == 2 { return .vector(shape[1]) }
    if shape.count == 4, inputShape.count == 3, shape[2] > 0, inputShape[1] % shape[2] == 0 {
      return .map(channels: shape[1], stride: inputShape[1] / shape[2])
    }
    throw .unsuitable(
      reason: "\(path): for two examples the network gives an output of shape \(shape)",
      help:
        "save a network that gives a vector [examples, features], or a map [examples, channels, height, width]"
    )
  }
}

extension TrunkEntry {
  private static let file = Parameter<String>(
    "file", default: nil, rule: "a path", "The file that PyTorch saved."
  ) { !$0.isEmpty }

  /// The line of modules that TorchScript saved.
  static let torchscript = saved(
    "torchscript", "a network from a file that torch.jit.script(network).save wrote",
    load: { try ScriptModule(contentsOf: $0) })

  /// The line of exported programs.
  static let exported = saved(
    "exported", "a network from a file that torch.export.save wrote",
    load: { try ExportedModule(contentsOf: $0) })

  private static func saved(
    _ name: String, _ summary: String, load: @escaping @Sendable (URL) throws -> any SavedModule
  ) -> TrunkEntry {
    TrunkEntry(
      about: TrunkDescription(
        name: name, summary: summary, parameters: [file.description], source: "Documentation/own-data.md",
        takes: "what the network was saved for", gives: "what the network gives: vectors or maps")
    ) { options, request in
      let lengths = request.inputShape.compactMap(\.self)
      guard lengths.count == request.inputShape.count else {
        throw request.unsuitable(name, takes: "examples of one size")
      }
      return try SavedNetworkTrunk(
        load(URL(filePath: options.value(of: file))), inputShape: lengths, using: request.generator)
    }
  }
}
