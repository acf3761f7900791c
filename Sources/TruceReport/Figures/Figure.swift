public import TruceRun
public import TruceStudy

/// A figure of the report: a heading, a caption and a drawing in one or several views.
public struct Figure: Sendable {
  /// One drawing of the figure; several are switched by buttons.
  public struct View: Sendable {
    /// The button's text.
    public var name: String
    /// The drawing.
    public var chart: any Chart

    /// Creates a view.
    public init(_ name: String, chart: any Chart) {
      self.name = name
      self.chart = chart
    }
  }

  /// The name of its files and its place in the page, such as `learning-curves`.
  public var id: String
  /// The heading.
  public var title: String
  /// What the figure shows and how to read it.
  public var caption: String
  /// What the views differ in, such as "metric"; the buttons' label.
  public var choice: String
  /// The drawings, at least one.
  public var views: [View]

  /// Creates a figure.
  public init(id: String, title: String, caption: String, choice: String = "view", views: [View]) {
    precondition(!views.isEmpty, "a figure has a view")
    self.id = id
    self.title = title
    self.caption = caption
    self.choice = choice
    self.views = views
  }

  /// The name of a view's files.
  func fileName(of view: Int) -> String {
    views.count == 1 ? id : "\(id)-\(view + 1)"
  }
}

/// A kind of figure: what it needs from the material and how it is drawn from it.
///
/// A new kind is one file with a conforming type and one line in ``FigureKinds/all``.
public protocol FigureKind: Sendable {
  /// Draws the figures of this kind.
  ///
  /// - Throws: ``Absence`` with the reason where the material does not hold what the figure shows; without a reason
  ///   where no reader would miss it.
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure]
}

/// Why a figure or table is not there.
public struct Absence: Error, Equatable, Sendable {
  /// A sentence for the reader; nil where nothing needs to be said.
  public var reason: String?

  /// Creates a reason.
  public init(_ reason: String?) {
    self.reason = reason
  }

  /// Nothing that the reader would miss.
  static let unremarkable = Absence(nil)
}

/// The kinds of figures, in the order of the page.
public enum FigureKinds {
  /// All kinds.
  public static let all: [any FigureKind.Type] = [
    ParallelCoordinatesFigure.self,
    ParetoScatterFigure.self,
    OptimizerSlopeFigure.self,
    LearningRateFigure.self,
    PredictionFigure.self,
    TrialCurveFigure.self,
    LearningCurveFigure.self,
    StepCurveFigure.self,
    TrainingTimeFigure.self,
    SimilarityFigure.self,
    ConflictCurveFigure.self,
    PairwiseConflictFigure.self,
    InvarianceFigure.self,
    ToyFigure.self,
  ]
}

/// What the figures and tables of a problem are drawn from.
public struct ReportMaterial: Sendable {
  /// The scored runs.
  public var results: StudyResults
  /// Surfaces with trajectories, where the study has them.
  public var toys: [ToyPanel]
  /// Pictures of predictions, where the study has them.
  public var predictions: [PredictionGrid]
  /// The published table whose rows stand beside the study's; nil for none.
  public var published: PublishedTable?
  /// What answers that ignore the input reach; nil where nobody measured that.
  public var references: ReferenceAnswers?

  /// Creates the material.
  public init(
    results: StudyResults, toys: [ToyPanel] = [], predictions: [PredictionGrid] = [],
    published: PublishedTable? = nil, references: ReferenceAnswers? = nil
  ) {
    self.published = published
    self.references = references
    self.results = results
    self.toys = toys
    self.predictions = predictions
  }
}

// MARK: What figures share

extension ReportMaterial {
  /// The axis of Δm, or of the score that stands in for it without baselines.
  var scoreTitle: String {
    "\(results.scoreName) (%), lower is better"
  }

  /// The color of a method and the stroke of an optimizer, the same in every figure.
  func style(method: String, optimizer: String) -> SeriesStyle {
    SeriesStyle(method: method, stroke: results.optimizers.firstIndex(of: optimizer) ?? 0)
  }

  /// A name for a method with an optimizer that is no longer than the study needs.
  func name(of setup: Setup) -> String {
    if results.optimizers.count == 1 { return setup.method }
    return results.methods.count == 1 ? setup.optimizer : "\(setup.method), \(setup.optimizer)"
  }

  /// The title of a metric with its direction.
  func title(of metric: MetricColumn) -> String {
    "\(metric.title) \(metric.higherIsBetter ? "↑" : "↓")"
  }

  /// How many seeds the best configurations have, in words.
  var seedWords: String {
    guard let counts = seedCounts else { return "no seeds" }
    return counts.least == counts.most
      ? Words.count(counts.least, "seed") : "\(counts.least) to \(counts.most) seeds"
  }

  private var seedCounts: (least: Int, most: Int)? {
    let counts = results.bestConfigurations().map(\.runs.count)
    guard let least = counts.min(), let most = counts.max() else { return nil }
    return (least, most)
  }

  /// Whether some configuration has more than one seed, so that there is a spread.
  var hasSpread: Bool { (seedCounts?.most ?? 0) > 1 }

  /// What a table's values are: "Mean ± standard deviation over three seeds", or those of the one seed.
  var spreadWords: String {
    hasSpread ? "Mean ± standard deviation over \(seedWords)" : "Values of the one seed"
  }

  /// What a figure's values are: "Mean over three seeds", or the value of the one seed.
  var meanWords: String { hasSpread ? "Mean over \(seedWords)" : "Value of the one seed" }
}
