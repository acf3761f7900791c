import CZlib
import Foundation
import TruceRun

/// The rows of a replay memory in files that are only ever appended to.
///
///     file      'TRUCERPL', version, tasks, numbers of an observation, numbers of an action
///     block     rows, number of the first row (64 bits), sum of the rows' bytes, sum of the file's blocks up to this one
///     rows      as `ReplayMemory` has them
///
/// All numbers are little-endian, of 32 bits where not said otherwise; a sum is a CRC-32. Each save adds a block with
/// the rows that are new. A file with a quarter of the rows that the memory holds is full, and the next save begins
/// another. What a checkpoint needs is an ``Extent``: which files, how far each goes, and the sum up to there. What lies
/// beyond was written for a later checkpoint, and is cut off when something is written in its place. Files that no
/// checkpoint needs any more are removed whole, so that the log is about as large as the memory, however long the run.
struct ReplayLog {
  /// What of the log the next checkpoint needs.
  private(set) var extent = Extent()
  private let folder: URL

  /// Names the folder; nothing is read or written yet.
  init(in folder: URL) {
    self.folder = folder
  }

  /// The file that is appended to.
  var file: URL { url(of: extent.segments.last ?? Segment()) }

  private func url(of segment: Segment) -> URL { folder.appending(path: segment.name) }

  // MARK: Writing

  /// Adds the rows that are complete and not in the log yet, and forces them to the disk.
  ///
  /// - Throws: `RunError`; the log then holds what it held, and perhaps more bytes behind it.
  mutating func save(_ memory: ReplayMemory) throws(RunError) {
    let rows = max(extent.rows, memory.rows.lowerBound)..<max(extent.rows, memory.rowCount - 1)
    guard extent.segments.isEmpty || !rows.isEmpty else { return }
    try DurableFile.createFolder(folder)
    let isNew = extent.segments.last.map { $0.rows - $0.first >= max(memory.capacity / 4, 1) } ?? true
    let begun = Segment(first: extent.segments.isEmpty ? 0 : rows.lowerBound)
    var segment = isNew ? begun : extent.segments.last ?? begun
    try write(rows, of: memory, to: &segment)
    if isNew { DurableFile.synchronizeFolder(folder) }
    let needed = Self.firstRow(segment.rows, memory)
    extent.segments = extent.segments.dropLast(isNew ? 0 : 1).filter { $0.rows > needed } + [segment]
  }

  private func write(_ rows: Range<Int>, of memory: ReplayMemory, to segment: inout Segment) throws(RunError)
  {
    let isNew = segment.bytes == 0
    let output =
      try isNew ? DurableFile(creating: url(of: segment)) : DurableFile(appendingTo: url(of: segment))
    if !isNew { try output.truncate(to: segment.bytes) }
    var data = Data(isNew ? Self.header(memory.shape) : [])
    data.append(contentsOf: Self.block(memory.bytes(of: rows), rows, &segment))
    try output.append(data)
    try output.synchronize()
    segment.bytes += data.count
  }

  /// Goes on from where a checkpoint left the log.
  mutating func resume(at extent: Extent) { self.extent = extent }

  /// The first row that a memory still holds when so many are complete.
  private static func firstRow(_ rows: Int, _ memory: ReplayMemory) -> Int {
    max(0, rows + 1 - memory.capacity)
  }

  private static func block(_ bytes: [UInt8], _ rows: Range<Int>, _ segment: inout Segment) -> [UInt8] {
    var head = encoded(UInt32(rows.count)) + encoded(UInt64(rows.lowerBound)) + encoded(checksum(bytes))
    segment.sum = checksum(head, after: segment.sum)
    segment.rows = rows.upperBound
    head += encoded(segment.sum)
    return head + bytes
  }

  // MARK: Reading

  /// Puts the rows that a checkpoint needs into a memory.
  ///
  /// - Parameters:
  ///   - extent: What of the log the checkpoint needs.
  ///   - memory: What takes the rows; it has room for the last of them.
  /// - Throws: `RunError` where a file is missing, too short, another run's or not as it was written.
  func load(_ extent: Extent, into memory: ReplayMemory) throws(RunError) {
    let first = Self.firstRow(extent.rows, memory)
    memory.restart(at: first)
    for segment in extent.segments where segment.rows > first || segment == extent.segments.last {
      let input = try ReplayFile(url(of: segment))
      guard try input.read(Self.headerBytes, at: 0) == Self.header(memory.shape) else {
        throw input.damaged("is not the replay of a run with these tasks, observations and actions")
      }
      for block in try blocks(of: input, upTo: segment, rowBytes: memory.shape.rowBytes)
      where block.rows.upperBound > first {
        try append(block, input, first, memory)
      }
    }
    guard memory.rowCount == extent.rows else {
      throw RunError.damaged(
        path: file.relativePath, line: nil,
        reason: "lacks rows between \(memory.rowCount) and \(extent.rows)")
    }
  }

  private struct Block {
    let rows: Range<Int>
    let sum: UInt32
    let place: Int
  }

  private func blocks(of input: ReplayFile, upTo segment: Segment, rowBytes: Int) throws(RunError) -> [Block]
  {
    var (blocks, place, sum): ([Block], Int, UInt32) = ([], Self.headerBytes, 0)
    while place < segment.bytes {
      let head = try input.read(Self.blockBytes, at: place)
      sum = Self.checksum(head.dropLast(4), after: sum)
      guard Self.decoded(head[16...]) == UInt64(sum) else {
        throw input.damaged("is not as it was written: the block at byte \(place) has another checksum")
      }
      let (count, first) = (Int(Self.decoded(head[..<4])), Int(Self.decoded(head[4..<12])))
      blocks.append(
        Block(
          rows: first..<(first + count), sum: UInt32(Self.decoded(head[12..<16])),
          place: place + Self.blockBytes))
      place += Self.blockBytes + count * rowBytes
    }
    guard place == segment.bytes, sum == segment.sum else {
      throw input.damaged("is not the file that the checkpoint was written with")
    }
    return blocks
  }

  private func append(
    _ block: Block, _ input: ReplayFile, _ first: Int, _ memory: ReplayMemory
  ) throws(RunError) {
    let rowBytes = memory.shape.rowBytes
    let bytes = try input.read(block.rows.count * rowBytes, at: block.place)
    guard Self.checksum(bytes) == block.sum else {
      throw input.damaged(
        "is not as it was written: rows \(block.rows.lowerBound) and on have another checksum")
    }
    guard max(block.rows.lowerBound, first) == memory.rowCount else {
      throw input.damaged("lacks rows between \(memory.rowCount) and \(block.rows.lowerBound)")
    }
    bytes.withUnsafeBytes { bytes in
      for row in max(block.rows.lowerBound, first)..<block.rows.upperBound {
        let start = (row - block.rows.lowerBound) * rowBytes
        memory.append(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + rowBytes)]))
      }
    }
  }
}

// MARK: Files

extension ReplayLog {
  /// Removes files that neither the next checkpoint nor others need; what cannot be removed now is removed next time.
  ///
  /// A process killed on the way leaves whole files.
  ///
  /// - Parameter kept: What the checkpoints that there are need; asked only where there are other files than the next
  ///   one's. Where it throws, nothing is removed.
  func removeFiles(besides kept: () throws -> [Extent]) rethrows {
    let spare = names.subtracting(extent.segments.map(\.name))
    guard !spare.isEmpty else { return }
    for name in try spare.subtracting(kept().flatMap { $0.segments.map(\.name) }) {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }

  /// The files that bear a name of the log's.
  private var names: Set<String> {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return Set(all.filter { $0.hasPrefix("replay") && $0.hasSuffix(".bin") })
  }
}

// MARK: Bytes

extension ReplayLog {
  private static let headerBytes = 24
  private static let blockBytes = 20

  private static func header(_ shape: ReplayMemory.Shape) -> [UInt8] {
    let sizes = [1, shape.taskCount, shape.observationSize, shape.actionSize]
    return Array("TRUCERPL".utf8) + sizes.flatMap { encoded(UInt32($0)) }
  }

  private static func encoded(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The CRC-32 of bytes, going on from that of the bytes before.
  private static func checksum(_ bytes: some Sequence<UInt8>, after sum: UInt32 = 0) -> UInt32 {
    let bytes = Array(bytes)
    return bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: crc32_z(uLong(sum), buffer.baseAddress, buffer.count))
    }
  }
}

/// A file of which parts are read.
private struct ReplayFile {
  private let handle: FileHandle
  private let path: String

  init(_ file: URL) throws(RunError) {
    path = file.relativePath
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw .missing(path: path, what: "replay")
    }
    do { handle = try FileHandle(forReadingFrom: file) } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// So many bytes from a place.
  ///
  /// - Throws: `RunError.damaged` where the file ends before.
  func read(_ count: Int, at place: Int) throws(RunError) -> [UInt8] {
    var data = Data()
    do {
      try handle.seek(toOffset: UInt64(place))
      data = try handle.read(upToCount: count) ?? Data()
    } catch { throw .unreadable(path: path, reason: error.localizedDescription) }
    guard data.count == count else {
      throw damaged("ends at byte \(place + data.count), before what the checkpoint needs")
    }
    return [UInt8](data)
  }

  func damaged(_ reason: String) -> RunError { .damaged(path: path, line: nil, reason: reason) }
}
