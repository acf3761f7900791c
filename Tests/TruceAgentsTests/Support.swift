import Foundation
import Torch
import TorchNN
import Truce
import TruceEnvironments
import TruceOptions
import TruceRun
import TruceTasks
import TruceTraining

@testable import TruceAgents

/// Environments that tests see through: a number each that actions push, with an end of its own where asked for.
///
/// An observation is the number, the goal and the steps taken; the reward is minus the distance of the two. Task k pushes
/// with the sign of its parity, so that tasks disagree.
final class PushTasks: TaskEnvironments {
  let about: EnvironmentsRecord
  private(set) var resets: [[Int]] = []
  private(set) var log: [String] = []
  private let ends: [Int?]
  private let computesAtOnce: Bool
  private var numbers: [Float]
  private var goals: [Float]
  private var steps = 0
  private var answer: VectorStep?
  private var sent: [Float] = []
  /// What is added to every push, so that two worlds differ.
  var drift: Float = 0

  /// - Parameters:
  ///   - taskCount: The number of tasks.
  ///   - names: The tasks' names; nil for numbered ones.
  ///   - ends: After how many steps each task ends by itself; nil for never.
  ///   - computesAtOnce: Whether a step is computed when the actions come rather than when they are asked about.
  init(
    taskCount: Int = 3, names: [String]? = nil, goalCount: Int = 4, ends: [Int?]? = nil,
    computesAtOnce: Bool = false
  ) {
    about = EnvironmentsRecord(
      family: "push-tasks", tasks: names ?? (0..<taskCount).map { "push\($0)" }, observationSize: 3,
      actionSize: 2,
      stepLimit: 50,
      goals: (0..<taskCount).map { task in (0..<goalCount).map { [Double($0) / 4 + Double(task) / 8] } },
      versions: [:])
    self.ends = ends ?? about.tasks.map { _ in nil }
    self.computesAtOnce = computesAtOnce
    numbers = about.tasks.map { _ in 0 }
    goals = numbers
  }

  func reset(goals chosen: [Int]) -> [Float] {
    resets.append(chosen)
    log.append("reset")
    numbers = about.tasks.map { _ in 0 }
    goals = chosen.enumerated().map { Float(about.goals[$0][$1][0]) }
    steps = 0
    return observations
  }

  func send(_ actions: [Float]) {
    log.append("send")
    sent = actions
    answer = computesAtOnce ? step() : nil
  }

  func receive() -> VectorStep {
    log.append("receive")
    return answer ?? step()
  }

  func expertActions() -> [Float] { about.tasks.flatMap { _ in [0, 0] as [Float] } }
  func close() {}

  private func step() -> VectorStep {
    steps += 1
    for task in numbers.indices {
      let push = (sent[2 * task] - 0.5 * sent[2 * task + 1]) * (task % 2 == 0 ? 0.2 : -0.2)
      numbers[task] += push + drift
    }
    let distances = zip(numbers, goals).map { abs($0 - $1) }
    return VectorStep(
      observations: observations, rewards: distances.map { -$0 }, successes: distances.map { $0 < 0.05 },
      terminated: ends.map { $0 == steps })
  }

  private var observations: [Float] {
    zip(numbers, goals).flatMap { [$0, $1, Float(steps) / 10] }
  }
}

/// What a test's agent is made from.
struct TinyAgent {
  var options: [String: OptionValue] = [:]
  var method = "ew"
  var methodOptions: [String: OptionValue] = [:]
  var ownMethod: AnyMethod?
  var weighting: String?
  var seed: UInt64 = 3
  var learningRate = 3e-3
  var conflictEvery = 0
  var epochs = 3
  var precision = DType.float32
  var folder: URL?
  var training: () -> any TaskEnvironments = { PushTasks() }

  /// Settings of a network and a batch that cost nothing.
  static let small: [String: OptionValue] = [
    "widths": [8, 8], "batch_size": 12, "random_steps": 12, "horizon": 10, "epoch_steps": 24,
    "replay_capacity": 40, "evaluation_episodes": 2,
  ]

  func request() throws -> AgentRequest {
    var request = AgentRequest(
      settings: try SACSettings(Self.small.merging(options) { $1 }), training: training(),
      evaluation: training(),
      method: try ownMethod ?? Catalogue.method(named: method, options: methodOptions),
      rule: try Adam(learningRate: learningRate))
    request.weighting = try weighting.map { try Catalogue.weighting(named: $0) }
    (request.seed, request.conflictEvery, request.epochs) = (seed, conflictEvery, epochs)
    (request.precision, request.replayFolder) = (precision, folder)
    return request
  }

  func makeLearner() throws -> AgentLearner { try AgentLearner(request()) }
}

/// The state of an agent in bits.
func bits(_ learner: AgentLearner) -> [String: [UInt64]] {
  learner.stateTensors().dictionary.mapValues { $0.to(.float64).toArray(as: Double.self).map(\.bitPattern) }
}

/// Takes steps, epoch by epoch.
///
/// - Returns: The losses and values of every step, and what the epochs ended with.
@discardableResult
func train(_ learner: AgentLearner, from position: inout TrainingPosition, steps: Int) throws -> [[String:
  Double]]
{
  var told: [[String: Double]] = []
  var means = RunningMeans()
  learner.beginEpoch(at: position)
  for _ in 0..<steps {
    if let step = try learner.step(at: position, addingTo: &means) {
      position.batch += 1
      position.step += 1
      told.append(step.values)
    } else {
      told.append(means.values.merging(try learner.endEpoch(means: means)) { $1 })
      (position.epoch, position.batch, means) = (position.epoch + 1, 0, RunningMeans())
      learner.beginEpoch(at: position)
    }
  }
  return told
}

/// A folder for one test, removed with the value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
