public import Foundation
public import TruceRun
public import TruceStudy

/// The report of a study: one folder with a page, its figures and its data, made from the records of runs alone.
///
///     index.html  plotly.min.js  data/<table>.{md,tex,csv,json}  data/<figure>.{svg,csv,json}
///
/// The page works from `file://`, asks for nothing outside its folder, and shows the same content without a script as
/// static drawings.
public struct StudyReport: Sendable {
  /// What the study says about itself.
  public let study: StudyDescription
  /// The sections of evidence, one for each problem of the study.
  public let problems: [ProblemReport]
  /// Sections that other analyses add.
  public let additions: [ReportSection]
  /// The time that the page shows.
  public let date: Date

  /// Draws the report.
  ///
  /// - Parameters:
  ///   - records: The runs.
  ///   - study: What the study says about itself.
  ///   - rule: Which measurement of a run counts.
  ///   - split: The split that is reported; nil for `test`, or the only one that was measured.
  ///   - selectionSplit: The split on which choices are made; nil for `validation` where it was measured.
  ///   - toys: Surfaces with trajectories, shown with the first problem.
  ///   - predictions: Pictures of predictions, shown with the first problem.
  ///   - published: The published table whose rows stand beside the study's; nil for none.
  ///   - references: What answers that ignore the input reach; nil where nobody measured that.
  ///   - additions: Sections that other analyses add.
  ///   - date: The time that the page shows.
  /// - Throws: `RunError.mixedConditions(_:)` where agents were tried under conditions that must not stand in one table.
  public init(
    records: [RunRecord], study: StudyDescription, rule: ReportingRule = .last, split: String? = nil,
    selectionSplit: String? = nil, toys: [ToyPanel] = [], predictions: [PredictionGrid] = [],
    published: PublishedTable? = nil, references: ReferenceAnswers? = nil, additions: [ReportSection] = [],
    date: Date
  ) throws(RunError) {
    try TrialConditions.check(records)
    self.study = study
    self.date = date
    self.additions = additions
    let names = StudyResults.problems(in: records)
    problems = names.enumerated().map { index, problem in
      let results = StudyResults(
        records, problem: problem, rule: rule, split: split, selectionSplit: selectionSplit)
      let material = ReportMaterial(
        results: results, toys: index == 0 ? toys : [], predictions: index == 0 ? predictions : [],
        published: published, references: references)
      return ProblemReport(
        material, prefix: names.count > 1 ? "problem-\(index + 1)-" : "",
        plannedRuns: names.count > 1 ? nil : study.plannedRuns)
    }
  }

  /// All tables.
  public var tables: [Table] { problems.flatMap(\.tables) + additions.flatMap(\.tables) }

  /// All figures.
  public var figures: [Figure] { problems.flatMap(\.figures) + additions.flatMap(\.figures) }

  /// The name of the page.
  static let page = "index.html"

  /// The files of the report beside the plotting library, by path within its folder.
  public var files: [String: String] {
    var files = dataFiles
    files[Self.page] = Page(self).html.text
    return files
  }

  /// The files to which the page links.
  var dataFiles: [String: String] {
    var files: [String: String] = [:]
    for (name, text) in tables.flatMap(\.files) + figures.flatMap(\.files) { files["data/\(name)"] = text }
    return files
  }

  /// The tables with a name, one for each problem that has it.
  public func tables(named name: String) -> [Table] {
    problems.flatMap { problem in problem.tables.filter { $0.id == problem.prefix + name } }
      + additions.flatMap(\.tables).filter { $0.id == name }
  }
}

/// The figures and tables of one problem.
public struct ProblemReport: Sendable {
  /// The scored runs.
  public let results: StudyResults
  /// The tables.
  public let tables: [Table]
  /// The figures.
  public let figures: [Figure]
  /// Sentences about figures and tables that are not there.
  public let absences: [String]
  /// The sentences of the answer.
  let findings: [Finding]
  /// What a reader must hold against the numbers.
  let caveats: [String]
  /// What sets the names of this problem's files apart from another's.
  let prefix: String

  init(_ material: ReportMaterial, prefix: String, plannedRuns: Int?) {
    var absences: [String] = []
    func collected<Item>(_ make: () throws(Absence) -> [Item]) -> [Item] {
      do throws(Absence) { return try make() } catch {
        if let reason = error.reason { absences.append(reason) }
        return []
      }
    }
    var figures: [Figure] = []
    for kind in FigureKinds.all {
      figures += collected { () throws(Absence) in try kind.figures(of: material) }
    }
    var tables: [Table] = []
    for kind in TableKinds.all {
      tables += collected { () throws(Absence) in try kind.tables(of: material) }
    }
    self.results = material.results
    self.prefix = prefix
    self.absences = absences
    self.figures = figures.map { $0.prefixed(prefix) }
    self.tables = tables.map { $0.telling(material.trialWords).prefixed(prefix) }
    findings = Findings(material).all
    caveats = Caveats(material.results, plannedRuns: plannedRuns).all
  }
}

/// A section that another analysis adds to the evidence.
public struct ReportSection: Sendable {
  /// The heading.
  public var title: String
  /// What it says, one text a paragraph.
  public var paragraphs: [String]
  /// Its figures.
  public var figures: [Figure]
  /// Its tables.
  public var tables: [Table]

  /// Creates a section.
  public init(_ title: String, paragraphs: [String] = [], figures: [Figure] = [], tables: [Table] = []) {
    self.title = title
    self.paragraphs = paragraphs
    self.figures = figures
    self.tables = tables
  }
}

extension Figure {
  fileprivate func prefixed(_ prefix: String) -> Figure {
    var figure = self
    figure.id = prefix + id
    return figure
  }
}

extension Table {
  /// The table with sentences at the end of its caption, each unless what it tells stands there already.
  fileprivate func telling(_ sentences: [TrialSentence]) -> Table {
    var table = self
    table.caption = sentences.reduce(caption) { caption, sentence in
      caption.contains(sentence.fact)
        ? caption : [caption, sentence.text].filter { !$0.isEmpty }.joined(separator: " ")
    }
    return table
  }

  fileprivate func prefixed(_ prefix: String) -> Table {
    var table = self
    table.id = prefix + id
    return table
  }
}
