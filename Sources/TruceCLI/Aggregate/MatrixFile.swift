import Foundation
import TruceFiles
import TruceRun
import TruceShell

/// A file with numbers in rows: the gradients of the tasks.
enum MatrixFile {
  /// How a file holds its numbers, told by its ending.
  enum Format: String, CaseIterable {
    case npy, csv, json
  }

  /// The name by which a user means standard input.
  static let standardInput = "-"

  /// Returns the rows of a `.npy`, `.csv` or `.json` file, or of standard input; a one-dimensional array is one row.
  ///
  /// - Throws: ``CommandFailure`` that names the file and the place where rows differ in length, a text is no
  ///   number or a number is not finite.
  static func rows(at path: String) throws(CommandFailure) -> [[Double]] {
    let sheets = try sheets(at: path)
    guard sheets.count == 1 else {
      throw .badData("\(path): the array has 3 dimensions", help: "save a matrix with one row for each task")
    }
    return sheets[0]
  }

  /// Returns the matrices of a file: one, or those along the first axis of a `.npy` file with three.
  ///
  /// - Throws: ``CommandFailure``, as ``rows(at:)`` does.
  static func sheets(at path: String) throws(CommandFailure) -> [[[Double]]] {
    let given = path == standardInput ? nil : try format(of: path)
    let data = try InputFile.data(at: path)
    let sheets: [[[Double]]] =
      switch given ?? Self.format(of: data) {
      case .npy: try arrays(of: data, path: path)
      case .csv: [try csvRows(of: data, path: path)]
      case .json: [try jsonRows(of: data, path: path)]
      }
    guard !sheets.isEmpty else { throw noNumbers(path) }
    for sheet in sheets { try check(sheet, path: path) }
    return sheets
  }

  /// Returns how a file holds its numbers.
  ///
  /// - Throws: ``CommandFailure`` where the ending is none of the known ones.
  static func format(of path: String) throws(CommandFailure) -> Format {
    let ending = URL(filePath: path).pathExtension.lowercased()
    guard let format = Format(rawValue: ending) else {
      throw .usage(
        "\(path): '.\(ending)' is no known kind of matrix file", help: "use .npy, .csv or .json")
    }
    return format
  }

  /// How bytes without a name hold their numbers, told by how they begin.
  private static func format(of data: Data) -> Format {
    if data.first == 0x93 { return .npy }
    return data.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[") ? .json : .csv
  }

  private static func arrays(of data: Data, path: String) throws(CommandFailure) -> [[[Double]]] {
    let layout: NPYLayout
    let numbers: [Double]
    do throws(NPYFault) {
      layout = try NPYLayout(data)
      numbers = try layout.numbers(in: data)
    } catch {
      throw .badData("\(path): \(error)", help: error.help)
    }
    guard (1...3).contains(layout.shape.count) else {
      throw .badData(
        "\(path): the array has \(layout.shape.count) dimensions",
        help: "save a matrix with one row for each task")
    }
    guard !numbers.isEmpty else { throw noNumbers(path) }
    return NPYSheets(layout, numbers).sheets
  }

  private static func csvRows(of data: Data, path: String) throws(CommandFailure) -> [[Double]] {
    do throws(NumberTable.Fault) { return try NumberTable.rows(of: data) } catch {
      guard let field = error.field else {
        throw .badData("\(path): not a text file", help: "write numbers separated by commas")
      }
      throw .badData(
        "\(path): line \(error.line), column \(error.column): '\(shortened(field))' is not a number",
        help: "write numbers separated by commas; begin a header line with #")
    }
  }

  private static func shortened(_ field: String) -> String {
    field.count > 40 ? field.prefix(40) + "…" : field
  }

  private static func jsonRows(of data: Data, path: String) throws(CommandFailure) -> [[Double]] {
    let decoder = JSONDecoder()
    if let rows = try? decoder.decode([[Double]].self, from: data) { return rows }
    if let row = try? decoder.decode([Double].self, from: data) { return [row] }
    throw .badData(
      "\(path): not a JSON array of arrays of numbers",
      help: "write one array for each task: [[1, -2], [0.5, 3]]")
  }

  private static func noNumbers(_ path: String) -> CommandFailure {
    .badData("\(path): holds no numbers", help: "write one row for each task")
  }

  private static func check(_ rows: [[Double]], path: String) throws(CommandFailure) {
    guard let first = rows.first, !first.isEmpty else { throw noNumbers(path) }
    for (k, row) in rows.enumerated() {
      guard row.count == first.count else {
        throw .badData(
          "\(path): row \(k + 1) has \(Counted.text(row.count, "number")), row 1 has \(first.count)",
          help: "give every task's gradient the same length")
      }
      if let p = row.firstIndex(where: { !$0.isFinite }) {
        throw .badData(
          "\(path): row \(k + 1), column \(p + 1) is \(row[p])",
          help: "gradients must be finite: look for an overflow or a division by zero in task \(k)")
      }
    }
  }
}

/// The matrices of a NumPy array with numbers of one, two or three dimensions.
private struct NPYSheets {
  private let numbers: [Double]
  private let counts: (sheets: Int, rows: Int, columns: Int)
  private let strides: (sheet: Int, row: Int, column: Int)

  init(_ layout: NPYLayout, _ numbers: [Double]) {
    let shape = [Int](repeating: 1, count: 3 - layout.shape.count) + layout.shape
    self.numbers = numbers
    counts = (shape[0], shape[1], shape[2])
    strides =
      layout.isFortranOrder
      ? (1, counts.sheets, counts.sheets * counts.rows) : (counts.rows * counts.columns, counts.columns, 1)
  }

  var sheets: [[[Double]]] { (0..<counts.sheets).map(rows) }

  private func rows(of sheet: Int) -> [[Double]] {
    (0..<counts.rows).map { row in
      let start = sheet * strides.sheet + row * strides.row
      return strides.column == 1
        ? Array(numbers[start..<(start + counts.columns)])
        : (0..<counts.columns).map { numbers[start + $0 * strides.column] }
    }
  }
}
