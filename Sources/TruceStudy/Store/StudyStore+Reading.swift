import Foundation
public import TruceRun

// MARK: Reading

extension StudyStore {
  /// The study's settings.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func study() throws(StudyError) -> StudyFile {
    try read { database in
      try Self.decoded(
        StudyFile.self, database.texts("SELECT definition FROM study").first)
    }
  }

  /// The study file, word for word.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func fileText() throws(StudyError) -> String {
    try read { try $0.texts("SELECT file FROM study").first ?? "" }
  }

  /// The cells, in the plan's order.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func cells() throws(StudyError) -> [StudyCell] {
    try read(Self.cells)
  }

  /// The runs, in the order of the cells and their seeds.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func runs() throws(StudyError) -> [StudyRun] {
    try read { database in
      let cells = try Dictionary(uniqueKeysWithValues: Self.cells(database).map { ($0.id, $0) })
      let metrics = try Self.metrics(database)
      let rows = try database.rows(
        "SELECT run.* FROM run JOIN cell ON cell.id = run.cell ORDER BY position, seed")
      return try rows.compactMap { row in
        let key = try RunKey(cell: row["cell"], seed: row["seed"])
        return try cells[key.cell].map { try Self.run(row, key, of: $0, metrics: metrics[key] ?? []) }
      }
    }
  }

  /// The runs in the folder that belong to an earlier study file.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func earlierRuns() throws(StudyError) -> [EarlierRun] {
    try read { database in
      try database.texts("SELECT definition FROM earlier ORDER BY position")
        .map { try Self.decoded(EarlierRun.self, $0) }
    }
  }

  /// The runs of which a file cannot be read.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func damagedRuns() throws(StudyError) -> [RunKey] {
    let word = RunState.damaged(reason: "").word
    return try runs().filter { $0.state == word }.map(\.key)
  }

  /// What was known when a run began: its tasks, their metrics, the sizes.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func beginning(of run: RunKey) throws(StudyError) -> RunBeginning? {
    try read { database in
      let text = try database.texts(
        "SELECT beginning FROM run WHERE cell = ? AND seed = ?", [run.cell, run.seed]
      ).first
      return try text.map { try Self.decoded(RunBeginning.self, $0) }
    }
  }

  /// The curves of a run by `MetricKey`; within epochs at most 1,000 points each.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func curves(
    of run: RunKey, level: CurveLevel
  ) throws(StudyError) -> [String: [CurvePoint]] {
    try read { database in
      let rows = try database.rows(
        "SELECT * FROM curve WHERE cell = ? AND seed = ? AND level = ? ORDER BY key, step",
        [run.cell, run.seed, level.rawValue])
      var curves: [String: [CurvePoint]] = [:]
      for row in rows {
        try curves[row["key"], default: []].append(
          CurvePoint(
            epoch: row["epoch"], step: row["step"], seconds: row["seconds"],
            value: row["value"] ?? .nan))
      }
      return curves
    }
  }

  /// The runs as records, without a need for their folders: what every analysis reads.
  ///
  /// - Parameter folder: The study's folder, which the records name.
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func records(in folder: StudyFolder) throws(StudyError) -> [RunRecord] {
    var records: [RunRecord] = []
    for run in try runs() where run.state != RunState.pending.word {
      var configuration = run.cell.configuration
      configuration.seed = run.seed
      records.append(
        RunRecord(
          directory: folder.directory(of: run.key), configuration: configuration,
          environment: run.environment, summary: run.summary, beginning: try beginning(of: run.key),
          stepCurves: try curves(of: run.key, level: .step),
          epochCurves: try curves(of: run.key, level: .epoch),
          damage: run.state == RunState.damaged(reason: "").word ? run.reason : nil))
    }
    return records
  }

  /// The files of a run with their sizes in bytes, by path within the run's folder.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public func artifacts(of run: RunKey) throws(StudyError) -> [String: Int] {
    try read { database in
      let rows = try database.rows(
        "SELECT path, bytes FROM artifact WHERE cell = ? AND seed = ?",
        [run.cell, run.seed])
      return try Dictionary(uniqueKeysWithValues: rows.map { try ($0["path"], $0["bytes"]) })
    }
  }

  // MARK: Rows

  private static func cells(_ database: DatabaseConnection) throws -> [StudyCell] {
    try database.texts("SELECT definition FROM cell ORDER BY position")
      .map { try decoded(StudyCell.self, $0) }
  }

  private static func metrics(_ database: DatabaseConnection) throws -> [RunKey: [MetricValue]] {
    var metrics: [RunKey: [MetricValue]] = [:]
    let rows = try database.rows("SELECT * FROM metric ORDER BY cell, seed, position")
    for row in rows {
      try metrics[RunKey(cell: row["cell"], seed: row["seed"]), default: []].append(
        MetricValue(
          task: row["task"], name: row["name"], split: row["split"], value: row["value"] ?? .nan,
          higherIsBetter: row["higher_is_better"]))
    }
    return metrics
  }

  private static func run(
    _ row: DatabaseRow, _ key: RunKey, of cell: StudyCell, metrics: [MetricValue]
  ) throws -> StudyRun {
    let environment: String? = try row["environment"]
    return try StudyRun(
      cell: cell, seed: key.seed, state: row["state"], reason: row["reason"], attempts: row["attempts"],
      epochs: row["epochs"], steps: row["steps"], seconds: row["seconds"],
      secondsPerStep: row["seconds_per_step"], conflictShare: row["conflict_share"], metrics: metrics,
      environment: environment.map { try decoded(RunEnvironment.self, $0) })
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String?) throws -> Value {
    guard let value = text.flatMap({ RecordCoding.decode(type, from: Data($0.utf8)) }) else {
      throw DatabaseError(kind: .damaged, message: "a \(type) is missing or damaged")
    }
    return value
  }

  /// Every row of every table as text, for comparing two indexes.
  func dump() throws(StudyError) -> [String] {
    try read { database in
      try ["study", "cell", "run", "metric", "curve", "artifact"].flatMap { table in
        try database.rows("SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }
}
