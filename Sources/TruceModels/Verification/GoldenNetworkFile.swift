public import Foundation

/// Recorded values of one published network: its tensors, and a training step and an evaluation for each case.
public struct GoldenNetworkFile: Decodable, Sendable {
  /// The number of parameters.
  struct Parameters: Decodable, Sendable {
    let total: Int
    let shared: Int
    let byBlock: [String: Int]
    let notCounted: [String: Int]?

    enum CodingKeys: String, CodingKey {
      case total, shared
      case byBlock = "by_block"
      case notCounted = "not_counted"
    }
  }

  /// The size of the state dictionary.
  struct State: Decodable, Sendable {
    let learnableTensors, batchNorms, entries: Int

    enum CodingKeys: String, CodingKey {
      case entries
      case learnableTensors = "learnable_tensors"
      case batchNorms = "batch_norms"
    }
  }

  /// What the published network was made with.
  struct Arguments: Decodable, Sendable {
    let imageSize, experts: [Int]?
    let chosenExperts: Int?

    enum CodingKeys: String, CodingKey {
      case imageSize = "img_size"
      case experts = "num_experts"
      case chosenExperts = "num_nonzeros"
    }
  }

  /// The network's name, which says what it is: trunk, architecture, form or data.
  public let network: String
  let parameters: Parameters
  let sharedBlocks: [String]
  let state: State
  let gain: Double
  let arguments: Arguments?
  let tensors: [Entry]
  /// What was recorded.
  public let cases: [GoldenNetworkCase]

  enum CodingKeys: String, CodingKey {
    case network, parameters, state, gain, arguments, tensors, cases
    case sharedBlocks = "shared_blocks"
  }

  /// A learnable tensor: `name 64x3x3x3`.
  struct Entry: Decodable, Sendable {
    let name: String
    let shape: [Int]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let words = try container.decode(String.self).split(separator: " ")
      let lengths = words.last?.split(separator: "x").map { Int($0) } ?? []
      guard words.count == 2, !lengths.contains(nil) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a name and a shape")
      }
      name = String(words[0])
      shape = lengths.compactMap(\.self)
    }

    /// Whether the tensor belongs to a block: a name up to a point.
    func belongs(to block: String) -> Bool { name == block || name.hasPrefix(block + ".") }
  }

  /// Reads a file.
  ///
  /// - Throws: ``VerificationError`` where it cannot be read or is no such file.
  public init(contentsOf url: URL) throws(VerificationError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .unreadable(path: url.relativePath)
    }
    do { self = try JSONDecoder().decode(Self.self, from: data) } catch {
      throw .malformed(path: url.relativePath, reason: (error as? DecodingError)?.place ?? "\(error)")
    }
  }
}

extension DecodingError {
  /// What is wrong and where, in one line.
  fileprivate var place: String {
    let (what, context): (String, Context) =
      switch self {
      case .keyNotFound(let key, let context): ("'\(key.stringValue)' is missing", context)
      case .typeMismatch(_, let context): ("a value has another type", context)
      case .valueNotFound(_, let context): ("a value is null", context)
      case .dataCorrupted(let context): (context.debugDescription, context)
      @unknown default: ("it cannot be read", Context(codingPath: [], debugDescription: ""))
      }
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(
      separator: ".")
    return path.isEmpty ? what : "\(what) at \(path)"
  }
}

/// What can be wrong with a file of golden values.
public enum VerificationError: Error, Equatable, Sendable {
  /// The file cannot be read.
  case unreadable(path: String)
  /// The file has another form.
  case malformed(path: String, reason: String)
  /// The file is about something that Truce does not have.
  case unknown(network: String, reason: String)
}

extension VerificationError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unreadable(let path): "cannot read \(path)"
    case .malformed(let path, let reason): "\(path) is not a file of golden values for a network: \(reason)"
    case .unknown(let network, let reason): "cannot verify '\(network)': \(reason)"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unreadable: "check the path"
    case .malformed: "choose a file in the form of the golden values for networks"
    case .unknown: "verify files for segnet, deeplab, resnet18, resnet50 and celeba-cnn networks"
    }
  }
}
