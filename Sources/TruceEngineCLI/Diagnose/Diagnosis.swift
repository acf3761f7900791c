import Truce
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

  /// A method that addresses what was found.
  struct Remedy: Encodable {
    let name: String
    let title: String
    let addresses: [Trouble]
    let backwardPasses: String
    let memory: String

    enum CodingKeys: String, CodingKey {
      case name, title, addresses, memory
      case backwardPasses = "backward_passes"
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
  let verdicts: [Verdict]
  let remedies: [Remedy]

  enum CodingKeys: String, CodingKey {
    case problem, checkpoint, layers, parameters, samples, batches, verdicts, remedies
    case betweenTasks = "between_tasks"
    case betweenSamples = "between_samples"
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
    verdicts = measurement.betweenTasks.map { Verdict(on: $0, in: measurement) }
    remedies = Self.remedies(for: Set(verdicts.flatMap(\.troubles)))
  }

  /// The methods of the catalogue whose declared properties address what was found, the cheapest first.
  private static func remedies(for troubles: Set<Trouble>) -> [Remedy] {
    let all = Catalogue.entries.map(\.about).compactMap { method -> Remedy? in
      let addressed = Trouble.allCases.filter {
        troubles.contains($0) && method.properties.contains($0.remedy)
      }
      guard !addressed.isEmpty else { return nil }
      return Remedy(
        name: method.name, title: method.title, addresses: addressed,
        backwardPasses: method.cost.backwardPasses, memory: method.cost.memory)
    }
    // Among equals the order is the catalogue's.
    return all.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }.map(\.element)
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

extension Diagnosis.Remedy {
  /// Methods that address more come first, then those with fewer backward passes.
  fileprivate var rank: Int { (backwardPasses == "1" ? 0 : 1) - 2 * addresses.count }
}

/// A way in which two tasks conflict.
enum Trouble: String, Encodable, CaseIterable {
  /// Their gradients point against each other.
  case direction
  /// Their gradients differ in length.
  case size

  /// The property of a method that addresses it.
  var remedy: MethodProperty {
    switch self {
    case .direction: .nonConflicting
    case .size: .taskScaleInvariant
    }
  }
}

/// What the measurements say about two tasks.
struct Verdict: Encodable {
  /// How the conflicts of the tasks compare with those between samples of either.
  enum Yardstick: String, Encodable {
    case more, alike, less
  }

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

  /// Tasks whose gradients oppose each other for fewer samples are said to agree.
  static let conflictThreshold = 0.1
  /// Gradients that differ by a smaller factor are said to be of like size.
  static let ratioThreshold = 2.0

  init(on pair: SimilarityMeasurement.Comparison, in measurement: SimilarityMeasurement) {
    tasks = pair.tasks
    conflictShare = pair.conflictShare
    let mine = measurement.betweenSamples.filter { pair.tasks.contains($0.tasks[0]) }
    sampleConflictShare = mine.isEmpty ? nil : mine.reduce(0) { $0 + $1.conflictShare } / Double(mine.count)
    let lengths = pair.tasks.compactMap { measurement.lengths[$0] }
    let isFirstLarger = lengths.count == 2 && lengths[0] >= lengths[1]
    larger = lengths.count == 2 ? pair.tasks[isFirstLarger ? 0 : 1] : nil
    lengthRatio = lengths.count == 2 ? max(lengths[0], lengths[1]) / min(lengths[0], lengths[1]) : nil
    let isUnequal = (lengthRatio ?? 1) >= Self.ratioThreshold
    troubles = (pair.conflictShare >= Self.conflictThreshold ? [.direction] : []) + (isUnequal ? [.size] : [])
  }

  /// Whether the tasks conflict more than samples of one task do, by more than a tenth of all comparisons.
  var yardstick: Yardstick? {
    sampleConflictShare.map { samples in
      conflictShare > samples + 0.1 ? .more : conflictShare < samples - 0.1 ? .less : .alike
    }
  }
}
