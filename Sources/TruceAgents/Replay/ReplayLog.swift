import CZlib
import Foundation
import TruceRun

/// The rows of a replay memory in a file that is only ever appended to.
///
///     file      'TRUCERPL', version, tasks, numbers of an observation, numbers of an action
///     block     rows, number of the first row (64 bits), sum of the rows' bytes, sum of all blocks up to this one
///     rows      as `ReplayMemory` has them
///
/// All numbers are little-endian, of 32 bits where not said otherwise; a sum is a CRC-32. Each save adds a block with
/// the rows that are new. What a checkpoint needs is a ``Extent``: how far the file goes, and the sum up to there. What
/// lies beyond was written for a later checkpoint, and is cut off when something is written in its place.
struct ReplayLog {
  /// How far the file goes for a checkpoint.
  struct Extent: Codable, Equatable, Sendable {
    /// The bytes.
    var bytes = 0
    /// The rows, from the beginning of the run.
    var rows = 0
    /// The sum of all blocks.
    var sum: UInt32 = 0
  }

  /// The file.
  let file: URL
  /// How far the file goes for the next checkpoint.
  private(set) var extent = Extent()

  /// Names the file in a folder; nothing is read or written yet.
  init(in folder: URL) {
    file = folder.appending(path: "replay.bin")
  }

  // MARK: Writing

  /// Adds the rows that are complete and not in the file yet, and forces them to the disk.
  ///
  /// - Throws: `RunError`; the file then holds what it held, and perhaps more bytes behind it.
  mutating func save(_ memory: ReplayMemory) throws(RunError) {
    let rows = max(extent.rows, memory.rows.lowerBound)..<max(extent.rows, memory.rowCount - 1)
    guard extent.bytes == 0 || !rows.isEmpty else { return }
    try DurableFile.createFolder(file.deletingLastPathComponent())
    let output = extent.bytes == 0 ? try DurableFile(creating: file) : try DurableFile(appendingTo: file)
    if extent.bytes > 0 { try output.truncate(to: extent.bytes) }
    var next = extent
    var data = Data(extent.bytes == 0 ? Self.header(memory.shape) : [])
    data.append(contentsOf: Self.block(memory.bytes(of: rows), rows, &next))
    try output.append(data)
    try output.synchronize()
    next.bytes += data.count
    extent = next
  }

  /// Goes on from where a checkpoint left the file.
  mutating func resume(at extent: Extent) { self.extent = extent }

  private static func block(_ bytes: [UInt8], _ rows: Range<Int>, _ extent: inout Extent) -> [UInt8] {
    var head = encoded(UInt32(rows.count)) + encoded(UInt64(rows.lowerBound)) + encoded(checksum(bytes))
    extent.sum = checksum(head, after: extent.sum)
    extent.rows = rows.upperBound
    head += encoded(extent.sum)
    return head + bytes
  }

  // MARK: Reading

  /// Puts the rows that a checkpoint needs into a memory.
  ///
  /// - Parameters:
  ///   - extent: How far the checkpoint's file goes.
  ///   - memory: What takes the rows; it has room for the last of them.
  /// - Throws: `RunError` where the file is missing, too short, another run's or not as it was written.
  func load(_ extent: Extent, into memory: ReplayMemory) throws(RunError) {
    let input = try ReplayFile(file)
    guard try input.read(Self.headerBytes, at: 0) == Self.header(memory.shape) else {
      throw input.damaged("is not the replay of a run with these tasks, observations and actions")
    }
    let blocks = try blocks(of: input, upTo: extent, rowBytes: memory.shape.rowBytes)
    let first = max(0, extent.rows + 1 - memory.capacity)
    memory.restart(at: first)
    for block in blocks where block.rows.upperBound > first { try append(block, input, first, memory) }
    guard memory.rowCount == extent.rows else {
      throw input.damaged("lacks rows between \(memory.rowCount) and \(extent.rows)")
    }
  }

  private struct Block {
    let rows: Range<Int>
    let sum: UInt32
    let place: Int
  }

  private func blocks(of input: ReplayFile, upTo extent: Extent, rowBytes: Int) throws(RunError) -> [Block] {
    var (blocks, place, sum): ([Block], Int, UInt32) = ([], Self.headerBytes, 0)
    while place < extent.bytes {
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
    guard place == extent.bytes, sum == extent.sum else {
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
