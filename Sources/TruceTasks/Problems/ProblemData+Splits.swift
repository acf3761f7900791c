public import TruceData

extension ProblemData {
  /// The data of a set held in memory: training and held-out examples in random order, measured ones as they are
  /// stored.
  ///
  /// - Throws: `DataError`, or `TorchError` where the device has no room.
  public init(_ splits: DatasetSplits, for request: ProblemRequest) throws {
    let shuffled = { (part: Dataset) in
      try DataLoader(
        part.moved(to: request.device), batchSize: request.batchSize, order: .shuffled(seed: request.seed))
    }
    let measured = [("validation", splits.validation), ("test", splits.test)]
    self.init(
      training: try shuffled(splits.training), validation: try splits.validation.map(shuffled),
      evaluation: try measured.compactMap { name, part in
        try part.map {
          let there = try $0.moved(to: request.device)
          return (name, try DataLoader(there, batchSize: request.evaluationBatchSize, order: .stored))
        }
      })
  }
}
