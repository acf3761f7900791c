public import Torch
public import Truce

/// Lays images of two collections over each other, so that one picture asks two questions.
///
/// The first image's top-left corner lies at (0, 0), the second's at (`offset`, `offset`); where both cover a
/// pixel, the brighter one shows. Two 28×28 images and the offset 8 make a 36×36 picture.
///
/// Each of the n first images is used `rounds` times. In every round a fresh random permutation of the second
/// collection gives each a partner, so that with equally large collections every second image too is used
/// exactly `rounds` times. The permutation is a single cycle: where both collections are the same one, no
/// image is laid over itself. The pictures of round r are those at r·n ..< (r + 1)·n.
///
/// - Source: S. Sabour, N. Frosst and G. E. Hinton, "Dynamic routing between capsules", NeurIPS 2017
///   (arXiv 1710.09829), section 6, for MultiMNIST; X. Lin, H.-L. Zhen, Z. Li, Q. Zhang and S. Kwong, "Pareto
///   multi-task learning", NeurIPS 2019 (arXiv 1912.12854), section 5.2, for Multi-Fashion and
///   Multi-Fashion+MNIST with 120,000 training and 20,000 test pictures of 36×36.
/// - Note: Sabour et al. shift each digit by up to 4 pixels at random and draw partners of another class.
///   Lin et al. fix the corners and publish their pictures without the seed that drew the pairs. Here the
///   corners are fixed, partners may be of the same class, and a permutation takes the place of free draws, so
///   that every source image appears equally often and the set can be built again from its seed.
public struct OverlayBuilder: Sendable {
  /// How far the second image is moved down and right, in pixels.
  public var offset: Int
  /// How often each first image is used.
  public var rounds: Int

  /// Creates a builder.
  public init(offset: Int = 8, rounds: Int = 2) {
    self.offset = offset
    self.rounds = rounds
  }

  /// Builds the pictures.
  ///
  /// - Parameters:
  ///   - first: The images in the top-left corner.
  ///   - second: The images in the bottom-right corner, of the same size as the first.
  ///   - source: The randomness that pairs them.
  /// - Returns: `rounds` · `first.count` pictures of (height + offset) × (width + offset) pixels.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where the images differ in size.
  /// - Complexity: O(pixels of the result).
  public func pictures(
    of first: LabelledImages, over second: LabelledImages, using source: inout RandomSource
  ) throws(DataError) -> OverlaidPictures {
    guard first.height == second.height, first.width == second.width else {
      throw .invalidValue(
        parameter: "the size of the second images", rule: "\(first.height)×\(first.width)",
        received: "\(second.height)×\(second.width)")
    }
    let partners = partners(of: first.count, among: second.count, using: &source)
    return OverlaidPictures(
      pixels: pixels(of: first, over: second, partners: partners),
      firstLabels: Tensor(first.labels, dtype: .int64).repeated([rounds]),
      secondLabels: Tensor(second.labels, dtype: .int64).indexSelect(0, partners))
  }

  private func pixels(of first: LabelledImages, over second: LabelledImages, partners: Tensor) -> Tensor {
    let (height, width) = (first.height, first.width)
    let pictures = Tensor.zeros(
      [rounds * first.count, 1, height + offset, width + offset], dtype: .uint8)
    func corner(at place: Int) -> Tensor {
      pictures.narrowed(2, start: place, length: height).narrowed(3, start: place, length: width)
    }
    corner(at: 0).copyInPlace(from: first.tensor.repeated([rounds, 1, 1, 1]))
    corner(at: offset).maximumInPlace(second.tensor.indexSelect(0, partners))
    return pictures
  }

  /// The second image of each picture, round after round.
  private func partners(of count: Int, among total: Int, using source: inout RandomSource) -> Tensor {
    var partners: [Int] = []
    partners.reserveCapacity(rounds * count)
    for _ in 0..<rounds {
      let order = source.cycle(of: total)
      for index in 0..<count { partners.append(order[index % total]) }
    }
    return Tensor(partners)
  }
}

extension LabelledImages {
  /// The images as bytes, shape [count, 1, height, width].
  var tensor: Tensor { Tensor(pixels, shape: [count, 1, height, width]) }
}

/// Pictures of two images each, with a label for either.
public struct OverlaidPictures {
  /// Grey values, bytes of shape [count, 1, height, width].
  public let pixels: Tensor
  /// The class of the image in each picture's top-left corner, int64 of shape [count].
  public let firstLabels: Tensor
  /// The class of the image in each picture's bottom-right corner, int64 of shape [count].
  public let secondLabels: Tensor
}
