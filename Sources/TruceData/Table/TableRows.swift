import Foundation
import Torch
import TruceFiles

/// The rows of a table, one after the other.
protocol TableRows: AnyObject {
  /// The file.
  var path: String { get }
  /// The columns' names, in order.
  var names: [String] { get }
  /// The line of the row, where rows have one.
  var line: Int? { get }

  /// Goes to the next row, which has as many fields as there are names; false after the last.
  func next() throws(FileFault) -> Bool
  /// A field's text; nil where it is not UTF-8.
  func text(_ column: Int) -> String?
  /// The finite number in a field; nil where there is none.
  func number(_ column: Int) -> Double?
  /// A fault at a field.
  func fault(at column: Int, _ reason: String, help: String) -> FileFault
}

extension TableRows {
  /// A field's text.
  ///
  /// - Throws: A fault where it is not UTF-8.
  func requiredText(_ column: Int) throws(FileFault) -> String {
    if let text = text(column) { return text }
    throw fault(at: column, "not UTF-8 text", help: "save the file as UTF-8")
  }
}

extension TableSpecification {
  /// Opens a file of the table.
  func rows(of path: String) throws(FileFault) -> any TableRows {
    if URL(filePath: path).pathExtension.lowercased() == "npy" { return try NPYRows(path, names: columns) }
    return try CSVRows(path, dialect: dialect, hasHeader: hasHeader, names: columns)
  }
}

/// The rows of a file of separated values.
final class CSVRows: TableRows {
  let names: [String]
  private let reader: CSVReader
  private var pending: FileFault?

  init(_ path: String, dialect: CSVDialect, hasHeader: Bool, names: [String]?) throws(FileFault) {
    reader = try CSVReader(FileInput(path), dialect: dialect)
    let header = hasHeader ? try Self.header(reader) : nil
    guard let known = names ?? header else {
      throw FileFault(
        path: path, reason: "the columns have no names",
        help: "list them under `columns`, or set `header: true` where the first line names them")
    }
    if let header, let names, header.count != names.count {
      throw FileFault(
        path: path, line: 1, reason: "the header has \(header.count) columns, `columns` lists \(names.count)",
        help: "leave `columns` out to take the names from the header")
    }
    self.names = known
  }

  private static func header(_ reader: CSVReader) throws(FileFault) -> [String] {
    guard try reader.next() else {
      throw FileFault(path: reader.path, reason: "the file is empty", help: "check the path")
    }
    var names: [String] = []
    for index in 0..<reader.count {
      guard let name = reader.text(index), !name.isEmpty else {
        throw reader.fault(at: index, "a column without a name", help: "name every column in the first line")
      }
      if names.contains(name) {
        throw reader.fault(
          at: index, "a second column named '\(name)'", help: "give each column its own name")
      }
      names.append(name)
    }
    return names
  }

  var path: String { reader.path }
  var line: Int? { reader.line }

  func next() throws(FileFault) -> Bool {
    guard try reader.next() else { return false }
    guard reader.count == names.count else {
      throw reader.fault(
        "\(reader.count) fields, where there are \(names.count) columns",
        help: "look for a delimiter too many or too few, and put fields that hold one in quotes")
    }
    return true
  }

  func text(_ column: Int) -> String? { reader.text(column) }
  func number(_ column: Int) -> Double? { reader.number(column) }

  func fault(at column: Int, _ reason: String, help: String) -> FileFault {
    reader.fault(at: column, "column '\(names[column])': \(reason)", help: help)
  }
}

/// The rows of a matrix in NumPy's format; a value that is not a number stands for a missing one.
final class NPYRows: TableRows {
  let path: String
  let names: [String]
  let line: Int? = nil
  private let values: [Double]
  private var row = -1

  init(_ path: String, names: [String]?) throws(FileFault) {
    let tensor: Tensor
    do throws(TensorFileError) {
      tensor = try NPY.read(URL(filePath: path))
    } catch {
      throw FileFault(
        kind: error.kind == .missing ? .missing : .content, path: path, reason: error.reason, help: error.help
      )
    }
    guard tensor.rank == 2 else {
      throw FileFault(
        path: path, reason: "an array of shape \(tensor.shape), expected rows and columns",
        help: "save a matrix with a row for each example")
    }
    let count = tensor.shape[1]
    self.names = names ?? (0..<count).map(String.init)
    guard self.names.count == count else {
      throw FileFault(
        path: path, reason: "the array has \(count) columns, `columns` lists \(self.names.count)",
        help: "list a name for each column, or leave `columns` out to call them 0, 1, …")
    }
    self.path = path
    values = tensor.toArray(as: Double.self)
  }

  func next() -> Bool {
    row += 1
    return (row + 1) * names.count <= values.count && !names.isEmpty
  }

  private func value(_ column: Int) -> Double { values[row * names.count + column] }

  func text(_ column: Int) -> String? {
    let value = value(column)
    guard !value.isNaN else { return "" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  func number(_ column: Int) -> Double? {
    let value = value(column)
    return value.isFinite ? value : nil
  }

  func fault(at column: Int, _ reason: String, help: String) -> FileFault {
    FileFault(path: path, reason: "row \(row), column '\(names[column])': \(reason)", help: help)
  }
}
