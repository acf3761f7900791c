public import TruceRun

/// What can go wrong when a report is written.
public enum ReportError: Error, Equatable, Sendable {
  /// The plotting library is in none of the places where it was looked for.
  case missingPlotly(searched: [String])
  /// The folder holds something that is not a report.
  case occupied(path: String)
  /// A file cannot be read or written.
  case file(RunError)
}

extension ReportError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .missingPlotly(let searched):
      "plotly.min.js is not there: looked for \(searched.joined(separator: ", "))"
    case .occupied(let path): "\(path): holds files that are not a report"
    case .file(let error): error.description
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .missingPlotly:
      "run `Scripts/setup plotly` in the source folder, or name a copy with TRUCE_PLOTLY=<file>"
    case .occupied: "choose another folder, or give --force to write among them"
    case .file(let error): error.help
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .missingPlotly: .missingInput
    case .occupied: .usage
    case .file(let error): error.exitStatus
    }
  }
}
