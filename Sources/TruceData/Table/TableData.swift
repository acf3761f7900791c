import Torch
import TruceFiles

/// A table as a specification describes it, read into memory.
///
/// The inputs are real numbers [rows, inputs]. A task's targets are the positions of classes [rows], or numbers
/// [rows, 1] for a regression and for yes and no; a label that is missing has false in the mask.
public struct TableData {
  /// What the columns mean.
  public let specification: TableSpecification
  /// How the columns became numbers.
  public let encoding: TableEncoding
  /// The examples.
  public let splits: DatasetSplits
  /// How many rows the rule under `split` left out.
  public let leftOut: Int

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - path: The specification.
  ///   - faults: Receives everything that is wrong with it and with the files it names.
  /// - Returns: Nil where anything is.
  public init?(contentsOf path: String, noting faults: FaultList) {
    guard let specification = TableSpecification(contentsOf: path, noting: faults) else { return nil }
    var reader = TableReader(specification, faults: faults)
    reader.read()
    guard faults.isEmpty else { return nil }
    let encoder = TableEncoder(
      reader.content, tasks: specification.tasks, unseen: specification.unseen, path: path, faults: faults)
    guard faults.isEmpty, let splits = encoder.splits() else { return nil }
    self.specification = specification
    encoding = encoder.encoding
    self.splits = splits
    leftOut = reader.leftOut
  }

  /// Reads a table.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with everything that is wrong.
  public init(contentsOf path: String) throws(DataError) {
    let faults = FaultList()
    guard let data = TableData(contentsOf: path, noting: faults) else {
      try faults.check()
      throw .damaged(path: path, reason: "it describes no examples")
    }
    self = data
  }
}

extension TableEncoder {
  /// The data sets of the splits; nil where a split that must be there has no row.
  fileprivate func splits() -> DatasetSplits? {
    guard let training = dataset(.training), let test = dataset(.test) else { return nil }
    return DatasetSplits(training: training, validation: dataset(.validation), test: test)
  }

  private func dataset(_ split: Split) -> Dataset? {
    let rows = content.rows(of: split)
    guard !rows.isEmpty else { return nil }
    let input = Tensor.zeros([rows.count, encoding.inputCount])
    input.withUnsafeMutableBytes { write(inputsOf: rows, to: $0.bindMemory(to: Float.self)) }
    return try? Dataset(input: input, targets: targets(of: rows))
  }

  /// The targets of rows, in task order.
  func targets(of rows: [Int]) -> [TaskTarget] {
    encoding.tasks.enumerated().map { position, task in
      target(task.name, labels(ofTask: position, rows: rows))
    }
  }

  private func target(_ name: String, _ labels: TableLabels) -> TaskTarget {
    switch labels {
    case .numbers(let values):
      let isThere = values.map { !$0.isNaN }
      let known = values.map { $0.isNaN ? 0 : $0 }
      return TaskTarget(
        task: name, values: Tensor(known, shape: [known.count, 1]), mask: mask(isThere))
    case .classes(let positions):
      return TaskTarget(
        task: name, values: Tensor(positions.map { max($0, 0) }), mask: mask(positions.map { $0 >= 0 }))
    }
  }

  /// No mask where every example has a label.
  private func mask(_ isThere: [Bool]) -> Tensor? {
    isThere.allSatisfy { $0 } ? nil : Tensor(isThere)
  }
}
