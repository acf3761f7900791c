public import Truce
public import TruceRun

/// One combination of a study's axes, to be run once for each seed.
public struct StudyCell: Equatable, Sendable, Codable, Identifiable {
  /// The identifier, which names the cell's folder: a readable part and a hash of the configuration.
  public let id: String
  /// What the cell is for.
  public let role: CellRole
  /// The method's name in tables, with what sets it apart from the study's other cells.
  public let method: String
  /// The optimizer's name in tables.
  public let optimizer: String
  /// The values of the study's further axes by configuration key, such as `options.c` or `batch_size`.
  public let axes: [String: OptionValue]
  /// What the runs are asked to do, save the seed.
  public let configuration: RunConfiguration
  /// The seeds.
  public let seeds: [Int]

  /// Creates a cell; the identifier is made from what it computes.
  public init(
    role: CellRole = .method, method: String, optimizer: String, axes: [String: OptionValue] = [:],
    configuration: RunConfiguration, seeds: [Int]
  ) {
    self.id = Self.identifier(configuration, role: role, axes: axes)
    self.role = role
    self.method = method
    self.optimizer = optimizer
    self.axes = axes
    self.configuration = configuration
    self.seeds = seeds
  }
}

/// What a cell is for.
public enum CellRole: Equatable, Sendable, Codable {
  /// To be compared.
  case method
  /// To be compared with: a network for one task alone.
  case baseline(task: String)
}

extension StudyCell {
  /// The cell in words.
  public var title: String {
    let name =
      switch role {
      case .method: method
      case .baseline(let task): "single task \(task)"
      }
    return "\(name), \(optimizer), learning rate \(OptionValue.number(configuration.learningRate))"
  }
}

// MARK: Identifiers

extension StudyCell {
  /// Makes an identifier from what determines the cell's results.
  static func identifier(
    _ configuration: RunConfiguration, role: CellRole, axes: [String: OptionValue]
  ) -> String {
    var words: [String] =
      switch role {
      case .method: [configuration.weighting, configuration.method].compactMap(\.self)
      case .baseline(let task): ["single", task]
      }
    words += texts(configuration.options) + [configuration.optimizer.rawValue]
    words += texts(configuration.optimizerOptions)
    words.append("lr\(OptionValue.number(configuration.learningRate))")
    words += texts(axes.filter { !$0.key.hasPrefix("options.") })
    let slug = words.map(cleaned).joined(separator: "-").prefix(80)
    return "\(slug)-\(hash(of: configuration))"
  }

  private static func texts(_ options: [String: OptionValue]) -> [String] {
    options.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
  }

  private static func cleaned(_ word: String) -> String {
    String(word.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
  }

  /// The hash of what a run computes; where and how closely watched it runs does not count.
  private static func hash(of configuration: RunConfiguration) -> String {
    let plain = RunConfiguration(problem: "", method: "")
    var configuration = configuration
    configuration.seed = plain.seed
    configuration.device = plain.device
    configuration.threads = plain.threads
    configuration.checkpointEvery = plain.checkpointEvery
    configuration.checkpointEverySteps = plain.checkpointEverySteps
    configuration.logEvery = plain.logEvery
    configuration.tensorBoard = plain.tensorBoard
    let hash = fnv1a(configuration.resolvedYAML)
    let digits = String(hash ^ (hash >> 32) & 0xFFFF_FFFF, radix: 16).suffix(8)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The 64-bit FNV-1a hash, the same on every machine.
  private static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
