public import Foundation
public import TruceStudy

extension StudyReport {
  /// Draws the report of a study from its index alone: no folder of a run is read.
  ///
  /// - Parameters:
  ///   - store: The index.
  ///   - folder: The study's folder, which the records name.
  ///   - date: The time that the page shows.
  /// - Throws: `StudyError.store(path:reason:)`.
  public init(of store: StudyStore, in folder: StudyFolder, date: Date) throws(StudyError) {
    let study = try store.study()
    let records = try store.records(in: folder)
    self.init(
      records: records, study: try StudyDescription(of: store), rule: study.rule, split: study.split,
      toys: ToyPanel.panels(of: records),
      published: PublishedTables.all.first { $0.name == study.published },
      additions: EarlierTable.sections(of: try store.earlierRuns()),
      date: date)
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
