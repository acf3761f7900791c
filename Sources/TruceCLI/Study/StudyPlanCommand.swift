import ArgumentParser
import Foundation
import Truce
import TruceRun
import TruceShell
import TruceStudy

/// `truce study plan`: the cells of a study and what they will cost.
struct StudyPlanCommand: ProgramCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Print a study's cells, and what they will take in time and disk.",
    discussion: "The estimate comes from running a few steps of each kind of cell.")

  @Argument(help: "The study file.", completion: StudyNames.fileCompletion)
  var file: String

  @OptionGroup var workers: WorkerArguments

  @Flag(inversion: .prefixedNo, help: "Measure a few steps to estimate time and disk.")
  var probe = true

  @Option(help: ArgumentHelp("Steps of a measured run.", valueName: "count"))
  var probeSteps = 10

  @Option(help: "How to write it: table or json.")
  var format: Format = .table

  func validate() throws {
    guard probeSteps >= 1 else {
      throw ValidationError("--probe-steps must be at least 1, got \(probeSteps)")
    }
  }

  mutating func run(in program: Program) async throws {
    let plan = try StudyPlan(contentsOf: URL(filePath: file), vocabulary: workers.vocabulary(of: program))
    if format == .table { print(PlanText(plan).cells) }
    let estimate = probe ? try await measured(plan, program) : nil
    switch format {
    case .table:
      if let estimate { print(PlanText(plan).text(for: estimate)) }
    case .json: print(try Output.json(PlanDocument(plan, estimate)))
    }
  }

  private func measured(_ plan: StudyPlan, _ program: Program) async throws -> StudyEstimate {
    try workers.checkWorker(for: plan, of: program)
    let scratch = FileManager.default.temporaryDirectory.appending(path: "truce-probe-\(UUID().uuidString)")
    return try await StudyProbe(
      plan: plan, launcher: workers.launcher(of: program), options: workers.options, steps: probeSteps,
      scratch: scratch,
      clock: ContinuousClock()
    ).estimate()
  }
}

/// A plan in words.
private struct PlanText {
  private let plan: StudyPlan

  init(_ plan: StudyPlan) {
    self.plan = plan
  }

  var cells: String {
    var table = TextTable([
      ("cell", .left), ("method", .left), ("optimizer", .left), ("learning rate", .right), ("seeds", .left),
    ])
    for cell in plan.cells {
      let name = if case .baseline(let task) = cell.role { "single task \(task)" } else { cell.method }
      table.append([
        cell.id, name, cell.optimizer, OptionValue.number(cell.configuration.learningRate).description,
        cell.seeds.map(String.init).joined(separator: " "),
      ])
    }
    let question = plan.file.question.map { ": \($0)" } ?? ""
    let counts = "\(Counted.text(plan.cells.count, "cell")), \(Counted.text(plan.runs.count, "run"))"
    return "\(plan.file.name)\(question)\n\n\(table.plain(on: .current))\n\n\(counts)"
  }

  func text(for estimate: StudyEstimate) -> String {
    let workers = estimate.jobs == 1 ? "one worker" : "\(estimate.jobs) workers"
    var text =
      "about \(DurationText.about(estimate.seconds)) with \(workers), "
      + "\(DurationText.size(estimate.bytes)) on disk"
    if let limit = plan.file.budget.maxSeconds, estimate.seconds > limit {
      text += "\nmore than the budget of \(DurationText.about(limit)): a runner will stop before the end"
    }
    return text
  }
}

/// A plan as JSON.
private struct PlanDocument: Encodable {
  let study: StudyFile
  let cells: [StudyCell]
  let estimate: StudyEstimate?
  let seconds: Double?
  let bytes: Int?

  init(_ plan: StudyPlan, _ estimate: StudyEstimate?) {
    study = plan.file
    cells = plan.cells
    self.estimate = estimate
    seconds = estimate?.seconds
    bytes = estimate?.bytes
  }
}
