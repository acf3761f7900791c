import Torch
public import Truce

/// Brings an input to single-precision numbers of a common size: ((x / divisor) − mean) / deviation.
///
/// The mean and the deviation belong to the first axis: the channels of a picture, the columns of a table's row.
public struct Normalisation: Transform {
  /// The input's name.
  public let input: String
  /// What numbers are divided by first: 255 brings bytes to 0 … 1.
  public let divisor: Double
  /// What is subtracted, one number for each place of the first axis or one for all.
  public let means: [Double]
  /// What is divided by last, as many numbers as there are means.
  public let deviations: [Double]

  /// Creates the transform.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where the numbers are not as many, or a divisor is
  ///   not above 0.
  public init(
    input: String, divisor: Double = 1, means: [Double] = [0], deviations: [Double] = [1]
  ) throws(DataError) {
    guard divisor > 0, divisor.isFinite, deviations.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .invalidValue(
        parameter: "the divisor and the deviations of the normalisation", rule: "above 0",
        received: "\(divisor) and \(deviations)")
    }
    guard means.count == deviations.count, !means.isEmpty else {
      throw .invalidValue(
        parameter: "the deviations of the normalisation",
        rule: "as many as the means, \(means.count), and one at least",
        received: "\(deviations.count)")
    }
    self.input = input
    self.divisor = divisor
    self.means = means
    self.deviations = deviations
  }

  private static let name = "the normalisation"

  /// Normalises the input.
  public func change(_ sample: inout Sample, using source: inout RandomSource) throws(DataError) {
    guard let index = sample.inputs.firstIndex(where: { $0.name == input }) else {
      throw .unsuitedTransform(transform: Self.name, reason: "no input is called '\(input)'")
    }
    let values = sample.inputs[index].values
    guard means.count == 1 || values.shape.first == means.count else {
      throw .unsuitedTransform(
        transform: Self.name,
        reason: "the input '\(input)' of shape \(values.shape) is normalised by \(means.count) means")
    }
    guard let numbers = values.singlePrecision else {
      throw .unsuitedTransform(
        transform: Self.name, reason: "the input '\(input)' is of \(values.dtype), not bytes or real numbers")
    }
    sample.inputs[index].values = HostArray(normalised(numbers), shape: values.shape)
  }

  private func normalised(_ numbers: [Float]) -> [Float] {
    var numbers = numbers
    let length = numbers.count / means.count
    for (part, (mean, deviation)) in zip(means, deviations).enumerated() {
      let (divisor, mean, deviation) = (Float(divisor), Float(mean), Float(deviation))
      for place in (part * length)..<((part + 1) * length) {
        numbers[place] = (numbers[place] / divisor - mean) / deviation
      }
    }
    return numbers
  }
}

extension HostArray {
  /// Bytes and real numbers in single precision; nil for other types.
  fileprivate var singlePrecision: [Float]? {
    switch dtype {
    case .uint8: withElements(as: UInt8.self) { $0.map(Float.init) }
    case .float32: elements(as: Float.self)
    case .float64: withElements(as: Double.self) { $0.map(Float.init) }
    default: nil
    }
  }
}
