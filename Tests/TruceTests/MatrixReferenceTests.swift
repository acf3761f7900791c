import Testing

@testable import Truce

@Suite("Matrix methods against reference values")
struct MatrixReferenceTests {
  @Test(arguments: matrixNames)
  func directionsAgree(_ method: String) throws {
    let cases = try ReferenceFile<MatrixCase>.load(method)
    #expect(!cases.isEmpty)
    for recorded in cases {
      var trial = try makeMatrixMethod(
        method, recorded.options, taskCount: recorded.losses[0].count)
      var source = RandomSource(seed: 0)
      for (t, rows) in recorded.rows.enumerated() {
        let context = StepContext(losses: recorded.losses[t])
        let direction = try trial.direction(rows: HostRows(rows), context: context, using: &source)
        let size = norm(Array(rows.joined()))
        let error = norm(zip(direction.coordinates, recorded.directions[t]).map { $0 - $1 })
        #expect(error <= 1e-10 * size, "\(recorded.source), step \(t)")
      }
    }
  }

  @Test func everyRecordedMatrixIsThere() throws {
    #expect(try ReferenceFile<MatrixCase>.load("graddrop").count >= 24)
    #expect(try ReferenceFile<MatrixCase>.load("trimmed-mean").count >= 19)
  }
}
