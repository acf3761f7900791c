import TruceStudy

extension StudyResults {
  /// What configurations are compared by, by the one name that every text, table and axis uses.
  var scoreName: String { hasDeltaM ? "Δm" : "change against the median run" }

  /// Why there is no Δm, as the rest of a sentence; nil where there is one.
  var gapOfDeltaM: String? {
    if !hasBaselines { return "not every task has a single-task run" }
    guard !zeroBaselines.isEmpty else { return nil }
    return
      "the single-task networks have a \(Words.list(zeroBaselines)) of zero, to which no change is relative"
  }

  /// At which learning rates a table's values were reached, where any was chosen.
  var rateWords: String {
    choosesLearningRates ? ", at the best learning rate of each method and optimizer" : ""
  }
}
