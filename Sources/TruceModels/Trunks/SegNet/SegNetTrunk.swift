public import Torch
public import TorchNN
import TruceOptions

/// SegNet up to its features for each pixel, as the repositories of MTAN and CAGrad build it.
///
/// Five levels of convolutions (3×3, batch normalisation, ReLU) each followed by max pooling of 2×2, and five levels that
/// put the pooled elements back where their maxima were and convolve them. Images [examples, channels, height, width]
/// become features [examples, 64 / width, height, width]. The kernels begin with Xavier normal draws, the biases with zero.
///
/// The names are those of the repository: `encoder_block.<level>`, `conv_block_enc.<level>`, `decoder_block.<level>` and
/// `conv_block_dec.<level>`, where the decoder's levels count as the encoder's that they undo.
///
/// - Source: V. Badrinarayanan et al., "SegNet", 2017; B. Liu et al., "Conflict-Averse Gradient Descent", 2021, and its
///   public code.
/// - Note: The published code unpools to twice the size, which fails for sides that 32 does not divide. Here every level
///   is unpooled to the size it had before pooling, which changes nothing where 32 divides the sides.
public final class SegNetTrunk: Trunk {
  /// The smallest height and width that five poolings leave something of.
  public static let smallestSide = 32

  let layout: SegNetLayout
  private let encoderFirst, encoderRest: [Sequential]
  private let decoderFirst, decoderRest: [Sequential]
  private let pool = MaxPool2d(2)
  private let unpool = MaxUnpool2d(2)

  /// Creates the trunk.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of the images' channels.
  ///   - form: The form.
  ///   - width: What the published numbers of channels are divided by: a divisor of 64.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    inputChannels: Int = 3, form: SegNetForm = .standard, width: Int = 1, using generator: Generator,
    dtype: DType = .float32
  ) {
    precondition(width > 0 && 64 % width == 0, "\(width) does not divide 64 channels")
    let layout = SegNetLayout(form, width: width)
    func block(_ inputs: Int, _ outputs: Int) -> Sequential {
      .convolutions(inputs, outputs, count: layout.repetitions, using: generator, dtype: dtype)
    }
    func rest(_ channels: Int, at level: Int) -> Sequential {
      guard layout.followers(at: level) > 1 else { return block(channels, channels) }
      return Sequential((0..<layout.followers(at: level)).map { _ in block(channels, channels) })
    }
    let levels = 0..<layout.count
    encoderFirst = levels.map { block(layout.encoded(into: $0, from: inputChannels), layout.channels[$0]) }
    decoderFirst = levels.map { block(layout.channels[$0], layout.decoded(from: $0)) }
    encoderRest = levels.map { rest(layout.channels[$0], at: $0) }
    decoderRest = levels.map { rest(layout.decoded(from: $0), at: $0) }
    self.layout = layout
  }

  /// Shows the four lists of blocks in the repository's order.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.children("encoder_block", encoderFirst)
    visitor.children("decoder_block", decoderFirst)
    visitor.children("conv_block_enc", encoderRest)
    visitor.children("conv_block_dec", decoderRest)
  }

  /// One map, as large as the image.
  public var featureShapes: [FeatureShape] { [.map(channels: layout.channels[0], stride: 1)] }

  /// Two convolutions.
  public var mapHead: MapHead { .convolutions }

  /// The features of images.
  public func features(_ input: Tensor) -> [Tensor] { [pass(input).decoded[0]] }

  // MARK: Levels

  /// What one encoder level makes of the features above it.
  struct Encoded {
    /// After the level's first block.
    let first: Tensor
    /// After the level's last block.
    let last: Tensor
    /// Pooled, for the level below.
    let pooled: Tensor
    /// Where the pooled elements were.
    let indices: Tensor

    /// The height and width before pooling.
    var size: Extent { last.imageSize }
  }

  /// What one decoder level makes of the features below it.
  struct Decoded {
    /// The features with their elements back in place.
    let unpooled: Tensor
    /// After the level's last block.
    let last: Tensor
  }

  /// Walks down one level.
  func encode(_ input: Tensor, at level: Int) -> Encoded {
    let first = encoderFirst[level](input)
    let last = encoderRest[level](first)
    let pooled = pool.withIndices(last)
    return Encoded(first: first, last: last, pooled: pooled.values, indices: pooled.indices)
  }

  /// Walks up one level, to the size and the places that its encoder level had.
  func decode(_ input: Tensor, at level: Int, undoing encoded: Encoded) -> Decoded {
    let unpooled = unpool(input, indices: encoded.indices, size: encoded.size)
    return Decoded(unpooled: unpooled, last: decoderRest[level](decoderFirst[level](unpooled)))
  }

  /// All that an attention looks at, level by level.
  struct Pass {
    var first: [Tensor] = []
    var last: [Tensor] = []
    var unpooled: [Tensor]
    var decoded: [Tensor]
  }

  /// Walks down and up again.
  func pass(_ input: Tensor) -> Pass {
    var encoded: [Encoded] = []
    for level in 0..<layout.count { encoded.append(encode(encoded.last?.pooled ?? input, at: level)) }
    var decoded: [Decoded] = []
    for level in (0..<layout.count).reversed() {
      decoded.append(
        decode(decoded.last?.last ?? encoded[level].pooled, at: level, undoing: encoded[level]))
    }
    return Pass(
      first: encoded.map(\.first), last: encoded.map(\.last), unpooled: decoded.reversed().map(\.unpooled),
      decoded: decoded.reversed().map(\.last))
  }
}

extension Sequential {
  /// Convolutions of 3×3 that keep the image's size, each with batch normalisation and ReLU behind it.
  static func convolutions(
    _ inputs: Int, _ outputs: Int, count: Int = 1, using generator: Generator, dtype: DType = .float32
  ) -> Sequential {
    Sequential(
      (0..<count).flatMap { position -> [any Layer] in
        [
          Conv2d.xavier(position == 0 ? inputs : outputs, outputs, kernel: 3, using: generator, dtype: dtype),
          BatchNorm2d(outputs, dtype: dtype), ReLU(),
        ]
      })
  }
}

extension Conv2d {
  /// A convolution that keeps the image's size, with Xavier normal kernels and a bias of zero, as SegNet begins.
  static func xavier(
    _ inputs: Int, _ outputs: Int, kernel: Int, using generator: Generator, dtype: DType = .float32
  ) -> Conv2d {
    Conv2d(
      inputs, outputs, kernel: Extent(kernel), padding: Extent(kernel / 2), initialization: .xavierNormal(),
      biasInitialization: .zeros, using: generator, dtype: dtype)
  }
}

extension Tensor {
  /// The height and width of images [examples, channels, height, width].
  var imageSize: Extent { Extent(shape[2], shape[3]) }
}

extension TrunkEntry {
  private static let form = Parameter<SegNetForm>.any(
    "form", default: .standard, "standard, wide at the deepest level, or deep with every convolution twice.")
  private static let width = Parameter<Int>(
    "width", default: 1, rule: "1, 2, 4 or 8", form: Int.form?.inside(1, 8),
    "What the published numbers of channels are divided by."
  ) { [1, 2, 4, 8].contains($0) }

  /// The line of SegNet.
  static let segnet = TrunkEntry(
    about: TrunkDescription(
      name: "segnet", summary: "SegNet, which gives features for each pixel",
      parameters: [form.description, width.description], source: "Badrinarayanan et al. 2017",
      takes: "pictures of at least 32×32", gives: "a map of 64 channels, as large as the picture")
  ) { options, request in
    let channels = try request.pictureChannels("segnet", atLeast: SegNetTrunk.smallestSide)
    return SegNetTrunk(
      inputChannels: channels, form: try options.value(of: form), width: try options.value(of: width),
      using: request.generator)
  }
}
