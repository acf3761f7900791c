import TruceRun
import TruceStudy

/// What the best configurations, and the single-task networks beside them, recorded about the same pictures.
struct RecordedPredictions {
  /// A run that is shown in a row.
  private struct Run {
    let name: String
    let predictions: PredictionRecord

    /// The samples that a task has answers to: all, or those of its domain.
    func samples(of task: String) -> [PredictionRecord.Sample] { predictions.samples(of: task) }
  }

  private var runs: [Run] = []
  private var strangers: [String] = []
  private var damages: [RunError] = []
  private var omissions: [(run: String, task: String, reason: String)] = []
  private let order: [String]

  /// Reads the records.
  init(_ material: ReportMaterial) {
    let results = material.results
    order = results.metrics.map(\.task)
    for configuration in results.bestConfigurations() {
      let first = configuration.runs.min { $0.seed < $1.seed }
      first.map { read($0.record.directory, as: material.name(of: configuration.variant.setup)) }
    }
    for baseline in results.baselines { read(baseline.firstRun, as: Self.alone) }
    // What the others are compared with comes first.
    runs = runs.filter { $0.name == Self.alone } + runs.filter { $0.name != Self.alone }
  }

  /// The name of the single-task networks' rows, each in the grid of its task.
  private static let alone = "single-task"

  private mutating func read(_ directory: RunDirectory, as name: String) {
    do throws(RunError) {
      guard let predictions = try directory.predictions() else { return }
      omissions += predictions.omissions.sorted { $0.key < $1.key }.map { (name, $0.key, $0.value) }
      guard isAboutTheSame(predictions) else { return strangers.append(name) }
      runs.append(Run(name: name, predictions: predictions))
    } catch {
      damages.append(error)
    }
  }

  /// Whether a record is about the pictures that others are about, task by task, with maps in the same colours.
  private func isAboutTheSame(_ predictions: PredictionRecord) -> Bool {
    let hasSamePictures = predictions.answeredTasks.allSatisfy { task in
      let pictures = predictions.samples(of: task).map(\.picture)
      return runs.allSatisfy { run in
        let others = run.samples(of: task).map(\.picture)
        return others.isEmpty || others == pictures
      }
    }
    return hasSamePictures
      && predictions.legends.allSatisfy { task, legend in
        runs.allSatisfy { $0.predictions.legends[task] ?? legend == legend }
      }
  }

  // MARK: What there is

  /// The tasks that runs have answers to, in the order of the problem.
  private var tasks: [String] {
    let answered = runs.reduce(into: Set<String>()) { $0.formUnion($1.predictions.answeredTasks) }
    var left = answered
    return order.filter { left.remove($0) != nil } + answered.subtracting(order).sorted()
  }

  /// A grid for each task.
  var grids: [PredictionGrid] {
    tasks.compactMap { task in chart(of: task).map { PredictionGrid(task, chart: $0) } }
  }

  /// What is not shown and why, in sentences.
  var gaps: [String] {
    let shown = Set(tasks)
    var told: Set<String> = []
    let reasons = omissions.map { omission in
      // A task of which some runs show something is missing in the others alone.
      let owner = shown.contains(omission.task) ? " of \(omission.run)" : ""
      return "\(omission.task)\(owner) (\(omission.reason))"
    }.filter { told.insert($0).inserted }
    return [
      reasons.isEmpty ? nil : "Not shown: \(Words.list(reasons)).",
      strangers.isEmpty ? nil : "Left out, since other pictures were recorded: \(Words.list(strangers)).",
      damages.first.map { "Left out, since it cannot be read: \($0)." },
    ].compactMap { $0 }
  }

  private func chart(of task: String) -> ImageGridChart? {
    let own = runs.filter { !$0.samples(of: task).isEmpty }
    guard let samples = own.first?.samples(of: task) else { return nil }
    let legend = own.lazy.compactMap { $0.predictions.legends[task] }.first
    let rows = legend == nil ? words(about: task, of: own) : maps(of: task, from: own)
    return ImageGridChart(
      columns: samples.indices.map { "\($0 + 1)" },
      rows: [.init("picture", pictures: samples.map(\.picture))] + rows, legend: legend,
      longestSide: legend == nil ? 96 : 128)
  }

  private func words(about task: String, of runs: [Run]) -> [ImageGridChart.Row] {
    let labels = runs[0].samples(of: task).map { sample in
      (sample.answers[task]?.label).map { ImageGridChart.Word($0) }
    }
    let predictions = runs.map { run in
      ImageGridChart.Row(
        run.name,
        words: run.samples(of: task).map { sample in
          sample.answers[task].map { .init($0.prediction, isWrong: $0.isWrong) }
        })
    }
    return [.init("label", words: labels)] + predictions
  }

  private func maps(of task: String, from runs: [Run]) -> [ImageGridChart.Row] {
    let truth = runs[0].samples(of: task).map { $0.maps[task]?.label }
    let predictions = runs.map { run in
      ImageGridChart.Row(run.name, pictures: run.samples(of: task).map { $0.maps[task]?.prediction })
    }
    return [.init("ground truth", pictures: truth)] + predictions
  }
}

extension PredictionRecord {
  /// The tasks that any sample has an answer to.
  fileprivate var answeredTasks: Set<String> {
    samples.reduce(into: []) { tasks, sample in
      tasks.formUnion(sample.answers.keys)
      tasks.formUnion(sample.maps.keys)
    }
  }

  /// The samples that a task has answers to.
  fileprivate func samples(of task: String) -> [Sample] {
    samples.filter { $0.answers[task] != nil || $0.maps[task] != nil }
  }
}
