import Testing
import Torch
import TorchNN

/// Every schedule against the rates torch.optim.lr_scheduler gives.
@Suite struct ScheduleTests {
  struct File: Decodable {
    let base: Double
    let total: Int
    let cases: [Case]
    let plateaus: [Plateau]
  }

  struct Case: Decodable {
    let schedule: String
    let options: [String: OptionValue]
    let rates: [Double]
  }

  struct Plateau: Decodable {
    let options: [String: OptionValue]
    let values: [Double?]
    let rates: [Double]
  }

  private func planned(_ name: String, _ options: [String: OptionValue] = [:]) throws -> any Schedule {
    let schedule = try ScheduleCatalogue.schedule(named: name, options: options)
    guard case .planned(let planned) = schedule else { throw CancellationError() }
    return planned
  }

  @Test("rates equal PyTorch's")
  func recordedRates() throws {
    let file = try references("schedules", as: File.self)
    for recorded in file.cases {
      let schedule = try planned(recorded.schedule, recorded.options)
      for (position, rate) in recorded.rates.enumerated() {
        let found = schedule.learningRate(at: position, of: file.total, base: file.base)
        #expect(abs(found - rate) < 1e-15, "\(recorded.schedule) \(recorded.options) at \(position)")
      }
    }
    #expect(Set(file.cases.map(\.schedule) + ["plateau"]) == Set(ScheduleCatalogue.entries.map(\.name)))
  }

  @Test("plateaus are found where PyTorch finds them")
  func recordedPlateaus() throws {
    let file = try references("schedules", as: File.self)
    for recorded in file.plateaus {
      let made = try ScheduleCatalogue.schedule(named: "plateau", options: recorded.options)
      guard case .plateau(let schedule) = made else { throw CancellationError() }
      var state = PlateauSchedule.State()
      var rate = file.base
      for (value, expected) in zip(recorded.values, recorded.rates) {
        if schedule.shouldReduce(after: value ?? .nan, state: &state) { rate = schedule.reduced(rate) }
        #expect(abs(rate - expected) < 1e-15, "\(recorded.options)")
      }
    }
  }

  @Test("an empty training keeps the base rate")
  func emptyTraining() throws {
    for name in ["cosine", "polynomial"] {
      #expect(try planned(name).learningRate(at: 0, of: 0, base: 0.1) == 0.1)
    }
  }

  @Test("a mistyped name is answered with the closest")
  func closestName() throws {
    let error = try #require(throws: OptionError.self) { try ScheduleCatalogue.schedule(named: "cosin") }
    #expect("\(error)" == "unknown schedule 'cosin'")
    #expect(error.help == "did you mean 'cosine'?")
  }

  @Test("a mistyped option is answered with the closest")
  func closestOption() throws {
    let error = try #require(throws: OptionError.self) {
      try ScheduleCatalogue.schedule(named: "step", options: ["gama": 0.5, "size": 2])
    }
    #expect("\(error)" == "step: unknown option 'gama'")
    #expect(error.help == "did you mean 'gamma'?")
  }

  @Test("a missing option is named with its rule")
  func missingOption() throws {
    let error = try #require(throws: OptionError.self) { try ScheduleCatalogue.schedule(named: "step") }
    #expect("\(error)" == "step: option 'size' is required and must be a whole number, at least 1")
    #expect(error.help == "give 'size' beside the name 'step'")
  }

  static let rejected: [(String, [String: OptionValue], String)] = [
    ("step", ["size": 0], "step: size must be a whole number, at least 1, got 0"),
    ("step", ["size": 1.5], "step: size must be a whole number, got 1.5"),
    (
      "multi-step", ["milestones": []],
      "multi-step: milestones must be a list of whole numbers of at least 1, got []"
    ),
    ("exponential", ["gamma": -1], "exponential: gamma must be greater than 0, got -1"),
    ("cosine", ["minimum": -0.5], "cosine: minimum must be at least 0, got -0.5"),
    ("polynomial", ["power": 0], "polynomial: power must be greater than 0, got 0"),
    ("constant", ["warm_up_start": 2], "constant: warm_up_start must be greater than 0, at most 1, got 2"),
    ("plateau", ["factor": 1], "plateau: factor must be greater than 0 and less than 1, got 1"),
    ("plateau", ["goal": "down"], "plateau: goal must be one of minimize|maximize, got down"),
    ("plateau", ["patience": true], "plateau: patience must be a whole number, got true"),
  ]

  @Test("a value that breaks its rule is refused", arguments: rejected.indices)
  func brokenRule(index: Int) throws {
    let (name, options, message) = Self.rejected[index]
    let error = try #require(throws: OptionError.self) {
      try ScheduleCatalogue.schedule(named: name, options: options)
    }
    #expect("\(error)" == message)
    #expect(error.help.hasPrefix("choose a value for '"))
  }
}
