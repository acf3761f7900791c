import Testing

@testable import Truce

@Suite("Properties of the matrix methods")
struct MatrixPropertyTests {
  private func holding(_ property: MethodProperty) -> [String] {
    Catalogue.entries.map(\.about)
      .filter { $0.kind == .matrix && $0.properties.contains(property) }.map(\.name)
  }

  /// Whether the method can do anything with so few tasks.
  private func applies(_ name: String, to run: MatrixRun) -> Bool {
    name != "trimmed-mean" || run.taskCount > 2
  }

  @Test(arguments: matrixNames)
  func directionsAreFinite(_ name: String) throws {
    for run in MatrixRun.families where applies(name, to: run) {
      let directions = try run.directions(of: name)
      #expect(directions.allSatisfy { $0.count == 6 && $0.allSatisfy(\.isFinite) }, "\(run.name)")
    }
  }

  @Test(arguments: [0, 1, 2])
  func reorderedTasksLeaveTheDirection(_ shift: Int) throws {
    for run in MatrixRun.families where run.taskCount == 3 {
      func reordered<T>(_ values: [T]) -> [T] { Array(values[shift...] + values[..<shift]) }
      let other = run.mapped(reordered, reordered)
      for name in holding(.permutationEquivariant) {
        for (a, b) in zip(try run.directions(of: name), try other.directions(of: name)) {
          #expect(agree(a, b, tolerance: 1e-9), "\(name), \(run.name)")
        }
      }
    }
  }

  @Test func homogeneousDirectionsGrowWithTheGradients() throws {
    for run in MatrixRun.families where run.taskCount == 3 {
      let scaled = run.mapped({ $0.map { $0.map { 8 * $0 } } }, { $0.map { 8 * $0 } })
      for name in holding(.homogeneous) {
        for (a, b) in zip(try run.directions(of: name), try scaled.directions(of: name)) {
          #expect(agree(a.map { 8 * $0 }, b, tolerance: 1e-12), "\(name), \(run.name)")
        }
      }
    }
  }

  @Test func deterministicDirectionsDoNotDependOnTheSeed() throws {
    let run = MatrixRun.families[0]
    for name in holding(.deterministic) {
      #expect(try run.directions(of: name, seed: 1) == run.directions(of: name, seed: 2), "\(name)")
    }
    #expect(try run.directions(of: "graddrop", seed: 1) != run.directions(of: "graddrop", seed: 2))
  }

  @Test(arguments: matrixNames)
  func aRestoredRunEqualsAnUninterruptedOne(_ name: String) throws {
    let run = MatrixRun.families[0]
    let expected = try run.directions(of: name)
    for stop in [0, 1, 3] {
      var trial = try makeMatrixMethod(name, taskCount: 3)
      var source = RandomSource(seed: 0)
      for t in 0..<stop { _ = try run.step(t, of: &trial, using: &source) }
      var restored = try makeMatrixMethod(name, taskCount: 3)
      try restored.decodeState(from: saved(trial.encodeState))
      restored.buffers = trial.buffers
      for t in stop..<5 {
        #expect(try run.step(t, of: &restored, using: &source) == expected[t], "step \(t)")
      }
    }
  }

  @Test func aPartialStateShowsItsBuffers() throws {
    let run = MatrixRun.families[0]
    for (name, buffer) in [
      ("moco", "tracked"), ("db-mtl", "smoothed"), ("excess-mtl", "squares"), ("sam-gs", "momentum"),
    ] {
      var trial = try makeMatrixMethod(name, taskCount: 3)
      #expect(trial.buffers.isEmpty)
      var source = RandomSource(seed: 0)
      _ = try run.step(0, of: &trial, using: &source)
      #expect(trial.buffers.keys.sorted() == [buffer])
      #expect(trial.buffers[buffer]?.map(\.count) == [6, 6, 6])
    }
  }
}
