import Truce
import TruceRun
import TruceShell

/// How much the rows of a gradient matrix disagree.
struct Conflict {
  /// What the Gramian tells.
  let measures: ConflictMeasures
  private let signs: SignMasks

  init(of gradients: RangedRows) {
    measures = ConflictMeasures(of: gradients.gramian)
    signs = SignMasks(of: gradients.rows)
  }

  /// The number of pairs of tasks.
  var pairCount: Int { measures.taskCount * (measures.taskCount - 1) / 2 }

  /// The pairs of tasks with the smallest cosines, the smallest first.
  func worstPairs(_ count: Int) -> [(i: Int, j: Int)] {
    var worst: [(cosine: Double, i: Int, j: Int)] = []
    for j in 0..<measures.taskCount {
      for i in 0..<j {
        let cosine = measures.cosines[i][j]
        if worst.count == count, let last = worst.last, !(cosine < last.cosine) { continue }
        let place = worst.firstIndex { cosine < $0.cosine } ?? worst.count
        worst.insert((cosine, i, j), at: place)
        if worst.count > count { worst.removeLast() }
      }
    }
    return worst.map { ($0.i, $0.j) }
  }

  func table(of pairs: some Sequence<(i: Int, j: Int)>) -> TextTable {
    var table = TextTable([
      ("tasks", .left), ("cosine", .right), ("magnitude similarity", .right), ("sign conflict", .right),
    ])
    for (i, j) in pairs {
      let values = [measures.cosines[i][j], measures.magnitudeSimilarities[i][j], signs.share(i, j)]
      table.append(["\(i), \(j)"] + values.map(NumberText.short))
    }
    return table
  }
}

/// The signs of the coordinates of each row, 64 in a word.
private struct SignMasks {
  private let positive: [[UInt64]]
  private let negative: [[UInt64]]
  private let count: Double

  init(of rows: HostRows) {
    positive = rows.rows.map { row in Self.mask(row.coordinates) { $0 > 0 } }
    negative = rows.rows.map { row in Self.mask(row.coordinates) { $0 < 0 } }
    count = Double(max(rows.rows.first?.count ?? 0, 1))
  }

  private static func mask(_ coordinates: [Double], _ isIn: (Double) -> Bool) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (coordinates.count + 63) / 64)
    for (p, value) in coordinates.enumerated() where isIn(value) { words[p / 64] |= 1 << UInt64(p % 64) }
    return words
  }

  /// The share of coordinates on which two rows pull in opposite directions.
  func share(_ i: Int, _ j: Int) -> Double {
    var opposed = 0
    for word in positive[i].indices {
      opposed +=
        (positive[i][word] & negative[j][word] | negative[i][word] & positive[j][word]).nonzeroBitCount
    }
    return Double(opposed) / count
  }
}

extension Conflict: Encodable {
  enum CodingKeys: String, CodingKey {
    case cosine
    case magnitudeSimilarity = "magnitude_similarity"
    case signConflict = "sign_conflict"
    case conflictingShare = "conflicting_share"
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    let tasks = 0..<measures.taskCount
    try object.encode(measures.cosines, forKey: .cosine)
    try object.encode(measures.magnitudeSimilarities, forKey: .magnitudeSimilarity)
    try object.encode(tasks.map { i in tasks.map { signs.share(i, $0) } }, forKey: .signConflict)
    try object.encode(measures.conflictingShare, forKey: .conflictingShare)
  }
}
