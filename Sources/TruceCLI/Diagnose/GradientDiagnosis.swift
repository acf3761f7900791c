import RealModule
import Truce
import TruceRun
import TruceShell

/// Whether the tasks of measured gradients conflict, in direction or in size, and which methods address that.
struct GradientDiagnosis: Encodable {
  /// Two tasks, over all samples.
  struct Pair: Encodable {
    let tasks: [String]
    /// The mean, the smallest and the largest of the samples' cosines.
    let cosine: Spread
    /// The same of 2 |a| |b| / (|a|² + |b|²).
    let magnitude: Spread
    /// The share of samples with a negative cosine.
    let conflictShare: Double
    /// How many times as long the gradients of ``larger`` are, in the geometric mean; nil where a task has none.
    @ExplicitNull var lengthRatio: Double?
    /// The task with the longer gradients.
    @ExplicitNull var larger: String?
    let troubles: [Trouble]

    /// What the advice rests on.
    var evidence: ConflictEvidence.Pair {
      ConflictEvidence.Pair(
        tasks: tasks, conflictShare: conflictShare, sampleConflictShare: nil, larger: larger,
        lengthRatio: lengthRatio)
    }

    enum CodingKeys: String, CodingKey {
      case tasks, cosine, magnitude, larger, troubles
      case conflictShare = "conflict_share"
      case lengthRatio = "length_ratio"
    }
  }

  /// Some values in short.
  struct Spread: Encodable {
    let mean: Double
    let smallest: Double
    let largest: Double

    init(_ values: [Double]) {
      mean = values.reduce(0, +) / Double(max(values.count, 1))
      smallest = values.min() ?? 0
      largest = values.max() ?? 0
    }
  }

  let files: [String]
  let tasks: Int
  let coordinates: Int
  let samples: Int
  let pairs: [Pair]
  let advice: [Advice]

  /// Measures gradients.
  ///
  /// - Parameters:
  ///   - sheets: A matrix with one row for each task for each sample or step, all of one shape.
  ///   - files: Where they come from.
  init(of sheets: [HostRows], files: [String]) {
    self.files = files
    tasks = sheets[0].taskCount
    coordinates = sheets[0].rows[0].count
    samples = sheets.count
    let ranged = sheets.map { RangedRows($0) }
    let measures = ranged.map { ConflictMeasures(of: $0.gramian) }
    let ofSheets = ranged.map(\.lengths)
    let lengths = (0..<sheets[0].taskCount).map { task in Self.length(ofSheets.map { $0[task] }) }
    pairs = (0..<sheets[0].taskCount).flatMap { j in
      (0..<j).map { i in Self.pair(i, j, measures, lengths) }
    }
    advice = Advice.given(ConflictEvidence(pairs.map(\.evidence), taskCount: tasks))
  }

  /// The geometric mean of a task's lengths that are not zero; nil where all are.
  private static func length(_ lengths: [Double]) -> Double? {
    let logarithms = lengths.filter { $0 > 0 }.map { Double.log($0) }
    return logarithms.isEmpty ? nil : Double.exp(logarithms.reduce(0, +) / Double(logarithms.count))
  }

  private static func pair(
    _ i: Int, _ j: Int, _ measures: [ConflictMeasures], _ lengths: [Double?]
  ) -> Pair {
    let cosines = measures.map { $0.cosines[i][j] }
    let share = Double(cosines.count { $0 < 0 }) / Double(cosines.count)
    var (ratio, larger): (Double?, Int?) = (nil, nil)
    if let a = lengths[i], let b = lengths[j] {
      ratio = max(a, b) / min(a, b)
      larger = a >= b ? i : j
    }
    return Pair(
      tasks: [name(i), name(j)], cosine: Spread(cosines),
      magnitude: Spread(measures.map { $0.magnitudeSimilarities[i][j] }), conflictShare: share,
      lengthRatio: ratio, larger: larger.map(name),
      troubles: Trouble.found(conflictShare: share, lengthRatio: ratio))
  }

  private static func name(_ task: Int) -> String { "task \(task)" }
}

// MARK: Text

extension GradientDiagnosis {
  /// More pairs than a reader has patience for.
  private static let shownPairs = 20

  func plain(on terminal: Terminal) -> String {
    guard !pairs.isEmpty else { return "\(subject)\n\nThere is one task only, so nothing can conflict." }
    let sentences = [terminal.bold("In plain words")] + words.map { terminal.wrapped("  " + $0, indent: 2) }
    return [
      subject, table.plain(on: terminal), sentences.joined(separator: "\n"),
      Advice.text(advice, on: terminal),
    ].joined(separator: "\n\n")
  }

  private var subject: String {
    "\(files.joined(separator: ", ")): \(Counted.text(samples, "sample")), \(Counted.text(tasks, "task")), "
      + Counted.text(coordinates, "coordinate")
  }

  /// The pairs that are shown, the most conflicting first.
  private var worst: ArraySlice<Pair> {
    pairs.sorted { ($1.conflictShare, $0.cosine.mean) < ($0.conflictShare, $1.cosine.mean) }.prefix(
      Self.shownPairs)
  }

  private var table: TextTable {
    var table = TextTable([
      ("", .left), ("cosine", .left), ("magnitude", .left), ("in conflict", .right),
    ])
    for pair in worst {
      table.append([
        pair.tasks.joined(separator: " ~ "), Self.text(pair.cosine), Self.text(pair.magnitude),
        "\(NumberText.fixed(pair.conflictShare * 100, 0)) %",
      ])
    }
    return table
  }

  private static func text(_ spread: Spread) -> String {
    let numbers = [spread.mean, spread.smallest, spread.largest].map { NumberText.fixed($0, 2) }
    return "\(numbers[0]) (\(numbers[1]) … \(numbers[2]))"
  }

  private var words: [String] {
    let sentences = worst.flatMap { pair -> [String] in
      let direction = ConflictSentence.direction(
        of: pair.tasks, share: pair.conflictShare, isTrouble: pair.troubles.contains(.direction))
      guard let larger = pair.larger, let ratio = pair.lengthRatio else { return [direction] }
      return [
        direction,
        ConflictSentence.size(
          of: pair.tasks, larger: larger, ratio: ratio, isTrouble: pair.troubles.contains(.size)),
      ]
    }
    let rest = pairs.count - worst.count
    return rest > 0
      ? sentences + ["\(rest) more pairs conflict less; --format json has them all."] : sentences
  }
}
