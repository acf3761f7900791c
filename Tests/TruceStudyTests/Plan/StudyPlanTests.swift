import Foundation
import Testing
import Truce
import TruceRun
import TruceStudy

@Suite("Study plan")
struct StudyPlanTests {
  static let yaml = """
    name: small
    question: Does the optimizer matter?
    problem: multi-mnist
    epochs: 2
    batch_size: [64, 128]
    methods:
      - ew
      - {name: uw}
    optimizers:
      - adam
      - {name: sgd, options: {momentum: 0.9}, learning_rates: [0.1]}
    learning_rates: [1e-2, 1e-3]
    seeds: [0, 1]
    baselines: {tasks: [left, right], learning_rates: [1e-3], seeds: [0]}
    report: {rule: mean-of-last, epochs: 5, split: validation, published: nyuv2-cagrad}
    budget: {max_seconds: 60, max_cells: 20}
    retries: 2
    """

  @Test func productOfAllAxes() throws {
    let plan = try StudyPlan(yaml: Self.yaml, file: "small.yaml")
    let methods = plan.cells.filter { $0.role == .method }
    #expect(methods.count == 2 * 3 * 2)
    #expect(
      methods.prefix(3).map(\.title) == [
        "EW, batch_size=64, Adam, learning rate 0.01", "EW, batch_size=128, Adam, learning rate 0.01",
        "EW, batch_size=64, Adam, learning rate 0.001",
      ])
    #expect(methods.last?.title == "UW, batch_size=128, SGD+momentum, learning rate 0.1")
    #expect(methods.last?.configuration.optimizerOptions == ["momentum": 0.9])
    #expect(methods.allSatisfy { $0.configuration.epochs == 2 && $0.seeds == [0, 1] })
  }

  @Test func baselinesTrainOneTask() throws {
    let plan = try StudyPlan(yaml: Self.yaml, file: "small.yaml")
    let baselines = plan.cells.prefix(while: { $0.role != .method })
    #expect(baselines.count == 2 * 2)
    #expect(baselines.first?.role == .baseline(task: "left"))
    #expect(baselines.first?.configuration.tasks == ["left"])
    #expect(baselines.first?.configuration.batchSize == 64)
    #expect(baselines.first?.seeds == [0])
    #expect(
      baselines.map(\.title) == [
        "single task left, Adam, learning rate 0.001",
        "single task left, SGD+momentum, learning rate 0.1",
        "single task right, Adam, learning rate 0.001",
        "single task right, SGD+momentum, learning rate 0.1",
      ])
  }

  @Test func settings() throws {
    let file = try StudyPlan(yaml: Self.yaml, file: "small.yaml").file
    #expect(file.name == "small")
    #expect(file.question == "Does the optimizer matter?")
    #expect(file.rule == .meanOfLast(5))
    #expect(file.split == "validation" && file.published == "nyuv2-cagrad")
    #expect(file.budget == StudyBudget(maxSeconds: 60, maxCells: 20))
    #expect(file.retries == 2)
  }

  @Test(arguments: [
    ("final", ReportingRule.last), ("best-validation", .bestEpoch), ("last-10-epochs", .meanOfLast(10)),
    ("{rule: last-10-epochs, epochs: 10}", .meanOfLast(10)), ("{rule: final, split: test}", .last),
  ])
  func papersNamesOfRules(text: String, rule: ReportingRule) throws {
    let yaml = "name: a\nproblem: multi-mnist\nmethods: [ew]\nreport: \(text)\n"
    #expect(try StudyPlan(yaml: yaml, file: "a.yaml").file.rule == rule)
  }

  @Test func runsGoSeedBySeed() throws {
    let plan = try StudyPlan(yaml: Self.yaml, file: "small.yaml")
    #expect(plan.runs.count == 4 + 2 * 12)
    #expect(plan.runs.prefix(16).allSatisfy { $0.seed == 0 })
    let last = try #require(plan.runs.last)
    #expect(plan.configuration(of: last)?.seed == 1)
    #expect(plan.configuration(of: RunKey(cell: last.cell, seed: 9)) == nil)
  }

  @Test func listsInOptionsAreAxes() throws {
    let plan = try StudyPlan(
      yaml: """
        name: options
        problem: multi-mnist
        methods: [{name: ew, options: {reduction: [mean, sum]}}]
        """, file: "options.yaml")
    #expect(plan.cells.map(\.method) == ["EW reduction=mean", "EW reduction=sum"])
    #expect(plan.cells.map(\.axes) == [["options.reduction": "mean"], ["options.reduction": "sum"]])
  }

  @Test func cellsMayBeWrittenOut() throws {
    let plan = try StudyPlan(
      yaml: """
        name: explicit
        problem: multi-mnist
        seeds: [3]
        cells:
          - {method: ew, learning_rate: 0.1, optimizer: sgd}
          - {method: uw, seeds: [4, 5]}
        """, file: "explicit.yaml")
    #expect(plan.cells.map(\.method) == ["EW", "UW"])
    #expect(plan.cells.map(\.seeds) == [[3], [4, 5]])
    #expect(plan.cells.first?.configuration.optimizer == .sgd)
  }

  @Test func identifiersDependOnWhatIsComputedOnly() throws {
    func identifier(_ extra: String) throws -> [String] {
      let yaml = "name: a\nproblem: multi-mnist\nmethods: [ew]\n\(extra)\n"
      return try StudyPlan(yaml: yaml, file: "a.yaml").cells.map(\.id)
    }
    let plain = try identifier("")
    #expect(plain.first?.hasPrefix("ew-adam-lr0.001-") == true)
    #expect(try identifier("device: cuda\nthreads: 3\nlog_every: 7\nseeds: [4]") == plain)
    #expect(try identifier("epochs: 4") != plain)
    #expect(try identifier("problem_options: {train_samples: 10}") != plain)
  }

  /// Two cells of a study as `truce study plan` of Truce 0.1.0 named them.
  static let oldNames = [
    "ew-adam-lr0.001-loss_scales_1_1_-2b6bdffa", "ew-adam-lr0.001-loss_scales_10_0.1_-25d0125f",
    "uw-adam-lr0.001-loss_scales_1_1_-a679674b", "uw-adam-lr0.001-loss_scales_10_0.1_-8c48c8f7",
  ]

  @Test func runsOfAnEarlierVersionAreFound() throws {
    let plan = try StudyPlan(
      yaml: """
        name: b
        problem: two-units
        methods: [ew, {name: uw, options: {}}]
        epochs: 2
        conflict_every: 1
        seeds: [0]
        log_every: 3
        device: cpu
        threads: 1
        loss_scales: [[1, 1], [10, 0.1]]
        updates_every: 1
        precision: float64
        max_steps: 4
        """, file: "b.yaml")
    let root = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = StudyFolder(root)
    #expect(try folder.prepare(plan) == plan)
    for name in Self.oldNames.prefix(3) {
      try FileManager.default.createDirectory(
        at: root.appending(path: name), withIntermediateDirectories: true)
    }
    let known = try folder.plan()
    #expect(known.cells.prefix(3).map(\.id) == Array(Self.oldNames.prefix(3)))
    #expect(known.cells[3] == plan.cells[3] && !Self.oldNames.contains(plan.cells[3].id))
    #expect(try folder.prepare(plan) == known)
    #expect(zip(known.cells, plan.cells).allSatisfy { $0.configuration == $1.configuration })
  }

  @Test func aCellThatAnEarlierVersionCouldNotRunHasNoOldName() throws {
    func identifier(_ line: String) throws -> String {
      let plan = try StudyPlan(yaml: "name: a\nproblem: b\nmethods: [ew]\n\(line)\n", file: "a.yaml")
      let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
      return try StudyFolder(folder).prepare(plan).cells[0].id
    }
    #expect(try identifier("from: runs/a") != identifier(""))
    #expect(try identifier("conflict_every: 3\nevaluate_every: 2") == identifier(""))
  }

  @Test(arguments: [
    ("metods: [ew]", "a.yaml:4: unknown key 'metods'", "did you mean 'methods'?"),
    ("method: ew", "a.yaml:4: unknown key 'method'", "did you mean 'methods'?"),
    ("methods: [ew]\nmethods: [uw]", "a.yaml:4: the key 'methods' is given twice", nil),
    ("methods: [eww]", "a.yaml:4: unknown method 'eww'", "did you mean 'ew'? `truce methods` lists them all"),
    ("methods: []", "a.yaml:4: methods must be a list of at least one method, got a list", nil),
    (
      "methods:\n  - {name: ew, option: {}}", "a.yaml:5: unknown key 'methods[0].option'",
      "did you mean 'options'?"
    ),
    ("methods: [{options: {}}]", "a.yaml:4: key 'methods[0].name' is required", nil),
    ("seeds: [0]", "a.yaml:1: key 'methods' is required", nil),
    (
      "methods: [ew]\nlearning_rates: [0.1, fast]",
      "a.yaml:5: learning_rates[1] must be a number greater than 0, got 'fast'", nil
    ),
    (
      "methods: [ew]\nlearning_rates: [0.1, 1e-1]",
      "a.yaml:1: two cells are the same run, EW, Adam, learning rate 0.1", "remove the repeated value"
    ),
    (
      "methods: [ew]\nseeds: [1, 1]",
      "a.yaml:5: seeds[1] must be a seed that is not in the list already, got 1", nil
    ),
    (
      "methods: [ew]\nbatch_size: [32, 0]",
      "a.yaml:5: batch_size[1] must be a whole number, at least 1, got 0", nil
    ),
    (
      "methods: [ew]\noptimizers: [adam, sdg]",
      "a.yaml:5: optimizers[1] must be one of sgd, signsgd, adam, adamw, rmsprop, adagrad "
        + "(did you mean 'sgd'?), got 'sdg'", nil
    ),
    ("methods: [ew]\nbaselines: true", "a.yaml:5: key 'baselines.tasks' is required", nil),
    (
      "methods: [ew]\nreport: best",
      "a.yaml:5: report must be one of last, best-epoch, mean-of-last, final, best-validation, last-10-epochs "
        + "(did you mean 'last'?), got 'best'",
      nil
    ),
    (
      "methods: [ew]\nreport: {rule: last-10-epochs, epochs: 5}",
      "a.yaml:5: report.epochs must be 10 or absent beside last-10-epochs, got 5", nil
    ),
    (
      "methods: [ew]\nreport: {published: nyuv2-cagrd}",
      "a.yaml:5: report.published must be a table of `truce published` (did you mean 'nyuv2-cagrad'?), got "
        + "'nyuv2-cagrd'", nil
    ),
    (
      "methods: [ew]\nbudget: {max_cells: 1}\nseeds: 3\nlearning_rates: [1, 2]",
      "a.yaml:1: the plan has 2 cells, the budget allows 1", "raise budget.max_cells, or shorten a list"
    ),
    (
      "methods: [ew]\ncells: [{method: ew}]",
      "a.yaml:4: methods must be absent where `cells` lists the runs, got a list", nil
    ),
    ("cells: [{methd: ew}]", "a.yaml:4: unknown key 'cells[0].methd'", "did you mean 'method'?"),
  ])
  func refuses(lines: String, message: String, help: String?) throws {
    let yaml = "name: a\nquestion: why\nproblem: multi-mnist\n\(lines)\n"
    let error = #expect(throws: (any Error).self) { try StudyPlan(yaml: yaml, file: "a.yaml") }
    #expect("\(try #require(error))" == message)
    if let help { #expect((error as? RunError)?.help ?? (error as? StudyError)?.help == help) }
    #expect((error as? RunError)?.exitStatus ?? (error as? StudyError)?.exitStatus == .badData)
  }

  @Test(arguments: [
    ("problem: a\nmethods: [ew]", "b.yaml:1: key 'name' is required"),
    (
      "name: ../up\nproblem: a\nmethods: [ew]",
      "b.yaml:1: name must be a name of letters, digits, dots, dashes and underscores, got '../up'"
    ),
    ("name: a\nmethods: [ew]", "b.yaml:1: key 'problem' is required"),
    ("- a", "b.yaml:1: the file must be a mapping of keys to values, got a list"),
  ])
  func refusesIncomplete(yaml: String, message: String) throws {
    let error = #expect(throws: RunError.self) { try StudyPlan(yaml: yaml, file: "b.yaml") }
    #expect(error?.description == message)
  }
}
