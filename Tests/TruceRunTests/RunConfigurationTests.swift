import Foundation
import Testing
import Truce
import TruceRun

@Suite("Run configuration")
struct RunConfigurationTests {
  static let yaml = """
    problem: multi-mnist
    problem_options:
      train_samples: 6000
      digits: [3, 5]
    tasks: [left, right]
    method: ew
    options: {reduction: mean}
    learning_rate: 1e-4
    optimizer: sgd
    optimizer_options:
      momentum: 0.9
    schedule: step
    schedule_options: {every: 30, factor: 0.5}
    max_steps: 40
    non_finite: skip-step
    """

  @Test func readsEveryKindOfValue() throws {
    let run = try RunConfiguration(yaml: Self.yaml, file: "run.yaml")
    #expect(run.problem == "multi-mnist")
    #expect(run.problemOptions == ["train_samples": 6000, "digits": [3, 5]])
    #expect(run.tasks == ["left", "right"])
    #expect(run.options == ["reduction": "mean"])
    #expect(run.learningRate == 1e-4)
    #expect(run.optimizer == .sgd)
    #expect(run.optimizerOptions == ["momentum": 0.9])
    #expect(run.schedule == .step)
    #expect(run.maxSteps == 40)
    #expect(run.nonFinite == .skipStep)
    #expect(run.epochs == 3)
  }

  @Test func resolvedYAMLReadsBackTheSame() throws {
    var run = try RunConfiguration(yaml: Self.yaml, file: "run.yaml")
    run.problemOptions["folder"] = "it's: a #path"
    run.problemOptions["number_like"] = "007"
    run.problemOptions["word_like"] = ["true", true, "null", 1e-5, "1e3", "-", ""]
    run.device = "cuda:1"
    let again = try RunConfiguration(yaml: run.resolvedYAML, file: "again.yaml")
    #expect(again == run)
    #expect(again.resolvedYAML == run.resolvedYAML)
  }

  @Test func resolvedYAMLSpellsOutDefaults() {
    let text = RunConfiguration(problem: "multi-mnist", method: "ew").resolvedYAML
    #expect(
      text == """
        problem: multi-mnist
        method: ew
        grouping: network
        gradients: parameters
        non_finite: throw
        optimizer: adam
        learning_rate: 0.001
        schedule: constant
        epochs: 3
        batch_size: 256
        evaluation_batch_size: 1000
        seed: 0
        device: auto
        threads: 0
        gradient_memory: auto
        tf32: convolutions
        precision: float32
        autocast: none
        gradient_scaling: none
        evaluate_every: 1
        checkpoint_every: 1
        log_every: 50
        conflict_every: 0
        similarity_every: 0
        similarity_samples: 8

        """)
  }

  @Test func aFlagIsWrittenOnlyWhereItIsOn() throws {
    var run = RunConfiguration(problem: "multi-mnist", method: "ew")
    #expect(!run.resolvedYAML.contains("tensorboard"))
    run.tensorBoard = true
    #expect(run.resolvedYAML.contains("tensorboard: true\n"))
    #expect(try RunConfiguration(yaml: run.resolvedYAML, file: "run.yaml") == run)
    #expect(
      try RunConfiguration(yaml: run.resolvedYAML, file: "run.yaml", overrides: ["tensorboard=false"]) != run)
  }

  @Test func survivesJSON() throws {
    let run = try RunConfiguration(yaml: Self.yaml, file: "run.yaml")
    let data = try JSONEncoder().encode(run)
    #expect(try JSONDecoder().decode(RunConfiguration.self, from: data) == run)
  }

  @Test func overridesReplaceAndAdd() throws {
    let run = try RunConfiguration(
      yaml: Self.yaml, file: "run.yaml",
      overrides: [
        "options.reduction=sum", "learning_rate=0.01", "tasks=[left]", "optimizer_options.nesterov=true",
        "max_steps=none", "problem_options.name=a=b", "problem_options.with.friction=0.3",
      ])
    #expect(run.options == ["reduction": "sum"])
    #expect(run.learningRate == 0.01)
    #expect(run.tasks == ["left"])
    #expect(run.optimizerOptions == ["momentum": 0.9, "nesterov": true])
    #expect(run.maxSteps == nil)
    #expect(run.problemOptions["name"] == "a=b")
    #expect(run.problemOptions["with.friction"] == 0.3, "an option's name may have dots")
  }

  @Test(arguments: [
    ("metod: ew", "run.yaml:2: unknown key 'metod'", "did you mean 'method'?"),
    (
      "learning_rate: fast", "run.yaml:2: learning_rate must be a number greater than 0, got 'fast'",
      "set `learning_rate` to a number greater than 0"
    ),
    ("learning_rate: 0", "run.yaml:2: learning_rate must be a number greater than 0, got 0", nil),
    ("epochs: 1.5", "run.yaml:2: epochs must be a whole number, at least 1, got 1.5", nil),
    ("epochs: '3'", "run.yaml:2: epochs must be a whole number, at least 1, got '3'", nil),
    ("tasks: [a, a]", "run.yaml:2: tasks must be a list of task names, or none, got a list", nil),
    (
      "optimizer: adm",
      "run.yaml:2: optimizer must be one of sgd, signsgd, adam, adamw, rmsprop, adagrad "
        + "(did you mean 'adam'?), got 'adm'", nil
    ),
    ("options: 3", "run.yaml:2: options must be a mapping of keys to values, got 3", nil),
    ("options:\n  reductoin: sum", "run.yaml:2: ew: unknown option 'reductoin'", "did you mean 'reduction'?"),
    ("method: eww", "run.yaml:2: unknown method 'eww'", "did you mean 'ew'? `truce methods` lists them all"),
    (
      "method: moml\nweighting: uw",
      "run.yaml:2: moml: learns the weights of the losses; leave the weighting out",
      "`truce methods` shows what each method needs"
    ),
    (
      "method: graddrop\ngrouping: layer", "run.yaml:2: graddrop: can only be applied to the whole network",
      "`truce methods` shows what each method needs"
    ),
    (
      "method: ew\ngradients: features",
      "run.yaml:2: ew: takes one backward pass of the weighted losses; leave gradients: features out",
      "`truce methods` shows what each method needs"
    ),
    (
      "method: graddrop\ngradient_memory: stream",
      "run.yaml:2: graddrop: reads all gradients coordinate by coordinate; use gradient_memory: rows",
      "`truce methods` shows what each method needs"
    ),
    (
      "gradient_memory: strem",
      "run.yaml:2: gradient_memory must be one of auto, rows, stream (did you mean 'stream'?), got 'strem'",
      nil
    ),
    ("problem: b", "run.yaml:1: the key 'problem' is given twice", nil),
    ("options: {a: 1", "run.yaml:3: not YAML: did not find expected ',' or '}'", nil),
  ])
  func refuses(line: String, message: String, help: String?) throws {
    let error = #expect(throws: RunError.self) {
      try RunConfiguration(yaml: "problem: multi-mnist\n\(line)\n", file: "run.yaml")
    }
    #expect(error?.description == message)
    if let help { #expect(error?.help == help) }
    #expect(error?.exitStatus == .badData)
  }

  @Test(arguments: [
    ("optoins.c=1", "command line: unknown key 'optoins'"),
    ("seed=-1", "command line: seed must be a whole number, at least 0, got -1"),
    ("seed", "'seed' is not an override of the form key=value"),
    ("=1", "'=1' is not an override of the form key=value"),
    ("options..c=1", "'options..c=1' is not an override of the form key=value"),
    ("seed.x=1", "command line: seed must be a whole number, at least 0, got a mapping"),
  ])
  func refusesOverride(text: String, message: String) {
    let error = #expect(throws: RunError.self) {
      try RunConfiguration(overrides: ["problem=multi-mnist", text])
    }
    #expect(error?.description == message)
    #expect(error?.exitStatus == .usage)
  }

  @Test func namesWhatIsMissing() throws {
    let error = #expect(throws: RunError.self) { try RunConfiguration(yaml: "seed: 1", file: "a.yaml") }
    #expect(error?.description == "a.yaml:1: key 'problem' is required")
    let absent = #expect(throws: RunError.self) {
      try RunConfiguration(contentsOf: URL(filePath: "/nowhere/run.yaml"))
    }
    #expect(absent?.description == "/nowhere/run.yaml: no file here")
    #expect(absent?.exitStatus == .missingInput)
  }
}
