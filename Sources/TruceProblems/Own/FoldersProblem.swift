import TruceData
import TruceOptions
import TruceTasks

/// Pictures of one's own, as a YAML file describes them.
struct FoldersProblem {
  static let file = Parameter<String>(
    "file", default: nil, rule: "a path", "The YAML file that says where pictures and labels lie."
  ) { !$0.isEmpty }

  static let workers = Parameter<Int>.atLeast(
    0, "workers", default: 2, "The threads that read pictures ahead; results do not depend on it.")

  static let about = ProblemDescription(
    name: "folders", summary: "pictures of your own, from folders and files of labels",
    parameters: [file.description, workers.description], source: "Documentation/own-data.md", tasks: nil,
    network: NetworkChoice(trunk: "resnet18"))

  /// Finds the pictures and reads them.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let pictures = try FoldersData(contentsOf: options.value(of: file))
    let tasks = try request.chosen(among: pictures.encoding.tasks.map(\.problemTask))
    let loader = { (split: Split, batchSize: Int, order: BatchPlan.Order) in
      try StreamLoader(
        FolderSamples(pictures, split: split), batchSize: batchSize, order: order,
        options: LoadingOptions(workers: options.value(of: workers), device: request.device))
    }
    let shuffled = BatchPlan.Order.shuffled(seed: request.seed)
    let hasValidation = !pictures.samples(of: .validation).isEmpty
    let measured: [Split] = hasValidation ? [.validation, .test] : [.test]
    return PlainProblem(
      tasks: tasks,
      data: ProblemData(
        training: try loader(.training, request.batchSize, shuffled),
        validation: hasValidation ? try loader(.validation, request.batchSize, shuffled) : nil,
        evaluation: try measured.map {
          ($0.rawValue, try loader($0, request.evaluationBatchSize, .stored) as any BatchSource)
        }, encoding: pictures.encoding))
  }
}

extension ProblemEntry {
  /// The line of pictures in folders.
  static let folders = ProblemEntry(about: FoldersProblem.about, make: FoldersProblem.make)
}
