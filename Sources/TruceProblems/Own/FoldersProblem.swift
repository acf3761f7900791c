import TruceData
import TruceOptions
import TruceTasks

/// Pictures of one's own, as a YAML file describes them.
struct FoldersProblem {
  static let file = Parameter<String>(
    "file", default: nil, rule: "a path", "The YAML file that says where pictures and labels lie."
  ) { !$0.isEmpty }
  private static let badSamples = Parameter<BadSamples>.any(
    "bad_samples", default: .fail,
    "Whether a training picture that cannot be read ends the run or is left out; a measured one always ends it."
  )

  static let about = ProblemDescription(
    name: "folders", summary: "pictures of your own, from folders and files of labels",
    parameters: [file.description, SplitReader.workers.description, badSamples.description],
    source: "Documentation/own-data.md", tasks: nil,
    network: NetworkChoice(trunk: "resnet18"))

  /// Finds the pictures and reads them.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let path = try options.value(of: file)
    let pictures = try FoldersData(contentsOf: path)
    let tasks = try request.chosen(among: pictures.encoding.problemTasks(of: path))
    let samples = { (split: Split) in FolderSamples(pictures, split: split) }
    let hasValidation = !pictures.samples(of: .validation).isEmpty
    var data = try ProblemData(
      SplitReader(
        for: request, workers: options.value(of: SplitReader.workers),
        badSamples: options.value(of: badSamples).policy),
      training: samples(.training), validation: hasValidation ? samples(.validation) : nil,
      test: samples(.test))
    data.encoding = pictures.encoding
    return PlainProblem(tasks: tasks, data: data)
  }
}

extension ProblemEntry {
  /// The line of pictures in folders.
  static let folders = ProblemEntry(about: FoldersProblem.about, make: FoldersProblem.make)
}
