import TruceRun

/// The largest number of cells that a study may have, checked before any of them is made.
struct CellLimit {
  /// Where the study file begins.
  let place: ConfigurationPlace
  /// The number.
  let allowed: Int

  /// Checks the number of combinations of some lists.
  ///
  /// - Throws: ``StudyError/tooManyCells(place:count:allowed:)``.
  @discardableResult
  func product(of counts: [Int]) throws(StudyError) -> Int {
    try check(counts.reduce(1, Self.times))
  }

  /// Checks the sum of some numbers of cells.
  ///
  /// - Throws: ``StudyError/tooManyCells(place:count:allowed:)``.
  @discardableResult
  func sum(of counts: [Int]) throws(StudyError) -> Int {
    try check(counts.reduce(0, Self.plus))
  }

  private func check(_ count: Int) throws(StudyError) -> Int {
    guard count <= allowed else { throw .tooManyCells(place, count: count, allowed: allowed) }
    return count
  }

  private static func times(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }

  private static func plus(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
