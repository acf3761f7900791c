import Torch
import TruceData
import TruceModels
import TruceRun
import TruceTasks

/// The losses and metrics of a split, batch by batch.
///
/// What a batch leaves stays where it was computed and is read with that of the batches behind it, at the split's end or
/// where it has become much; then it is taken in in the batches' order, as if each had been read at once.
struct SplitMeasurement {
  private let tasks: [any ProblemTask]
  private let split: String
  private var losses = RunningMeans()
  /// The metrics of each task: in one place those that can wait, in the other the rest, so that each changes where it is.
  private var patient: [[(any DeferredMetric)?]]
  private var others: [[(any Metric)?]]
  private var waiting: [Waiting] = []
  private var waitingCount = 0
  /// How often numbers were read, all those of one type counting once.
  private(set) var readCount = 0

  /// From so many numbers on, they are read before the split's end: 8 MiB of the largest.
  private static let many = 1 << 20

  /// The place for which numbers wait.
  private enum Place {
    case loss(task: Int, weight: Double)
    case metric(task: Int, index: Int)
  }

  private struct Waiting {
    let place: Place
    let batch: BatchNumbers
  }

  init(of tasks: [any ProblemTask], split: String) {
    self.tasks = tasks
    self.split = split
    let metrics = tasks.map { $0.makeMetrics() }
    patient = metrics.map { $0.map { $0 as? any DeferredMetric } }
    others = metrics.map { $0.map { $0 is any DeferredMetric ? nil : $0 } }
  }

  /// Takes in the outputs for a batch, of the tasks that it asks for.
  mutating func add(_ outputs: NetworkOutputs, of batch: Batch) {
    for (position, task) in tasks.enumerated() {
      guard let target = batch[task: task.name] else { continue }
      add(outputs[position], target, ofTask: position, weight: Double(batch.count(ofTask: task.name)))
    }
    if waitingCount >= Self.many { read() }
  }

  private mutating func add(_ output: Tensor, _ target: TaskTarget, ofTask task: Int, weight: Double) {
    if let loss = tasks[task].loss(output: output, target: target) {
      wait(.loss(task: task, weight: weight), BatchNumbers([loss]))
    }
    for index in patient[task].indices {
      others[task][index]?.update(output: output, target: target)
      if let numbers = patient[task][index]?.numbers(output: output, target: target) {
        wait(.metric(task: task, index: index), numbers)
      }
    }
  }

  private mutating func wait(_ place: Place, _ numbers: BatchNumbers) {
    waiting.append(Waiting(place: place, batch: numbers))
    waitingCount += numbers.tensors.reduce(0) { $0 + $1.count }
  }

  /// The losses and metrics of all that was taken in, by `MetricKey`.
  mutating func values() -> [String: Double] {
    read()
    return losses.values.merging(metricValues) { $1 }
  }

  private var metricValues: [String: Double] {
    var values: [String: Double] = [:]
    for (position, task) in tasks.enumerated() {
      let metrics = zip(patient[position], others[position]).compactMap { waits, other in
        waits.map { $0 as any Metric } ?? other
      }
      for (record, value) in metrics.flatMap(\.measurements) {
        values[MetricKey.metric(record.name, of: task.name, split: split)] = value
      }
    }
    return values
  }

  // MARK: Reading

  private mutating func read() {
    var numbers = Self.numbers(in: waiting.flatMap(\.batch.tensors), &readCount)[...]
    for one in waiting {
      let count = one.batch.tensors.count
      takeIn(Array(numbers.prefix(count)), one)
      numbers = numbers.dropFirst(count)
    }
    waiting = []
    waitingCount = 0
  }

  private mutating func takeIn(_ numbers: [[Double]], _ one: Waiting) {
    switch one.place {
    case .loss(let task, let weight):
      losses.add(numbers[0][0], to: MetricKey.loss(tasks[task].name, split: split), weight: weight)
    case .metric(let task, let index):
      patient[task][index]?.add(numbers, count: one.batch.count)
    }
  }

  /// The elements of each tensor, all those of one type read together.
  private static func numbers(in tensors: [Tensor], _ readCount: inout Int) -> [[Double]] {
    var numbers = [[Double]](repeating: [], count: tensors.count)
    for places in Dictionary(grouping: tensors.indices, by: { tensors[$0].dtype }).values {
      let together = Tensor.concatenated(places.map { tensors[$0].reshaped([-1]) })
      var elements = together.toArray(as: Double.self)[...]
      readCount += 1
      for place in places {
        numbers[place] = Array(elements.prefix(tensors[place].count))
        elements = elements.dropFirst(tensors[place].count)
      }
    }
    return numbers
  }
}
