import Testing
import Truce
import TruceRun

@Suite("A run's identity")
struct RunIdentityTests {
  private func digits(_ overrides: String..., without left: Set<String> = []) throws -> String {
    let configuration = try RunConfiguration(overrides: ["problem=multi-mnist", "method=ew"] + overrides)
    return RunIdentity(of: configuration, without: left).digits
  }

  /// The FNV-1a hash of `method: ew` and `problem: multi-mnist`, by an implementation in Python.
  @Test("is the hash of what differs from the defaults, so that a new key changes none")
  func defaults() throws {
    #expect(try digits() == "3124db27")
    #expect(try digits("epochs=3", "seed=0", "grouping=network") == "3124db27")
    #expect(try digits("autocast=none", "gradient_scaling=none") == "3124db27")
    #expect(try digits("epochs=4") != "3124db27")
    #expect(try digits("tasks=[left]") != digits("tasks=[right]"))
  }

  @Test(
    "does not depend on where a run takes place and what is observed of it",
    arguments: RunConfiguration.fields.filter { $0.role != .computes }.map(\.key))
  func observation(key: String) throws {
    let words = [
      "device": "cuda", "gradient_memory": "stream", "similarity_layers": "[a]", "corruptions": "[all]",
      "tensorboard": "true", "tf32": "none",
    ]
    #expect(try digits("\(key)=\(words[key] ?? "7")") == digits())
  }

  @Test("depends on every key that is part of what is computed")
  func computation() throws {
    let values = [
      "problem": "two-units", "problem_options": "{a: 1}", "tasks": "[left]", "metrics": "[accuracy]",
      "loss_scales": "[1, 2]",
      "freeze": "shared", "from": "runs/a", "method": "uw", "options": "{reduction: sum}", "weighting": "uw",
      "weighting_options": "{}", "preset": "libmtl", "grouping": "layer", "gradients": "features",
      "non_finite": "skip-step", "optimizer": "sgd", "optimizer_options": "{momentum: 0.9}",
      "learning_rate": "0.1", "schedule": "cosine", "schedule_options": "{period: 3}", "epochs": "9",
      "max_steps": "9", "batch_size": "9", "seed": "9", "precision": "float64", "trunk": "mlp",
      "trunk_options": "{widths: [3]}", "architecture": "single-head", "architecture_options": "{a: 1}",
      "agent": "sac", "agent_options": "{a: 1}", "autocast": "bfloat16", "gradient_scaling": "dynamic",
    ]
    let keys = RunConfiguration.fields.filter { $0.role == .computes }.map(\.key)
    var seen = [try digits("method=cagrad")]
    // Options of a weighting and of the scaling mean something with these only.
    for key in keys where !["weighting_options", "gradient_scaling_options"].contains(key) {
      let value = try #require(values[key], "\(key) needs a value here")
      seen.append(try digits("method=cagrad", "\(key)=\(value)"))
    }
    #expect(Set(seen).count == seen.count)
    #expect(try digits("seed=9", without: ["seed"]) == digits())
  }

  @Test("Configurations differ key by key, in words")
  func differences() throws {
    let old = try RunConfiguration(overrides: ["problem=a", "epochs=8", "log_every=5", "device=cpu"])
    let new = try RunConfiguration(overrides: ["problem=a", "epochs=2", "max_steps=7", "device=cuda"])
    #expect(
      new.differences(from: old, in: .computes) == [
        RunConfiguration.Difference(field: "epochs", own: "2", other: "8"),
        RunConfiguration.Difference(field: "max_steps", own: "7", other: nil),
      ])
    #expect(new.differences(from: old, in: .observes).map(\.field) == ["log_every"])
    #expect(new.differences(from: old, in: .places).map(\.field) == ["device"])
  }

  @Test("Keys whose one value is a list say so")
  func lists() {
    let lists = RunConfiguration.fields.filter(\.isList).map(\.key)
    #expect(Set(lists) == ["tasks", "metrics", "loss_scales", "similarity_layers", "corruptions"])
  }
}

@Suite("The planned steps of a run")
struct PlannedStepsTests {
  private func steps(_ perEpoch: Int, _ epochs: Int, atMost maximum: Int? = nil) -> Int {
    RunBeginning(
      tasks: [], sharedParameters: 1, totalParameters: 1, stepsPerEpoch: perEpoch, epochs: epochs
    ).plannedSteps(atMost: maximum)
  }

  @Test("end with the last epoch or before, and never overflow")
  func steps() {
    #expect(steps(10, 3) == 30)
    #expect(steps(10, 3, atMost: 12) == 12)
    #expect(steps(10, 3, atMost: 99) == 30)
    #expect(steps(10, .max) == .max)
    #expect(steps(.max, .max, atMost: 5) == 5)
  }
}
