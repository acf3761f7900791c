import TruceShell
import TruceTraining

/// What was measured of a model, what it means and which methods address it.
struct Diagnosis: Encodable {
  /// Two tasks, or one, with how alike their gradients are.
  struct Comparison: Encodable {
    let tasks: [String]
    let comparisons: Int
    let cosine: SimilarityMeasurement.Spread
    let magnitude: SimilarityMeasurement.Spread
    let conflicting: SimilarityMeasurement.Spread
    let conflictShare: Double

    enum CodingKeys: String, CodingKey {
      case tasks, comparisons, cosine, magnitude, conflicting
      case conflictShare = "conflict_share"
    }
  }

  /// A layer, with how alike the gradients of its parameters are, over all pairs of tasks and over all tasks' samples.
  struct Layer: Encodable {
    let name: String
    let parameters: Int
    let betweenTasks: Comparison?
    let betweenSamples: Comparison?

    enum CodingKeys: String, CodingKey {
      case name, parameters
      case betweenTasks = "between_tasks"
      case betweenSamples = "between_samples"
    }
  }

  let problem: String
  let checkpoint: String?
  let layers: [String]?
  let parameters: Int
  let samples: Int
  let batches: Int
  let betweenTasks: [Comparison]
  let betweenSamples: [Comparison]
  /// None where they were not asked for.
  let byLayer: [Layer]?
  let verdicts: [Verdict]
  let advice: [Advice]

  enum CodingKeys: String, CodingKey {
    case problem, checkpoint, layers, parameters, samples, batches, verdicts, advice
    case betweenTasks = "between_tasks"
    case betweenSamples = "between_samples"
    case byLayer = "by_layer"
  }

  init(
    _ measurement: SimilarityMeasurement, problem: String, checkpoint: String?, layers: [String]?
  ) {
    self.problem = problem
    self.checkpoint = checkpoint
    self.layers = layers
    parameters = measurement.parameterCount
    (samples, batches) = (measurement.sampleCount, measurement.batchCount)
    betweenTasks = measurement.betweenTasks.map(Comparison.init)
    betweenSamples = measurement.betweenSamples.map(Comparison.init)
    byLayer = measurement.layers.isEmpty ? nil : measurement.layers.map(Layer.init)
    verdicts = measurement.betweenTasks.map { Verdict(on: $0, in: measurement) }
    advice = Advice.given(
      ConflictEvidence(
        verdicts.map(\.evidence), taskCount: Set(measurement.betweenTasks.flatMap(\.tasks)).count))
  }
}

extension Diagnosis.Layer {
  fileprivate init(_ layer: SimilarityMeasurement.Layer) {
    (name, parameters) = (layer.name, layer.parameterCount)
    betweenTasks = layer.betweenTasks.map(Diagnosis.Comparison.init)
    betweenSamples = layer.betweenSamples.map(Diagnosis.Comparison.init)
  }
}

extension Diagnosis.Comparison {
  fileprivate init(_ comparison: SimilarityMeasurement.Comparison) {
    tasks = comparison.tasks
    comparisons = comparison.count
    (cosine, magnitude) = (comparison.cosine, comparison.magnitude)
    conflicting = comparison.conflicting
    conflictShare = comparison.conflictShare
  }
}

/// What the measurements say about two tasks.
struct Verdict: Encodable {
  let tasks: [String]
  /// The share of samples for which the tasks' gradients point against each other.
  let conflictShare: Double
  /// The share of pairs of samples of one task, over both tasks, whose gradients do; nil where none was compared.
  let sampleConflictShare: Double?
  /// How many times as long the gradients of ``larger`` are.
  let lengthRatio: Double?
  /// The task with the longer gradients; nil where a task has none.
  let larger: String?
  /// What is wrong, if anything.
  let troubles: [Trouble]

  enum CodingKeys: String, CodingKey {
    case tasks, larger, troubles
    case conflictShare = "conflict_share"
    case sampleConflictShare = "sample_conflict_share"
    case lengthRatio = "length_ratio"
  }

  init(on pair: SimilarityMeasurement.Comparison, in measurement: SimilarityMeasurement) {
    tasks = pair.tasks
    conflictShare = pair.conflictShare
    let mine = measurement.betweenSamples.filter { pair.tasks.contains($0.tasks[0]) }
    sampleConflictShare = mine.isEmpty ? nil : mine.reduce(0) { $0 + $1.conflictShare } / Double(mine.count)
    let lengths = pair.tasks.compactMap { measurement.lengths[$0] }
    let isFirstLarger = lengths.count == 2 && lengths[0] >= lengths[1]
    larger = lengths.count == 2 ? pair.tasks[isFirstLarger ? 0 : 1] : nil
    lengthRatio = lengths.count == 2 ? max(lengths[0], lengths[1]) / min(lengths[0], lengths[1]) : nil
    troubles = Trouble.found(conflictShare: pair.conflictShare, lengthRatio: lengthRatio)
  }

  /// What the advice rests on.
  var evidence: ConflictEvidence.Pair {
    ConflictEvidence.Pair(
      tasks: tasks, conflictShare: conflictShare, sampleConflictShare: sampleConflictShare, larger: larger,
      lengthRatio: lengthRatio)
  }
}
