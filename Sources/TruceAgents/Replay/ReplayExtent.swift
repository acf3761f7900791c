extension ReplayLog {
  /// A file of the log, as far as a checkpoint needs it.
  struct Segment: Codable, Equatable, Sendable {
    /// The number of its first row, from the beginning of the run.
    var first = 0
    /// The bytes.
    var bytes = 0
    /// The number behind its last row.
    var rows = 0
    /// The sum of all its blocks.
    var sum: UInt32 = 0

    /// The file's name in the folder of the log.
    var name: String { first == 0 ? "replay.bin" : "replay-\(first).bin" }
  }

  /// What of the log a checkpoint needs.
  struct Extent: Equatable, Sendable {
    /// The files, the oldest first.
    var segments: [Segment] = []

    /// The rows, from the beginning of the run.
    var rows: Int { segments.last?.rows ?? 0 }
  }
}

extension ReplayLog.Extent: Codable {
  private enum CodingKeys: String, CodingKey {
    case segments
  }

  /// Decodes an extent; one that was written while the log was a single file is that file.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    segments =
      container.contains(.segments)
      ? try container.decode([ReplayLog.Segment].self, forKey: .segments)
      : [try ReplayLog.Segment(singleFile: decoder)]
  }
}

extension ReplayLog.Segment {
  private enum SingleFileKeys: String, CodingKey {
    case bytes, rows, sum
  }

  fileprivate init(singleFile decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SingleFileKeys.self)
    bytes = try container.decode(Int.self, forKey: .bytes)
    rows = try container.decode(Int.self, forKey: .rows)
    sum = try container.decode(UInt32.self, forKey: .sum)
  }
}
