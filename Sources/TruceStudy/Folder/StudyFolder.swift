public import Foundation
import TruceFiles
public import TruceRun

/// The folder of a study: its file, its index and one folder for each run.
///
///     study.yaml  study.sqlite  <cell>/<seed>/…
///
/// The runs' folders are the truth; the index can be rebuilt from them.
public struct StudyFolder: Sendable, Equatable {
  /// The folder.
  public let url: URL

  /// Names a folder; nothing is created.
  public init(_ url: URL) {
    self.url = url
  }

  /// The study file, word for word.
  public var studyFile: URL { url.appending(path: "study.yaml") }
  /// The index.
  public var storeFile: URL { url.appending(path: "study.sqlite") }
  /// Present while the study is called off.
  var cancellationFile: URL { url.appending(path: "cancelled") }

  /// The folder of a run.
  public func directory(of run: RunKey) -> RunDirectory {
    RunDirectory(url.appending(path: run.description, directoryHint: .isDirectory))
  }

  // MARK: Study

  /// Reads the plan that the folder was made for.
  ///
  /// - Throws: ``StudyError/noStudy(path:)``, or what is wrong with the file.
  public func plan() throws -> StudyPlan {
    guard exists(studyFile) else { throw StudyError.noStudy(path: url.relativePath) }
    return keepingNames(try StudyPlan(contentsOf: studyFile))
  }

  /// A plan whose cells bear the names under which an earlier version of Truce ran them here.
  private func keepingNames(_ plan: StudyPlan) -> StudyPlan {
    let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
    return plan.keepingNames(among: Set(names ?? []))
  }

  /// Creates the folder for a plan, or takes over a changed plan of the same study.
  ///
  /// Cells are named by what they compute, so those that a change leaves alone keep their runs. The others stay in the
  /// folder, outside the study: see ``earlierRuns(than:)``.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - isForced: Whether runs may be left out of the study, and a folder may hold something else, whose files stay.
  /// - Returns: The plan as it is to be run here: a cell that an earlier version of Truce ran keeps its name.
  /// - Throws: ``StudyError/otherStudy(path:found:expected:)`` where another study lives here,
  ///   ``StudyError/changedStudy(path:left:differences:)`` where the plan leaves runs out,
  ///   ``StudyError/occupied(path:example:)`` where something else lives here, or `RunError`.
  @discardableResult
  public func prepare(_ plan: StudyPlan, replacing isForced: Bool = false) throws -> StudyPlan {
    if exists(studyFile), let old = try? self.plan() {
      guard old.file.name == plan.file.name else {
        throw StudyError.otherStudy(
          path: url.relativePath, found: old.file.name, expected: plan.file.name)
      }
      if old.text == plan.text { return old }
      let change = StudyChange(from: old, to: keepingNames(plan), in: self)
      guard isForced || change.left.isEmpty else {
        throw StudyError.changedStudy(
          path: url.relativePath, left: change.left.count, differences: change.differences)
      }
    } else if !isForced, let example = foreignFile(to: plan) {
      throw StudyError.occupied(path: url.relativePath, example: example)
    }
    try DurableFile.createFolder(url)
    try AtomicFile.write(plan.text, to: studyFile)
    return keepingNames(plan)
  }

  /// The name of a file in a folder that holds no study; nil where it is empty, or has nothing but runs of the plan, which
  /// were made elsewhere and copied here: they count.
  private func foreignFile(to plan: StudyPlan) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    let own = Set(keepingNames(plan).runs.map(\.cell) + [storeFile.lastPathComponent])
    return names.sorted().first { !WholeFile.isRemain($0) && !own.contains($0) }
  }

  /// Whether there is a folder for any of the plan's runs.
  var hasRuns: Bool {
    (try? plan())?.runs.contains { exists(directory(of: $0).url) } ?? false
  }

  // MARK: Cancelling

  /// Whether the study is called off.
  public var isCancelled: Bool { exists(cancellationFile) }

  /// Calls the study off: runners stop their workers after a checkpoint and start no more.
  public func cancel() throws(RunError) {
    try AtomicFile.write("", to: cancellationFile)
  }

  /// Takes a cancelled study up again.
  public func withdrawCancellation() throws(RunError) {
    guard isCancelled else { return }
    do { try FileManager.default.removeItem(at: cancellationFile) } catch {
      throw .unwritable(path: cancellationFile.relativePath, reason: "it cannot be removed")
    }
  }

  private func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }
}
