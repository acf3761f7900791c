import Foundation
import TruceFiles

/// The lines of a text file, without the spaces around them.
struct TextLines {
  let lines: [Substring]

  /// Reads a file, whichever way its lines end.
  ///
  /// - Throws: `FileFault` where there is none, or the system does not let it be read.
  init(_ path: String) throws(FileFault) {
    let input = try FileInput(path)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var count = piece.count
    while count == piece.count {
      count = try piece.withUnsafeMutableBufferPointer { (buffer) throws(FileFault) in
        try input.fill(UnsafeMutableRawBufferPointer(buffer))
      }
      bytes += piece.prefix(count)
    }
    let text = String(decoding: bytes.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Substring(line.trimmingCharacters(in: .whitespaces))
    }
  }
}
