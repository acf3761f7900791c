import Testing
import Truce

@Suite("Gramian methods against recorded values")
struct GramianGoldenTests {
  static let names = Catalogue.entries.filter { $0.about.kind == .gramian }.map(\.about.name)

  @Test func methodsAreThere() {
    #expect(Self.names.count >= 22)
  }

  @Test(arguments: names)
  func directionsAgree(_ name: String) throws {
    let file = try DirectionFile.load(name)
    #expect(!file.cases.isEmpty)
    for recorded in file.cases { try check(recorded, name, tolerance: file.tolerance) }
  }

  private func check(_ recorded: DirectionCase, _ name: String, tolerance: Double) throws {
    let taskCount = try #require(RecordedMatrices.byName[recorded.steps[0].matrix]).taskCount
    var trial = try makeGramianMethod(name, recorded.options, taskCount: taskCount)
    var source = RandomSource(seed: 0)
    for (index, step) in recorded.steps.enumerated() {
      let rows = try #require(RecordedMatrices.byName[step.matrix])
      let context = StepContext(losses: step.losses ?? [Double](repeating: 1, count: taskCount))
      let weights = try trial.weights(gramian: rows.gramian(), context: context, using: &source)
      let direction = rows.combined(with: weights).coordinates
      let size = length(rows.rows.map { length($0.coordinates) })
      let error = distance(direction, step.direction) / size
      #expect(error <= tolerance, "\(name) \(step.matrix) step \(index) \(recorded.options)")
    }
  }

  @Test func dualObjectivesOfCAGradAreNoWorse() throws {
    let file = try DirectionFile.load("cagrad")
    for recorded in file.cases {
      let matrix = recorded.steps[0].matrix
      let gramian = try #require(RecordedMatrices.byName[matrix]).gramian()
      let radius = try #require(recorded.options["c"].flatMap(Double.init(option:)))
      let expected = try #require(recorded.dualObjective)
      let point = ConflictAversePoint(of: gramian, radius: radius)
      let slack = 1e-9 * gramian.trace
      #expect(point.dualObjective <= expected + slack, "\(matrix) c=\(radius)")
      #expect(point.dualObjective >= expected - 1e-5 * gramian.trace, "\(matrix) c=\(radius)")
    }
  }
}
