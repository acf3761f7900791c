import RealModule
import Truce
import TruceOptions

/// The options of ``PointTasks``.
struct PointSettings {
  static let countParameter = Parameter<Int>.atLeast(1, "count", default: 3, "How many tasks there are.")
  static let angleParameter = Parameter<Double>.inside(
    0...180, "angle", default: 120, "The angle between the pushes of one task and the next, in degrees.")
  static let momentumParameter = Parameter<Double>.share(
    "momentum", default: 0.5, "The share of the velocity that is left after a step.")
  static let actionCostParameter = Parameter<Double>.positive(
    "action_cost", default: 0.2, "The cost of a full push beside that of the squared distance.")
  static let goalParameter = Parameter<Int>.atLeast(
    1, "goals", default: 10, "How many goals each task has.")

  /// How many tasks there are.
  let count: Int
  /// The angle from one task to the next, in radians.
  let angle: Double
  /// The share of the velocity that is left after a step.
  let momentum: Double
  /// The cost of a full push.
  let actionCost: Double
  /// How many goals each task has.
  let goalCount: Int

  /// Reads the options.
  init(_ options: Options) throws(OptionError) {
    count = try options.value(of: Self.countParameter)
    angle = try options.value(of: Self.angleParameter) * .pi / 180
    momentum = try options.value(of: Self.momentumParameter)
    actionCost = try options.value(of: Self.actionCostParameter)
    goalCount = try options.value(of: Self.goalParameter)
  }

  /// The tasks.
  var taskNames: [String] { (1...count).map { "turn\($0)" } }

  /// The mass of a task.
  func mass(ofTask name: String) -> PointMass {
    let place = taskNames.firstIndex(of: name) ?? 0
    return PointMass(momentum: momentum, actionCost: actionCost, turn: Double(place) * angle)
  }

  /// Goals in all directions, at distances between half the reach and the reach.
  func goals(within reach: Double, seed: UInt64) -> [[Double]] {
    var source = RandomSource(seed: seed)
    func unit() -> Double { Double(source.next() >> 11) * 0x1p-53 }
    return (0..<goalCount).map { _ in
      let (direction, distance) = (2 * Double.pi * unit(), reach * (0.5 + 0.5 * unit()))
      return [distance * Double.cos(direction), distance * Double.sin(direction)]
    }
  }
}

extension PointTasks {
  /// What is known about the tasks.
  static let description = ProblemDescription(
    name: "point-tasks", summary: "a point mass that each task pushes another way; the best return is known",
    parameters: [
      PointSettings.countParameter.description, PointSettings.angleParameter.description,
      PointSettings.momentumParameter.description, PointSettings.actionCostParameter.description,
      PointSettings.goalParameter.description,
    ],
    source: "Truce's own; the best return by the Riccati equation", tasks: nil,
    agent: "sac")
}
