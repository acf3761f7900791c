public import TruceOptions

/// The architectures that Truce brings: the one list from which commands, help and documentation derive.
public enum ArchitectureCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [ArchitectureEntry] = [
    .hardSharing, .featureModulation, .singleHead, .crossStitch, .mtan, .mmoe, .cgc, .ple, .dselectK, .ltb,
  ]
}

/// One line of the catalogue of architectures: a description and a way to make the network.
public struct ArchitectureEntry: CatalogueListing {
  /// What is known about the architecture.
  public let about: ArchitectureDescription
  private let makeNetwork: @Sendable (Options, NetworkRequest) throws -> any MultiTaskNetwork

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the architecture.
  ///   - make: Makes the network; throws a ``NetworkError`` where trunk and tasks do not fit.
  public init(
    about: ArchitectureDescription,
    make: @escaping @Sendable (Options, NetworkRequest) throws -> any MultiTaskNetwork
  ) {
    self.about = about
    makeNetwork = make
  }

  /// Makes the network.
  ///
  /// - Throws: `OptionError`, or ``NetworkError`` where trunk and tasks do not fit.
  public func make(
    options: [String: OptionValue], for request: NetworkRequest
  ) throws -> any MultiTaskNetwork {
    try makeNetwork(
      Options(owner: about.name, parameters: about.parameters, values: options), request)
  }
}
