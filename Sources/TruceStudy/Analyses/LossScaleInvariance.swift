public import TruceRun

/// Whether a training notices that its losses are measured in other units.
///
/// Two runs that differ in `loss_scales` alone begin with the same weights and see the same batches. In every recorded
/// step the relative difference ‖u′ − u‖ / ‖u‖ of their parameter updates is measured, where u is the update without
/// and u′ the one with scales, for the shared parameters and for each head.
///
/// Source: C. Elich et al., arXiv 2311.04698, section 3.2 and Figures A1 and A2.
public enum LossScaleInvariance {
  /// The relative difference up to which two updates count as the same.
  public static let threshold = 1e-4

  /// One part of the network in two runs.
  public struct Part: Sendable, Equatable {
    /// The task whose head it is; nil for the shared parameters.
    public let task: String?
    /// The recorded steps, counted from 1.
    public let steps: [Int]
    /// The relative difference of the updates in each of these steps; infinite where only the scaled run moved.
    public let differences: [Double]
    /// The length of the first recorded update with scales over that without.
    public let sizeRatio: Double

    /// The largest relative difference.
    public var largest: Double { differences.max() ?? 0 }
    /// The relative difference in the first recorded step.
    public var first: Double { differences.first ?? 0 }
    /// The part's name: `shared` or the task's.
    public var name: String { task ?? "shared" }
  }

  /// What scales do to a training.
  public enum Verdict: String, Sendable, Codable {
    /// No update of any part differs.
    case invariant
    /// The heads' updates are the same in the first recorded step only.
    case headsAtFirst = "heads at the first step only"
    /// Updates differ.
    case notInvariant = "not invariant"
  }

  /// A run with scales beside the same run without.
  public struct Comparison: Sendable {
    /// What is run, as readers know it.
    public let variant: Variant
    /// The seed of both runs.
    public let seed: Int
    /// Whether the shared parameters keep their first values.
    public let isFrozen: Bool
    /// What the losses are multiplied by.
    public let scales: [Double]
    /// The parts that move, the shared parameters first.
    public let parts: [Part]

    /// The largest relative difference of any part in any step.
    public var largest: Double { parts.map(\.largest).max() ?? 0 }

    /// Whether the training notices the scales.
    public var verdict: Verdict {
      if largest <= threshold { return .invariant }
      let heads = parts.filter { $0.task != nil }
      return heads.allSatisfy { $0.first <= threshold } ? .headsAtFirst : .notInvariant
    }
  }

  /// Compares every run with scales with the run that differs from it in them alone.
  ///
  /// - Parameter records: Runs that recorded their updates; others are passed over.
  /// - Returns: The comparisons, frozen ones first, in the order of the methods.
  /// - Throws: `RunError` where a record of updates is damaged and for that there is no comparison at all; else its
  ///   run is passed over, see ``StudyResults/unreadableUpdates``.
  /// - Complexity: O(recorded steps · parameters) for each run with scales.
  public static func comparisons(of records: [RunRecord]) throws(RunError) -> [Comparison] {
    let recorded = records.filter { $0.isFinished && $0.configuration.updatesEvery != nil }
    let labels = VariantLabels(recorded.map { $0.configuration.plain })
    var comparisons: [Comparison] = []
    var damage: RunError?
    for record in recorded where record.configuration.isScaled {
      do throws(RunError) {
        if let comparison = try comparison(of: record, among: recorded, labels) {
          comparisons.append(comparison)
        }
      } catch {
        damage = damage ?? error
      }
    }
    if let damage, comparisons.isEmpty { throw damage }
    return comparisons.sorted(by: comesFirst)
  }

  /// A run with scales beside the same run without; nil where there is none.
  private static func comparison(
    of record: RunRecord, among recorded: [RunRecord], _ labels: VariantLabels
  ) throws(RunError) -> Comparison? {
    let configuration = record.configuration
    let reference = recorded.first {
      !$0.configuration.isScaled && $0.configuration.unscaled == configuration.unscaled
    }
    guard let reference, let old = try UpdateRecord(of: reference.directory),
      let new = try UpdateRecord(of: record.directory), old.layout == new.layout
    else { return nil }
    return Comparison(
      variant: labels.variant(of: configuration.plain), seed: configuration.seed,
      isFrozen: configuration.freeze == .shared, scales: configuration.lossScales ?? [],
      parts: old.layout.parts.indices.compactMap { part(at: $0, old, new) })
  }

  private static func comesFirst(_ left: Comparison, _ right: Comparison) -> Bool {
    if left.isFrozen != right.isFrozen { return left.isFrozen }
    if left.variant != right.variant { return left.variant < right.variant }
    if left.scales != right.scales { return right.scales.lexicographicallyPrecedes(left.scales) }
    return left.seed < right.seed
  }

  /// Compares one part over all steps; nil where it moves in neither run.
  private static func part(at index: Int, _ old: UpdateRecord, _ new: UpdateRecord) -> Part? {
    let rows = 0..<min(old.count, new.count)
    let pairs = rows.map { row in
      (old.update(ofPart: index, row: row), new.update(ofPart: index, row: row))
    }
    let sizes = pairs.map { (norm($0.0), norm($0.1)) }
    guard sizes.contains(where: { $0.0 > 0 || $0.1 > 0 }) else { return nil }
    return Part(
      task: old.layout.parts[index].task, steps: rows.map(old.step(ofRow:)),
      differences: zip(pairs, sizes).map { pair, size in
        let distance = norm(zip(pair.0, pair.1).map { $1 - $0 })
        return distance == 0 ? 0 : distance / size.0
      },
      sizeRatio: sizes.first.map { $0.1 / $0.0 } ?? 1)
  }

  private static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension RunConfiguration {
  /// Whether a loss is multiplied by something.
  fileprivate var isScaled: Bool { lossScales?.contains { $0 != 1 } ?? false }

  /// The same run with its losses as they are.
  fileprivate var unscaled: RunConfiguration {
    var other = self
    other.lossScales = nil
    return other
  }

  /// The run without what a comparison states by itself.
  fileprivate var plain: RunConfiguration {
    var other = unscaled
    other.freeze = nil
    return other
  }
}

extension StudyResults {
  /// What is wrong with the records of updates that cannot be read, one text a run.
  public var unreadableUpdates: [String] {
    records.filter { $0.isFinished && $0.configuration.updatesEvery != nil }.compactMap { record in
      do throws(RunError) {
        _ = try UpdateRecord(of: record.directory)
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  /// The runs with scaled losses beside those without.
  ///
  /// - Throws: `RunError` where a record of updates is damaged.
  public func lossScaleComparisons() throws(RunError) -> [LossScaleInvariance.Comparison] {
    try LossScaleInvariance.comparisons(of: records)
  }
}
