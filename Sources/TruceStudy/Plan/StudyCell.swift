public import Truce
public import TruceRun

/// One combination of a study's axes, to be run once for each seed.
public struct StudyCell: Equatable, Sendable, Codable, Identifiable {
  /// The identifier, which names the cell's folder: a readable part and a hash of the configuration.
  public private(set) var id: String
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
    let identity = RunIdentity(of: configuration, without: ["seed"])
    return "\(slug(configuration, role: role, axes: axes))-\(identity.digits)"
  }

  /// The cell under the name that Truce 0.1 gave it, where that is the name of a folder of runs.
  func keepingName(among folders: Set<String>) -> StudyCell {
    guard !folders.contains(id), let digits = LegacyIdentity.digits(of: configuration) else { return self }
    var cell = self
    cell.id = "\(Self.slug(configuration, role: role, axes: axes))-\(digits)"
    return folders.contains(cell.id) ? cell : self
  }

  /// The readable part of an identifier.
  private static func slug(
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
    return String(words.map(cleaned).joined(separator: "-").prefix(80))
  }

  private static func texts(_ options: [String: OptionValue]) -> [String] {
    options.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
  }

  private static func cleaned(_ word: String) -> String {
    String(word.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
  }
}
