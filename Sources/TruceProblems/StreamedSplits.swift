import Torch
import Truce
import TruceData
import TruceOptions
import TruceTasks

/// How problems whose examples are read one by one make their loaders.
struct SplitReader {
  static let workers = Parameter<Int>.atLeast(
    0, "workers", default: 2, "The threads that read pictures ahead; results do not depend on it.")

  private let request: ProblemRequest
  private let options: LoadingOptions
  private let augmentation: Augmentation
  private let measuredBatchSize: Int

  /// - Parameters:
  ///   - request: What the problem is asked for.
  ///   - workers: The threads that read ahead.
  ///   - badSamples: What becomes of a training example that cannot be read.
  ///   - augmentation: What is done to training examples.
  ///   - measuredBatchSize: Examples at once when measuring; nil for as many as the request says.
  init(
    for request: ProblemRequest, workers: Int, badSamples: BadSamplePolicy = .fail,
    augmentation: Augmentation = .none, measuredBatchSize: Int? = nil
  ) {
    self.request = request
    self.augmentation = augmentation
    options = LoadingOptions(workers: workers, badSamples: badSamples, device: request.device)
    self.measuredBatchSize = measuredBatchSize ?? request.evaluationBatchSize
  }

  /// Training examples in a fresh random order every epoch.
  ///
  /// - Parameter stream: Tells one of several streams from another, so that their orders have nothing in common.
  func training(_ samples: any SampleSource, stream: Int = 0) throws -> any BatchSource {
    try StreamLoader(
      samples, augmentation: augmentation, batchSize: request.batchSize,
      order: .shuffled(seed: orderSeed(of: stream)), options: options)
  }

  private func orderSeed(of stream: Int) -> UInt64 {
    guard stream > 0 else { return request.seed }
    var source = RandomSource(seed: request.seed)
    return (0..<stream).reduce(0) { _, _ in source.next() }
  }

  /// Measured examples as they are; none is left out, since numbers over other examples could not be compared.
  func measured(_ samples: any SampleSource) throws -> any BatchSource {
    var options = options
    options.badSamples = .fail
    return try StreamLoader(samples, batchSize: measuredBatchSize, order: .stored, options: options)
  }
}

extension ProblemData {
  /// The data of splits that are read one example after the other.
  init(
    _ reader: SplitReader, training: any SampleSource, validation: (any SampleSource)?,
    test: any SampleSource
  ) throws {
    let measured = [("validation", validation), ("test", test)]
    self.init(
      training: try reader.training(training), validation: try validation.map { try reader.training($0) },
      evaluation: try measured.compactMap { name, samples in
        try samples.map { (name, try reader.measured($0)) }
      })
  }
}

/// What becomes of an example that cannot be read.
enum BadSamples: String, CaseIterable, ParameterValue {
  case fail, skip

  var policy: BadSamplePolicy { self == .fail ? .fail : .skip }
}
