/// Sums over the pixels that count, and their means by any of the ways to average.
struct PixelMeans: Codable, Equatable, Sendable {
  private let averaging: MetricAveraging
  private var sums: [Double]
  private(set) var count = 0
  private var batches: BatchMeans

  init(_ valueCount: Int, averaging: MetricAveraging) {
    self.averaging = averaging
    sums = Array(repeating: 0, count: valueCount)
    batches = BatchMeans(valueCount)
  }

  /// Takes in the sums of a batch over so many pixels that count.
  ///
  /// - Parameter values: The batch's own values, where they are not the sums' means.
  mutating func add(sums added: [Double], count pixels: Int, values: [Double]? = nil) {
    for place in sums.indices { sums[place] += added[place] }
    count += pixels
    guard pixels > 0 || averaging == .published else { return }
    batches.add(values ?? added.map { $0 / Double(pixels) })
  }

  mutating func merge(_ other: PixelMeans) {
    for place in sums.indices { sums[place] += other.sums[place] }
    count += other.count
    batches.merge(other.batches)
  }

  /// The means over all pixels, or nil where batches are averaged.
  var overSet: [Double]? { averaging == .set ? sums.map { $0 / Double(count) } : nil }

  /// The means of the batches' values.
  var overBatches: [Double] { batches.values }
}
