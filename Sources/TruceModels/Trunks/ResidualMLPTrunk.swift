public import Torch
public import TorchNN
import TruceOptions

/// The residual network for tables: a linear map, blocks that add to it, and a last normalisation.
///
/// A block adds `Dropout(Linear(Dropout(ReLU(Linear(BatchNorm(x))))))` to x; the features are `ReLU(BatchNorm(x))`.
///
/// - Source: Y. Gorishniy et al., "Revisiting Deep Learning Models for Tabular Data", NeurIPS 2021, section 3.2.
public final class ResidualMLPTrunk: VectorTrunk {
  private let first: Linear
  private let blocks: [Sequential]
  private let last: BatchNorm1d

  /// The number of features.
  public let featureCount: Int

  /// Creates the trunk with PyTorch's default first values.
  ///
  /// - Parameters:
  ///   - inputCount: The number of an example's values, all axes taken together.
  ///   - width: The number of features, and of what goes from block to block.
  ///   - hiddenWidth: The outputs of each block's first linear map.
  ///   - blockCount: The number of blocks.
  ///   - dropout: The chance with which a value within a block is left out in training.
  ///   - generator: Where the first values, and in training the dropout, come from.
  public init(
    _ inputCount: Int, width: Int, hiddenWidth: Int, blockCount: Int, dropout: Double = 0,
    using generator: Generator
  ) {
    featureCount = width
    first = Linear(inputCount, width, using: generator)
    blocks = (0..<blockCount).map { _ in
      Sequential(
        BatchNorm1d(width), Linear(width, hiddenWidth, using: generator), ReLU(),
        Dropout(dropout, using: generator), Linear(hiddenWidth, width, using: generator),
        Dropout(dropout, using: generator))
    }
    last = BatchNorm1d(width)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("first", first)
    for (index, block) in blocks.enumerated() { visitor.child("blocks.\(index)", block) }
    visitor.child("last", last)
  }

  /// The features of inputs [examples, …].
  public func forward(_ input: Tensor) -> Tensor {
    let start = first(input.rank > 2 ? input.flattened(from: 1) : input)
    return last(blocks.reduce(start) { $0 + $1.forward($0) }).relu()
  }
}

extension TrunkEntry {
  private static let width = Parameter<Int>.atLeast(
    1, "width", default: 192, "The number of features, and of what goes from block to block.")
  private static let hidden = Parameter<Int>.atLeast(
    1, "hidden_width", default: 384, "The outputs of each block's first linear map.")
  private static let blocks = Parameter<Int>.atLeast(0, "blocks", default: 2, "The number of blocks.")
  private static let dropout = Parameter<Double>.share(
    "dropout", default: 0, "The chance with which a value within a block is left out in training.")

  /// The line of the residual network for tables.
  static let residualMLP = TrunkEntry(
    about: TrunkDescription(
      name: "residual-mlp", summary: "linear maps in blocks that add to what they are given, for tables",
      parameters: [width.description, hidden.description, blocks.description, dropout.description],
      source: "Gorishniy et al. 2021", takes: "examples of any shape, as one vector",
      gives: "a vector as long as `width`")
  ) { options, request in
    let lengths = request.inputShape.compactMap(\.self)
    guard lengths.count == request.inputShape.count else {
      throw request.unsuitable("residual-mlp", takes: "examples of one size")
    }
    return ResidualMLPTrunk(
      lengths.reduce(1, *), width: try options.value(of: width), hiddenWidth: try options.value(of: hidden),
      blockCount: try options.value(of: blocks), dropout: try options.value(of: dropout),
      using: request.generator)
  }
}
