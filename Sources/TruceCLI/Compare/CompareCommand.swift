public import ArgumentParser
import Foundation
import TruceReport
import TruceRun
import TruceShell
import TruceStudy

/// `truce compare`: one table of several runs or of a file of results, with Δm and mean ranks, beside published ones where
/// wanted.
public struct CompareCommand: ParsableCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs, or results in a CSV file, in one table.",
    discussion: """
      Runs of one task are taken as the single-task baselines, several of one task as their mean: Δm is the mean \
      relative change of the others' metrics against them, in percent, and lower is better. A study's folder stands \
      for all its runs; what is no run is skipped. Runs of a study count as its file says under `report`, such as by the mean \
      of their last ten epochs, others by their last measurement; a note says which.

        truce compare runs/demo
        truce compare runs/cagrad runs/left runs/right

      A CSV file has a row for each method, its name first, and a column for each metric; 'mIoU:higher' and \
      'Abs Err:lower' say which way is better (so do arrows), 'depth/Abs Err' names the task, 'Mean (°)' a unit. A file of \
      columns method, metric and value, with direction and task where needed, does as well. Lines with a column seed are \
      averaged. A row called STL is the baseline.

        truce compare results.csv --format latex
        truce compare results.csv --baseline "my single-task nets"

      --published puts a paper's rows beside them, marked, in its units and with its source below. Metrics that do not match \
      are refused. `truce published` lists the tables.

        truce compare runs/nyuv2-segnet-mtan --published nyuv2-nash-mtl
        truce compare results.csv --published cityscapes-cagrad --baseline published --metrics "mIoU,Abs Err"
      """)

  @Argument(
    help: ArgumentHelp(
      "The folders of runs or studies, or one CSV file of results (- for standard input).", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Option(
    help: ArgumentHelp("Rows to put beside one's own: a table of `truce published`.", valueName: "table"),
    completion: PublishedCommand.completion)
  var published: String?

  @Option(
    help: ArgumentHelp(
      "The row that Δm is measured against; published for the paper's single-task networks. Without it, one's own "
        + "single-task results, else the paper's.", valueName: "row"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("The metrics to compare, separated by commas; all without it.", valueName: "names"))
  var metrics: String?

  @Option(help: "How to write it: text, markdown, latex or csv.")
  var format: TableFormat = .text

  @Flag(help: "List the published tables instead.")
  var listPublished = false

  /// Creates the command.
  public init() {}

  /// Prints the table.
  public func run() throws {
    if listPublished { return try PublishedCommand.printListing(as: format) }
    let table = try published.map { try PublishedTables.table(named: $0) }
    let files = paths.filter(ResultFile.isMeant)
    guard !paths.isEmpty || table != nil else {
      throw CommandFailure.usage(
        "nothing to compare",
        help: "name folders of runs, a study, or a CSV file; `truce compare --help` has examples")
    }
    guard files.isEmpty || paths.count == 1 else {
      throw CommandFailure.usage(
        "\(files[0]): results from a file stand alone",
        help: "put all rows into one CSV file, or name folders of runs only")
    }
    if let file = files.first {
      try compare(file, beside: table)
    } else if paths.isEmpty {
      try printTable(.checked(own: nil, published: table, baseline: baseline), notes: table?.notes ?? [])
    } else {
      try compareRuns(beside: table)
    }
  }

  /// The names that `--metrics` gives; nil where all metrics are compared.
  private var metricNames: [String]? {
    metrics?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func compare(_ file: String, beside table: PublishedTable?) throws {
    let (results, notes) = try ResultFile(file).results(beside: table, metrics: metricNames)
    let comparison = try ResultComparison.checked(own: results, published: table, baseline: baseline)
    printTable(comparison, notes: notes + (table?.notes ?? []))
  }

  private func printTable(_ comparison: ResultComparison, notes: [String]) {
    format.printTable(Table(comparison, isData: format == .csv), notes: comparison.notes + notes)
  }

  private func compareRuns(beside table: PublishedTable?) throws {
    let finder = RunFinder(in: paths)
    guard !finder.runs.isEmpty else {
      throw RunError.missing(path: paths.joined(separator: ", "), what: "run")
    }
    let records = try finder.runs.map { directory in try RunRecord(directory) }
    try TrialConditions.check(records)
    try table?.checkConditions(of: records)
    for path in finder.skipped { Output.note("skipped: no run in \(path)") }
    let comparison = RunComparison(records, metrics: metricNames, by: StudyRule(of: finder.runs))
    let results = try ResultComparison.checked(
      own: comparison.results, published: table, baseline: baseline)
    format.printTable(
      comparison.table(of: results, isData: format == .csv),
      notes: comparison.notes(on: results) + (table?.notes ?? []))
  }
}
