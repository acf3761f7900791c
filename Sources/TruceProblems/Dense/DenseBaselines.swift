import Torch
public import TruceData
public import TruceRun
public import TruceTasks

/// What answers that ignore the picture reach on a dense data set: the bar that a network has to pass.
///
/// The *constant* gives every pixel the most frequent class, the mean depth and the mean direction of the training set;
/// the *prior* gives each pixel the most frequent class, the median depth and the mean direction at its own place.
public struct DenseBaselines {
  /// A metric of a task with what both reach.
  public struct Row: Equatable, Sendable {
    /// The task.
    public let task: String
    /// The metric.
    public let metric: String
    /// What the constant reaches.
    public let constant: Double
    /// What the prior reaches.
    public let prior: Double
    /// Whether larger values are better ones.
    public let higherIsBetter: Bool
  }

  private let folder: DenseFolder
  private let predictors: [MapPredictor]

  /// Learns both from the training half.
  ///
  /// - Throws: `DataError` where an example cannot be read.
  public init(_ folder: DenseFolder) throws {
    self.folder = folder
    var tallies = folder.layout.maps.map { TrainingTally($0.content) }
    try Self.forEachBatch(of: folder.samples(of: .train)) { batch in
      for (place, map) in folder.layout.maps.enumerated() {
        if let target = batch[task: map.task] { tallies[place].add(target.values) }
      }
    }
    predictors = tallies.map { $0.predictor() }
  }

  /// Measures both on the test half.
  ///
  /// - Throws: `DataError` where an example cannot be read.
  public func measure(averaging: MetricAveraging = .set) throws -> [Row] {
    let tasks = folder.layout.maps.map { $0.task(averaging: averaging, validity: .sum) }
    var (constants, priors) = (tasks.map { $0.makeMetrics() }, tasks.map { $0.makeMetrics() })
    try Self.forEachBatch(of: folder.samples(of: .val)) { batch in
      for (place, task) in tasks.enumerated() {
        guard let target = batch[task: task.name] else { continue }
        let shape = [batch.count] + predictors[place].prior.shape.dropFirst()
        for metric in constants[place].indices {
          constants[place][metric].update(output: predictors[place].constant.expanded(shape), target: target)
          priors[place][metric].update(output: predictors[place].prior.expanded(shape), target: target)
        }
      }
    }
    return zip(tasks, zip(constants, priors)).flatMap { task, metrics in
      zip(metrics.0.flatMap(\.measurements), metrics.1.flatMap(\.measurements)).map { constant, prior in
        Row(
          task: task.name, metric: constant.record.name, constant: constant.value, prior: prior.value,
          higherIsBetter: constant.record.higherIsBetter)
      }
    }
  }

  /// What both reach, as a study's report shows it beside the networks.
  ///
  /// - Parameters:
  ///   - rows: What was measured.
  ///   - averaging: How.
  public func record(of rows: [Row], averaging: MetricAveraging) -> ReferenceAnswers {
    func answer(_ name: String, _ value: (Row) -> Double) -> ReferenceAnswers.Answer {
      ReferenceAnswers.Answer(
        name,
        rows.map {
          MetricValue(
            task: $0.task, name: $0.metric, split: "test", value: value($0), higherIsBetter: $0.higherIsBetter
          )
        })
    }
    return ReferenceAnswers(
      problem: folder.layout.name, averaging: averaging.rawValue,
      answers: [answer("constant", \.constant), answer("per-pixel prior", \.prior)])
  }

  private static func forEachBatch(of samples: DenseSamples, _ body: (Batch) -> Void) throws {
    let loader = try StreamLoader(
      samples, batchSize: 8, order: .stored, options: LoadingOptions(workers: 2))
    let batches = loader.batches(epoch: 0)
    while let batch = try batches.next() { body(batch) }
  }
}

extension DenseMap {
  /// The task that learns the map.
  func task(averaging: MetricAveraging, validity: PixelValidity) -> any ProblemTask {
    switch content {
    case .classes(let names): SegmentationTask(name: task, classes: names, averaging: averaging)
    case .depth(let isInverse): DepthTask(name: task, averaging: averaging, isInverse: isInverse)
    case .normals: NormalTask(name: task, averaging: averaging, validity: validity)
    }
  }
}

/// Outputs of a network that ignores its input, [1, channels, height, width].
private struct MapPredictor {
  let constant: Tensor
  let prior: Tensor
}

/// What the maps of a training set say at each pixel.
private struct TrainingTally {
  private let content: DenseMap.Content
  /// Counts [height, width, classes], or sums of normals [3, height, width].
  private var sum: Tensor?
  /// All depths.
  private var depths: [Tensor] = []

  init(_ content: DenseMap.Content) {
    self.content = content
  }

  mutating func add(_ values: Tensor) {
    switch content {
    case .classes(let names):
      let counts = (values + 1).oneHot(classCount: names.count + 1).sum([0])
      add(sum: counts.narrowed(2, start: 1, length: names.count))
    case .depth: depths.append(values.clone())
    case .normals: add(sum: values.to(.float64).sum([0]))
    }
  }

  private mutating func add(sum added: Tensor) { sum = sum.map { $0 + added } ?? added.clone() }

  func predictor() -> MapPredictor {
    switch content {
    case .depth: depthPredictor()
    case .classes(let names): classPredictor(names.count)
    case .normals: normalPredictor()
    }
  }

  private func classPredictor(_ classCount: Int) -> MapPredictor {
    guard let sum else { preconditionFailure("a training set without examples") }
    let scores = { (classes: Tensor) in
      classes.oneHot(classCount: classCount).permuted([2, 0, 1]).unsqueezed(0).to(.float32)
    }
    let most = sum.sum([0, 1]).argmax(0)
    return MapPredictor(
      constant: scores(most.expanded([sum.shape[0], sum.shape[1]])), prior: scores(sum.argmax(2)))
  }

  private func normalPredictor() -> MapPredictor {
    guard let sum else { preconditionFailure("a training set without examples") }
    return MapPredictor(
      constant: sum.sum([1, 2], keepingAxes: true).unsqueezed(0), prior: sum.unsqueezed(0))
  }

  private func depthPredictor() -> MapPredictor {
    let all = Tensor.concatenated(depths)
    let isThere = all.notEqual(0)
    let count = isThere.sum([0], keepingAxes: true)
    let mean = all.to(.float64).sum() / count.sum().to(.float64).clamped(minimum: 1)
    // Those without a value sort behind all others.
    let sorted = isThere.choosing(all, else: Tensor.full([], Double.infinity, dtype: all.dtype)).sorted(0)
      .values
    let middle = [count - 1, count].map { rank in
      sorted.gathered(0, (rank.clamped(minimum: 0).to(.float64) / 2).floor().to(.int64))
    }
    let median = (middle[0] + middle[1]) / 2
    let prior = count.greater(0).choosing(median, else: mean.to(all.dtype))
    return MapPredictor(constant: mean.reshaped([1, 1, 1, 1]), prior: prior)
  }
}
