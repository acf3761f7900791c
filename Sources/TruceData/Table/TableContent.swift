import TruceFiles

/// The columns of a table in memory, with the split of each row.
struct TableContent {
  /// A column of inputs.
  struct Input {
    let column: String
    let kind: TableSpecification.InputKind
    let store: any TableColumn
  }

  /// Where a row stands, for faults found after it was read.
  struct Place {
    let file: Int
    let line: Int?
  }

  /// The columns of the inputs, in the order of the features; a `*` has become all that it stands for.
  var inputs: [Input] = []
  /// The columns of the tasks, in order.
  var labels: [any TableColumn] = []
  /// The split of each row; nil for one that is left out.
  var splits: [Split?] = []
  /// Where each row stands.
  var places: [Place] = []
  /// The files that rows came from.
  var files: [String] = []

  /// The rows of a split, in order.
  func rows(of split: Split) -> [Int] { splits.indices.filter { splits[$0] == split } }

  /// Notes where a split that must be there has no row.
  func checkSplits(of path: String, faults: FaultList) {
    for split in [Split.training, .test] where !splits.contains(split) {
      faults.append(
        FileFault(
          path: path, reason: "no example is in the \(split.rawValue) split",
          help: "check the files and the rule under `split`"))
    }
  }
}
