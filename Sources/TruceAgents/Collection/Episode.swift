import Foundation

/// An episode of all tasks on its way: what it takes to begin it again and lead it to where it stands, and how it went.
struct Episode: Codable, Equatable {
  /// The number of each task's goal.
  let goals: [Int]
  /// The actions of all tasks, step after step, as bytes.
  private var actionBytes = Data()
  /// Whether each task has come to an end of its own.
  private(set) var isEnded: [Bool]
  /// Whether each task was done well at some step.
  private(set) var successes: [Bool]
  /// The sum of each task's rewards.
  private(set) var returns: [Double]
  /// The steps taken.
  private(set) var stepCount = 0

  /// Begins an episode.
  init(goals: [Int]) {
    self.goals = goals
    isEnded = goals.map { _ in false }
    successes = goals.map { _ in false }
    returns = goals.map { _ in 0 }
  }

  /// Takes in a step.
  mutating func takeIn(actions: [Float], rewards: [Float], successes done: [Bool], terminated: [Bool]) {
    actionBytes.append(FloatBytes.encoded(actions))
    stepCount += 1
    for task in goals.indices where !isEnded[task] {
      returns[task] += Double(rewards[task])
      successes[task] = successes[task] || done[task]
      isEnded[task] = terminated[task]
    }
  }

  /// The actions of each step.
  var actions: [[Float]] {
    guard stepCount > 0 else { return [] }
    let all = FloatBytes.decoded(actionBytes)
    let width = all.count / stepCount
    return (0..<stepCount).map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
  }
}

/// Numbers in single precision as bytes, so that a record has every bit of them.
enum FloatBytes {
  static func encoded(_ numbers: [Float]) -> Data {
    numbers.withUnsafeBytes { Data($0) }
  }

  static func decoded(_ data: Data) -> [Float] {
    [UInt8](data).withUnsafeBytes { bytes in
      (0..<(bytes.count / MemoryLayout<Float>.stride)).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Float>.stride, as: Float.self)
      }
    }
  }
}
