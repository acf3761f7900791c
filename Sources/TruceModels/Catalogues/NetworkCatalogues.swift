public import Torch
public import TruceOptions

/// The trunks and architectures that there are, from which networks are put together.
public struct NetworkCatalogues: Sendable {
  /// The trunks.
  public let trunks: EntryList<TrunkEntry>
  /// The architectures.
  public let architectures: EntryList<ArchitectureEntry>

  /// Creates the catalogues that Truce brings.
  ///
  /// - Throws: `CatalogueError` where two entries bear one name.
  public init() throws(CatalogueError) {
    self.init(
      trunks: try EntryList(TrunkCatalogue.entries),
      architectures: try EntryList(ArchitectureCatalogue.entries))
  }

  private init(trunks: EntryList<TrunkEntry>, architectures: EntryList<ArchitectureEntry>) {
    self.trunks = trunks
    self.architectures = architectures
  }

  /// The catalogues with further entries behind their own.
  ///
  /// - Throws: `CatalogueError` where two entries bear one name.
  public func adding(
    trunks: [TrunkEntry], architectures: [ArchitectureEntry]
  ) throws(CatalogueError) -> NetworkCatalogues {
    NetworkCatalogues(
      trunks: try self.trunks.adding(trunks), architectures: try self.architectures.adding(architectures))
  }

  /// Makes a network: its trunk first, then what belongs to the tasks, in their order.
  ///
  /// - Parameters:
  ///   - choice: The trunk and the architecture.
  ///   - inputShape: The shape of what a trunk sees of one example, without the axis of examples; nil for axes whose
  ///     length differs between examples.
  ///   - tasks: The tasks, in order.
  ///   - enlargesMaps: Whether a task's map is brought to the height and width of the input, where the network's own
  ///     is smaller.
  ///   - generator: Where first values come from.
  /// - Throws: `OptionError`, or ``NetworkError`` where the parts do not fit.
  public func makeNetwork(
    _ choice: NetworkChoice, inputShape: [Int?], tasks: [NetworkTask], enlargesMaps: Bool = true,
    using generator: Generator
  ) throws -> any MultiTaskNetwork {
    let trunk = try trunks.entry(named: choice.trunk)
    let architecture = try architectures.entry(named: choice.architecture)
    let request = NetworkRequest(
      tasks: tasks, inputShape: inputShape, enlargesMaps: enlargesMaps, using: generator
    ) {
      try trunk.make(
        options: choice.trunkOptions, for: TrunkRequest(inputShape: inputShape, using: generator))
    }
    return try architecture.make(options: choice.architectureOptions, for: request)
  }
}
