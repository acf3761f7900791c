import TruceRun
import TruceStudy
import TruceToy

extension ToyPanel {
  private static let range = -12.0...12.0
  private static let resolution = 64

  /// The landscape of the mean loss with the recorded paths of a study's runs, a panel for each optimizer and learning
  /// rate.
  ///
  /// - Complexity: O(points) and one evaluation of the toy for each place of a 65×65 grid.
  static func panels(of records: [RunRecord]) -> [ToyPanel] {
    let results = StudyResults(records, problem: ToyWorker.problem)
    let walks = results.trials.compactMap { trial in Walk(trial.record, variant: trial.variant) }
    guard !walks.isEmpty else { return [] }
    let landscape = Landscape()
    let groups = Dictionary(grouping: walks, by: \.setting)
    return groups.sorted { $0.key < $1.key }.map { setting, walks in
      ToyPanel(setting.title, chart: landscape.chart(of: walks.sorted { $0.order < $1.order }.map(\.path)))
    }
  }

  // MARK: Paths

  private struct Setting: Hashable, Comparable {
    let optimizer: String
    let learningRate: Double

    var title: String { "\(optimizer), \(NumberText.plain(learningRate))" }

    static func < (left: Self, right: Self) -> Bool {
      (left.optimizer, left.learningRate) < (right.optimizer, right.learningRate)
    }
  }

  /// A run's path with what it is drawn by.
  private struct Walk {
    let setting: Setting
    let order: Order
    let path: ContourChart.Path

    struct Order: Comparable {
      let variant: Variant
      let seed: Int

      static func < (left: Self, right: Self) -> Bool {
        left.variant == right.variant ? left.seed < right.seed : left.variant < right.variant
      }
    }

    /// Reads the path; nil where none was recorded.
    init?(_ record: RunRecord, variant: Variant) {
      let (x, y) = (record.stepCurves[ToyWorker.position.x], record.stepCurves[ToyWorker.position.y])
      guard let x, let y, x.count == y.count, !x.isEmpty else { return nil }
      let points = zip(x, y).map { (Self.rounded($0.value), Self.rounded($1.value)) }
      setting = Setting(optimizer: variant.optimizer, learningRate: variant.learningRate)
      order = Order(variant: variant, seed: record.configuration.seed)
      path = ContourChart.Path(variant.method, x: points.map(\.0), y: points.map(\.1))
    }

    /// More digits would fill the page's file and not be seen.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
  }

  // MARK: Landscape

  private struct Landscape {
    let places: [Double]
    let heights: [[Double]]

    init() {
      let problem = ToyProblem<Double>()
      let step = (range.upperBound - range.lowerBound) / Double(resolution)
      let places = (0...resolution).map { range.lowerBound + Double($0) * step }
      heights = places.map { y in places.map { problem.evaluate(at: SIMD2($0, y)).meanLoss } }
      self.places = places
    }

    func chart(of paths: [ContourChart.Path]) -> ContourChart {
      ContourChart(
        xAxis: Axis("x₁"), yAxis: Axis("x₂"), x: places, y: places, heights: heights, paths: paths,
        marks: [(name: "global minimum", x: ToyLandmarks.minimum.x, y: ToyLandmarks.minimum.y)])
    }
  }
}
