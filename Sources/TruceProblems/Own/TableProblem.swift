import TruceData
import TruceOptions
import TruceTasks

/// A table of one's own, as a YAML file describes it.
struct TableProblem {
  static let file = Parameter<String>(
    "file", default: nil, rule: "a path", "The YAML file that says what the columns mean."
  ) { !$0.isEmpty }

  static let about = ProblemDescription(
    name: "table", summary: "a table of your own, from CSV or NPY files and a YAML file about their columns",
    parameters: [file.description], source: "Documentation/own-data.md", tasks: nil,
    network: NetworkChoice(trunk: "mlp"))

  /// Reads the table.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let path = try options.value(of: file)
    let table = try TableData(contentsOf: path)
    let tasks = try request.chosen(among: table.encoding.problemTasks(of: path))
    var data = try ProblemData(table.splits, for: request)
    data.encoding = table.encoding
    return PlainProblem(tasks: tasks, data: data)
  }
}

extension ProblemEntry {
  /// The line of tables.
  static let table = ProblemEntry(about: TableProblem.about, make: TableProblem.make)
}
