public import Foundation
import TruceRun
public import TruceStudy

extension StudyReport {
  /// Draws the report of a study from its index alone: no folder of a run is read.
  ///
  /// - Parameters:
  ///   - store: The index.
  ///   - folder: The study's folder, which the records name.
  ///   - date: The time that the page shows.
  /// - Throws: `StudyError.store(path:reason:)`, or `StudyError.mixedConditions(_:_:)` where agents were tried under conditions
  ///   that must not stand in one table.
  public init(of store: StudyStore, in folder: StudyFolder, date: Date) throws(StudyError) {
    let study = try store.study()
    let records = try store.records(in: folder)
    let description = try StudyDescription(of: store)
    let earlier = EarlierTable.sections(of: try store.earlierRuns())
    do throws(RunError) {
      try self.init(
        records: records, study: description, rule: study.rule, split: study.split,
        toys: ToyPanel.panels(of: records),
        published: PublishedTables.all.first { $0.name == study.published },
        references: try ReferenceAnswers.read(in: folder.url), additions: earlier, date: date)
    } catch .mixedConditions(let mixed) {
      throw .mixedConditions(nil, mixed)
    } catch {
      throw .store(path: folder.url.relativePath, reason: error.description)
    }
  }
}

extension StudyDescription {
  /// What the study file says, and the command lines that repeat the study from it.
  init(of store: StudyStore) throws(StudyError) {
    let study = try store.study()
    self.init(
      name: study.name, question: study.question, notes: study.notes,
      commands: [
        "# the study file below, as \(study.name).yaml",
        "truce study run \(study.name).yaml",
        "truce study report runs/\(study.name)",
      ],
      file: try store.fileText(), plannedRuns: try store.runs().count, tags: study.tags)
  }
}
