public import Torch
public import TruceOptions

/// The trunks that Truce brings: the one list from which commands, help and documentation derive.
public enum TrunkCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [TrunkEntry] = [
    .lenet, .resnet18, .resnet50, .segnet, .deepLabV3, .deepLabV3Plus, .celebA, .molecules, .mlp,
    .residualMLP,
    .torchscript, .exported,
  ]
}

/// What a trunk is made for.
public struct TrunkRequest {
  /// The shape of one example, without the axis of examples; nil for axes whose length differs between examples.
  public let inputShape: [Int?]
  /// Where first values come from.
  public let generator: Generator

  /// Creates a request.
  public init(inputShape: [Int?], using generator: Generator) {
    self.inputShape = inputShape
    self.generator = generator
  }

  /// The shape as messages show it.
  var shapeText: String { "[" + inputShape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]" }

  /// The number of channels, where the examples are pictures whose sides are not smaller than `side`.
  ///
  /// - Parameters:
  ///   - trunk: The trunk's name.
  ///   - side: The smallest height and width.
  /// - Throws: ``NetworkError`` where they are not.
  func pictureChannels(_ trunk: String, atLeast side: Int = 1) throws(NetworkError) -> Int {
    let sides = inputShape.dropFirst()
    guard inputShape.count == 3, let channels = inputShape[0],
      sides.allSatisfy({ $0.map { $0 >= side } ?? true })
    else {
      throw unsuitable(
        trunk,
        takes: "pictures [channels, height, width]" + (side > 1 ? " of at least \(side)×\(side)" : ""))
    }
    return channels
  }

  /// An error that says what the examples should look like.
  ///
  /// - Parameters:
  ///   - trunk: The trunk's name.
  ///   - wanted: What it takes, in words.
  public func unsuitable(_ trunk: String, takes wanted: String) -> NetworkError {
    .unsuitable(
      reason: "\(trunk) takes \(wanted), these examples have the shape \(shapeText)",
      help: "choose another trunk; `truce trunks` says what each takes")
  }
}

/// One line of the catalogue of trunks: a description and a way to make the trunk.
public struct TrunkEntry: CatalogueListing {
  /// What is known about the trunk.
  public let about: TrunkDescription
  private let makeTrunk: @Sendable (Options, TrunkRequest) throws -> any Trunk

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the trunk.
  ///   - make: Makes it; throws an ``NetworkError`` where the examples do not fit.
  public init(
    about: TrunkDescription, make: @escaping @Sendable (Options, TrunkRequest) throws -> any Trunk
  ) {
    self.about = about
    makeTrunk = make
  }

  /// Makes the trunk.
  ///
  /// - Throws: `OptionError`, or ``NetworkError`` where the examples do not fit.
  public func make(options: [String: OptionValue], for request: TrunkRequest) throws -> any Trunk {
    try makeTrunk(
      Options(owner: about.name, parameters: about.parameters, values: options), request)
  }
}
