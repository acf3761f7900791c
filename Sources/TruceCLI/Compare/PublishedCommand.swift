public import ArgumentParser
import TruceOptions
import TruceReport
import TruceShell
import TruceStudy

/// `truce published`: lists the tables of papers that Truce ships, or shows one.
public struct PublishedCommand: ParsableCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "published", abstract: "List the papers' tables of results, or show one.",
    discussion: """
      A table has its single-task row, the methods' rows and their source. Δm and mean rank are computed from the printed \
      metrics and stand beside what the paper prints; where the two disagree by more than rounding, a note says so.

        truce published
        truce published nyuv2-nash-mtl
        truce published qm9-nash-mtl --format latex
        truce compare runs/nyuv2 --published nyuv2-cagrad
      """)

  /// The names of the tables, for shells that complete what is typed.
  static let completion = CompletionKind.list(PublishedTables.all.map(\.name))

  @Argument(help: "The table to show.", completion: Self.completion)
  var name: String?

  @Option(help: "How to write it: text, markdown, latex or csv.")
  var format: TableFormat = .text

  /// Creates the command.
  public init() {}

  /// Prints the list or the table.
  public func run() throws {
    guard let name else { return try Self.printListing(as: format) }
    let table = try PublishedTables.table(named: name)
    let comparison = try ResultComparison.checked(own: nil, published: table)
    format.printTable(
      Table(comparison, isData: format == .csv), notes: table.notes + table.doubts)
  }

  /// Prints what tables there are.
  static func printListing(as format: TableFormat) throws {
    print(format.text(of: try Table.listing(of: PublishedTables.all)), terminator: "")
  }
}

extension PublishedTable {
  /// Notes on printed numbers that do not follow from the printed metrics.
  var doubts: [String] {
    guard !remarks.isEmpty else { return [] }
    let texts = remarks.map { "\($0.column == .deltaM ? "Δm" : "mean rank") of \($0.row) (\($0.text))" }
    return ["Not as the printed metrics give it: \(texts.joined(separator: ", "))."]
  }
}
