import Torch
public import Truce

/// How much the task gradients of one batch disagree, in direction, in size and coordinate by coordinate.
public struct ConflictMeasurement: Equatable, Sendable {
  /// The inner products of the task gradients.
  public let gramian: Gramian
  /// Cosines and magnitude similarities of all pairs.
  public let measures: ConflictMeasures
  /// The mean share of coordinates on which a pair of tasks pulls in opposite directions.
  public let signConflict: Double

  /// The means over the task pairs, by metric key.
  public var values: [String: Double] {
    var values = ["conflict/share": measures.conflictingShare, "conflict/coordinates": signConflict]
    values["conflict/cosine"] = measures.meanCosine
    values["conflict/magnitude"] = measures.meanMagnitudeSimilarity
    return values
  }
}

extension ConflictMeasurement {
  /// Measures the rows of a K×P tensor.
  init(rows: Tensor) throws {
    let gramian = try Gramian(taskCount: rows.shape[0], elements: GradientSweep.gramian(of: rows))
    try self.init(gramian: gramian, signsOf: rows)
  }

  /// Measures the rows of a K×P tensor whose inner products are known.
  ///
  /// With signs s in {−1, 0, 1}, a pair disagrees on `(Σ|sₐ||s_b| − Σ sₐ s_b) / 2` coordinates, so two Gramians
  /// of signs count all pairs at once.
  init(gramian: Gramian, signsOf rows: Tensor) throws {
    let signs = rows.sign()
    try self.init(
      gramian: gramian, signAgreement: GradientSweep.gramian(of: signs),
      signOverlap: GradientSweep.gramian(of: signs.abs()), coordinateCount: rows.shape[1])
  }

  /// Measures gradients whose inner products are known, and those of their signs and of the signs' magnitudes.
  init(gramian: Gramian, signAgreement: [Double], signOverlap: [Double], coordinateCount: Int) {
    let taskCount = gramian.taskCount
    self.gramian = gramian
    measures = ConflictMeasures(of: gramian)
    let pairs = (0..<taskCount).flatMap { i in (0..<i).map { i * taskCount + $0 } }
    let disagreements = pairs.reduce(0) { $0 + (signOverlap[$1] - signAgreement[$1]) / 2 }
    signConflict = pairs.isEmpty ? 0 : disagreements / Double(pairs.count * coordinateCount)
  }
}
