import Foundation
import TruceFiles
import TruceRun
import TruceShell
import TruceStudy

/// A file of results that a user wrote.
struct ResultFile {
  private let path: String

  /// The file, or standard input for `-`.
  init(_ path: String) { self.path = path }

  /// Whether a path means a file of results rather than a run.
  static func isMeant(by path: String) -> Bool {
    path == "-" || [".csv", ".tsv"].contains { path.lowercased().hasSuffix($0) }
  }

  /// Reads the results, and says from where directions were taken that the file does not give.
  ///
  /// - Throws: ``CommandFailure`` that names file, line and fix.
  func results(beside published: PublishedTable?, metrics: [String]?) throws -> (ResultTable, notes: [String])
  {
    let data = try InputFile.data(at: path)
    let name = path == "-" ? "standard input" : path
    do throws(FileFault) {
      if let published, !published.metrics.isEmpty {
        let reader = ResultReader(path: name, known: published.metrics, of: published.name, wanted: metrics)
        return (try reader.table(of: data), [])
      }
      let names = try ResultReader(path: name, wanted: metrics).metricNames(in: data)
      let table = Self.alike(to: names)
      let reader = ResultReader(path: name, known: table?.metrics ?? [], wanted: metrics)
      let results = try reader.table(of: data)
      return (results, table.map { ["Metrics are taken as those of \($0.name), by their names."] } ?? [])
    } catch {
      throw CommandFailure(fault: error)
    }
  }

  /// The published table that has all metrics of these names, and the fewest others; nil where there is none, or one name alone, such as `U`,
  /// which is no evidence.
  private static func alike(to names: [String]) -> PublishedTable? {
    guard names.count > 1 else { return nil }
    let fitting = PublishedTables.all.filter { table in
      names.allSatisfy { name in table.metrics.contains { $0.isCalled(name) } }
    }
    return fitting.min { $0.metrics.count < $1.metrics.count }
  }
}

extension CommandFailure {
  /// The failure of a command whose input has a fault.
  init(fault: FileFault) {
    let status: ExitStatus =
      switch fault.kind {
      case .missing: .missingInput
      case .unreadable: .inputOutput
      case .content: .badData
      }
    self.init(fault.description, help: fault.help, exitStatus: status)
  }
}

extension ResultComparison {
  /// Lays results side by side for a command.
  ///
  /// - Throws: ``CommandFailure`` that says what does not match.
  static func checked(
    own: ResultTable?, published: PublishedTable?, baseline: String? = nil
  ) throws -> ResultComparison {
    do {
      return try ResultComparison(own: own, published: published, baseline: baseline)
    } catch let fault as ResultFault {
      throw CommandFailure(fault.description, help: fault.help, exitStatus: fault.exitStatus)
    }
  }
}
