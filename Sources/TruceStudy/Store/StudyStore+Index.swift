import Foundation
import TruceRun

// MARK: Writing

extension StudyStore {
  /// Opens the index of a study's folder and brings it up to date with the folders of its runs.
  ///
  /// - Parameters:
  ///   - folder: The study's folder.
  ///   - rebuilding: Whether to throw the old index away first.
  /// - Returns: The index.
  /// - Throws: ``StudyError`` or `RunError`.
  public static func indexed(_ folder: StudyFolder, rebuilding: Bool = false) throws -> StudyStore {
    let plan = try folder.plan()
    if rebuilding { try remove(at: folder.storeFile) }
    let store = try StudyStore(at: folder.storeFile)
    try store.index(plan, in: folder)
    return store
  }

  /// Opens the index of a study for reading, brought up to date with the folders of its runs.
  ///
  /// An index that was copied without these folders is read as it is. Where the index cannot be written, is in use or
  /// is damaged, one for this reader alone is made elsewhere, since reading a study needs no right to change it.
  ///
  /// - Throws: ``StudyError`` or `RunError`.
  public static func current(_ folder: StudyFolder) throws -> StudyStore {
    let isCopy = !folder.hasRuns && FileManager.default.fileExists(atPath: folder.storeFile.path)
    do {
      return isCopy ? try StudyStore(at: folder.storeFile) : try indexed(folder)
    } catch let error as StudyError where error.isAboutIndex {
      if isCopy { return try StudyStore(copyOf: folder.storeFile) }
      let store = try StudyStore()
      try store.index(folder.plan(), in: folder)
      return store
    }
  }

  /// Writes a plan and all its runs.
  ///
  /// - Throws: ``StudyError`` or `RunError`.
  public func index(_ plan: StudyPlan, in folder: StudyFolder) throws {
    let earlier = folder.earlierRuns(than: plan)
    try write { database in
      try Self.insert(plan, into: database)
      try Self.insert(earlier, into: database)
    }
    for key in plan.runs { try index(key, of: plan, in: folder) }
  }

  /// Writes one run as its folder tells it.
  ///
  /// - Throws: ``StudyError`` or `RunError`.
  public func index(_ key: RunKey, of plan: StudyPlan, in folder: StudyFolder) throws {
    guard let cell = plan.cell(key.cell) else { return }
    let (run, record) = StudyRun.read(key, of: cell, in: folder)
    let artifacts = Self.artifacts(of: folder.directory(of: key))
    try write { database in
      try database.execute("DELETE FROM run WHERE cell = ? AND seed = ?", [key.cell, key.seed])
      try Self.insert(run, beginning: record?.beginning, into: database)
      for (path, bytes) in artifacts {
        try database.execute("INSERT INTO artifact VALUES (?, ?, ?, ?)", [key.cell, key.seed, path, bytes])
      }
      guard let record else { return }
      try Self.insert(record.stepCurves, level: .step, of: key, into: database)
      try Self.insert(record.epochCurves, level: .epoch, of: key, into: database)
    }
  }

  private static func insert(_ earlier: [EarlierRun], into database: DatabaseConnection) throws {
    try database.execute("DELETE FROM earlier")
    for (position, run) in earlier.enumerated() {
      try database.execute("INSERT INTO earlier VALUES (?, ?)", [position, text(run)])
    }
  }

  private static func insert(_ plan: StudyPlan, into database: DatabaseConnection) throws {
    let known = try database.texts("SELECT file FROM study").first
    if known == plan.text { return }
    try database.execute("DELETE FROM study")
    try database.execute("DELETE FROM cell")
    try database.execute(
      "INSERT INTO study VALUES (?, ?, ?, ?)",
      [plan.file.name, plan.file.question, text(plan.file), plan.text])
    for (position, cell) in plan.cells.enumerated() {
      let task: String? = if case .baseline(let task) = cell.role { task } else { nil }
      try database.execute(
        "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          cell.id, position, task, cell.method, cell.optimizer, cell.configuration.learningRate, text(cell),
        ])
    }
  }

  private static func insert(
    _ run: StudyRun, beginning: RunBeginning?, into database: DatabaseConnection
  ) throws {
    try database.execute(
      "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        run.cell.id, run.seed, run.state, run.reason, run.attempts, run.epochs, run.steps, run.seconds,
        run.secondsPerStep, run.conflictShare, run.environment.map(text), beginning.map(text),
      ])
    for (position, metric) in run.metrics.enumerated() {
      try database.execute(
        "INSERT INTO metric VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
          run.cell.id, run.seed, position, metric.split, metric.task, metric.name, metric.value,
          metric.higherIsBetter,
        ])
    }
  }

  private static func insert(
    _ curves: [String: [CurvePoint]], level: CurveLevel, of run: RunKey, into database: DatabaseConnection
  ) throws {
    let statement = try database.statement(
      "INSERT OR REPLACE INTO curve VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for (key, points) in curves.sorted(by: { $0.key < $1.key }) {
      for point in thinned(points, level: level) {
        try statement.execute([
          run.cell, run.seed, level.rawValue, key, point.step, point.epoch, point.seconds, point.value,
        ])
      }
    }
  }

  /// At most 1,000 points within epochs, evenly chosen, with the last among them; the folder keeps them all.
  private static func thinned(_ points: [CurvePoint], level: CurveLevel) -> [CurvePoint] {
    let stride = (points.count + 999) / 1000
    guard level == .step, stride > 1 else { return points }
    return points.indices.filter { (points.count - 1 - $0).isMultiple(of: stride) }.map { points[$0] }
  }

  private static func artifacts(of directory: RunDirectory) -> [(path: String, bytes: Int)] {
    let files = FileManager.default.enumerator(atPath: directory.url.path)
    let paths = (files?.compactMap { $0 as? String } ?? []).filter { !$0.hasPrefix(".") }.sorted()
    return paths.compactMap { path in
      let values = try? directory.url.appending(path: path).resourceValues(
        forKeys: [.isRegularFileKey, .fileSizeKey])
      guard values?.isRegularFile == true else { return nil }
      return (path, values?.fileSize ?? 0)
    }
  }

  static func text(_ value: some Encodable) -> String {
    String(decoding: RecordCoding.line(value).dropLast(), as: UTF8.self)
  }
}

/// How often a curve has a point.
public enum CurveLevel: String, Sendable, Codable {
  /// Within epochs, every few steps.
  case step
  /// At the ends of epochs.
  case epoch
}
