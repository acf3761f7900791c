import Foundation

/// The growing file of a run's parameter updates: after every n-th step, how far each parameter moved in it.
///
/// `updates.bin` begins with a line of JSON that names the parts of the network and their sizes; then each recorded
/// step adds one 64-bit little-endian number for each parameter, part after part.
public final class UpdateLog: Sendable {
  private let file: DurableFile
  private let layout: UpdateLayout

  /// Starts a log, or continues one.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - layout: The parts and the interval.
  ///   - step: The step of the checkpoint from which the run continues, after which rows are dropped; nil to start
  ///     anew.
  /// - Throws: ``RunError/damaged(path:line:reason:)`` where the old log does not reach to that step or is of
  ///   another network, or a file error.
  public init(in directory: RunDirectory, layout: UpdateLayout, resumingAt step: Int? = nil) throws(RunError)
  {
    self.layout = layout
    let header = RecordCoding.line(layout)
    guard let step else {
      file = try DurableFile(creating: directory.updatesFile)
      try file.append(header)
      return
    }
    let (rows, overflows) = (step / layout.interval).multipliedReportingOverflow(by: layout.rowSize)
    let kept = overflows ? .max : header.count + min(rows, .max - header.count)
    try Self.check(directory.updatesFile, header: header, kept: kept)
    file = try DurableFile(appendingTo: directory.updatesFile)
    try file.truncate(to: kept)
  }

  private static func check(_ url: URL, header: Data, kept: Int) throws(RunError) {
    guard let data = try? Data(contentsOf: url, options: .mappedIfSafe), data.starts(with: header) else {
      throw .damaged(path: url.relativePath, line: 1, reason: "not a record of this network's updates")
    }
    guard data.count >= kept else {
      throw .damaged(path: url.relativePath, line: nil, reason: "it ends before the checkpoint")
    }
  }

  /// Adds the updates of one step.
  ///
  /// - Parameter update: The values of all parts, one after the other.
  /// - Throws: ``RunError`` where they cannot be written.
  public func append(_ update: [Double]) throws(RunError) {
    precondition(update.count == layout.parameterCount, "a value for each parameter")
    let row = update.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    try file.appendInPlace(row)
  }
}

/// What the rows of an ``UpdateLog`` hold.
public struct UpdateLayout: Codable, Equatable, Sendable {
  /// A part of the network that is looked at by itself.
  public struct Part: Codable, Equatable, Sendable {
    /// The task whose head it is; nil for the shared parameters.
    public var task: String?
    /// The number of parameters.
    public var count: Int

    /// Creates a part.
    public init(task: String?, count: Int) {
      self.task = task
      self.count = count
    }
  }

  /// The parts, in the order of their values.
  public var parts: [Part]
  /// Steps between two rows.
  public var interval: Int

  /// Creates a layout.
  public init(parts: [Part], interval: Int) {
    self.parts = parts
    self.interval = interval
  }

  /// The number of values of a row.
  public var parameterCount: Int { parts.reduce(0) { $0 + $1.count } }
  /// The bytes of a row.
  var rowSize: Int { parameterCount * MemoryLayout<Double>.size }
}

/// The parameter updates of a run, as its folder holds them.
public struct UpdateRecord: Sendable {
  /// The parts and the interval.
  public let layout: UpdateLayout
  private let rows: Data

  /// Reads the updates of a run; nil where none were recorded.
  ///
  /// A torn last row, left by a killed process, is passed over.
  ///
  /// - Throws: ``RunError/damaged(path:line:reason:)`` where the file is not such a record.
  public init?(of directory: RunDirectory) throws(RunError) {
    let url = directory.updatesFile
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    guard let data = try? Data(contentsOf: url, options: .mappedIfSafe),
      let end = data.firstIndex(of: UInt8(ascii: "\n")),
      let layout = RecordCoding.decode(UpdateLayout.self, from: data[..<end]), layout.interval > 0,
      layout.parts.allSatisfy({ $0.count >= 0 }), layout.parameterCount > 0
    else { throw .damaged(path: url.relativePath, line: 1, reason: "not a record of updates") }
    self.layout = layout
    rows = data[(end + 1)...]
  }

  /// The number of recorded steps.
  public var count: Int { rows.count / layout.rowSize }

  /// The step, counted from 1, whose update a row is.
  public func step(ofRow row: Int) -> Int { (row + 1) * layout.interval }

  /// The update of one part in a recorded step.
  ///
  /// - Complexity: O(the part's parameters).
  public func update(ofPart part: Int, row: Int) -> [Double] {
    let before = layout.parts[..<part].reduce(0) { $0 + $1.count }
    let size = MemoryLayout<Double>.size
    let start = row * layout.rowSize + before * size
    return rows.withUnsafeBytes { bytes in
      (0..<layout.parts[part].count).map { index in
        let pattern = bytes.loadUnaligned(fromByteOffset: start + index * size, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: pattern))
      }
    }
  }
}
