import Foundation
import Torch
import TruceTraining

/// Normal draws for the rows of tasks, those of each task from a generator of its own.
///
/// In checkpoints of versions in which all tasks shared a generator there is one, with which all rows are drawn at once.
struct TaskNoise {
  private let generators: PerTask<Generator>

  /// Takes generators as they are.
  init(_ generators: PerTask<Generator>) {
    self.generators = generators
  }

  /// Makes a generator for each task.
  init(_ use: RandomStreams.Use, _ streams: RandomStreams, taskCount: Int) {
    self.init(PerTask((0..<taskCount).map { Generator(seed: streams.seed(of: use, task: $0)) }))
  }

  /// Draws for some rows, task after task: [rows, width].
  func draw(_ rows: TaskRows, width: Int, dtype: DType) -> Tensor {
    if let shared = generators.shared {
      return Tensor.normal([rows.total, width], using: shared, dtype: dtype)
    }
    let parts = zip(rows.counts, generators.values).filter { $0.0 > 0 }
    return Tensor.concatenated(parts.map { Tensor.normal([$0, width], using: $1, dtype: dtype) })
  }

  // MARK: State

  /// The generators' states.
  var state: PerTask<Data> { PerTask(generators.values.map { Data($0.state) }) }

  /// Makes generators that go on from states.
  ///
  /// - Throws: `ForeignState` where they are none, or other tasks'.
  init(_ state: PerTask<Data>, taskCount: Int) throws(ForeignState) {
    guard state.fits(taskCount: taskCount) else {
      throw ForeignState(.record, "holds \(state.values.count) random generators for \(taskCount) tasks")
    }
    let made = state.values.map { _ in Generator(seed: 0) }
    for (generator, state) in zip(made, state.values) {
      do { try generator.restore([UInt8](state)) } catch {
        throw ForeignState(.record, "holds no state of a random generator")
      }
    }
    self.init(PerTask(made))
  }
}
