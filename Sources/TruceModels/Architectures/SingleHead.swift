public import Torch
public import TorchNN
import TruceOptions

/// One trunk and one head for several parts of each example, as if each part were a task.
///
/// All parts go through the network together, as one batch of examples · parts rows, so that layers that look at a
/// batch see them mixed. All parameters are shared: `trunk.…` and `head.…`.
public final class SingleHead: SplitNetwork {
  /// The names of the parts.
  public let taskNames: [String]
  private let trunk: any Layer
  private let head: any Layer
  private let positions: [Int]

  /// Creates the network.
  ///
  /// - Parameters:
  ///   - trunk: The layer every part goes through first, as images of one channel.
  ///   - head: The layer that makes outputs [rows, outputs] of the trunk's features.
  ///   - parts: The name of each part and its position on the second axis of the input.
  public init(trunk: any Layer, head: any Layer, parts: [(name: String, position: Int)]) {
    self.trunk = trunk
    self.head = head
    taskNames = parts.map(\.name)
    positions = parts.map(\.position)
  }

  /// Shows the trunk and the head.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    visitor.child("head", head)
  }

  /// All parameters.
  public var sharedParameters: NamedTensors { parameters }

  /// None.
  public func headParameters(ofTask task: Int) -> NamedTensors { NamedTensors() }

  /// The outputs of all parts, [examples, parts, outputs], for images [examples, parts, height, width].
  public func features(_ input: Tensor) -> [Tensor] {
    let chosen = input.indexSelect(1, Tensor(positions).to(input.device))
    let (examples, parts) = (chosen.shape[0], chosen.shape[1])
    let rows = chosen.reshaped([examples * parts, 1] + chosen.shape.dropFirst(2))
    return [head.forward(trunk.forward(rows)).reshaped([examples, parts, -1])]
  }

  /// The outputs of one part.
  public func output(ofTask task: Int, from features: [Tensor]) -> Tensor { features[0].selected(1, task) }
}

extension ArchitectureEntry {
  /// The line of one head for all parts.
  static let singleHead = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "single-head", summary: "one trunk and one head for several parts of each example",
      parameters: HeadSettings.vectorParameters, source: "Elich et al. 2024, figure 3", shares: "everything")
  ) { options, request in
    let parts = try request.parts(under: options.owner)
    let heads = try HeadSettings(options)
    guard let trunk = try request.makeTrunk() as? any VectorTrunk else {
      throw NetworkError.unsuitable(
        reason: "\(options.owner) needs a trunk that gives one vector",
        help: "`truce trunks` says what each gives")
    }
    let head = try heads.makeHead(of: request.tasks[0], on: trunk, using: request.generator)
    return SingleHead(trunk: trunk, head: head, parts: parts)
  }
}

extension NetworkRequest {
  /// Each task's name and part, where all have one and want the same output.
  fileprivate func parts(under architecture: String) throws(NetworkError) -> [(name: String, position: Int)] {
    var parts: [(name: String, position: Int)] = []
    for task in tasks {
      guard let part = task.part else {
        throw .unsuitable(
          reason:
            "\(architecture) gives each task a part of the example, and '\(task.name)' looks at the whole",
          help: "choose the architecture hard-sharing")
      }
      guard task.output == tasks[0].output else {
        throw .unsuitable(
          reason:
            "\(architecture) has one head, and '\(task.name)' wants another output than '\(tasks[0].name)'",
          help: "choose tasks that want the same output")
      }
      parts.append((task.name, part))
    }
    return parts
  }
}
