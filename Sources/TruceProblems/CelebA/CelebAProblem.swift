import Foundation
import Torch
import TruceData
import TruceOptions
import TruceTasks

/// Forty questions of yes and no about a face: CelebA with its official partition, measured by F1.
///
/// - Source: Z. Liu et al., "Deep Learning Face Attributes in the Wild", ICCV 2015; B. Liu et al., "FAMO: Fast Adaptive
///   Multitask Optimization", NeurIPS 2023, whose protocol this is: 64 × 64 pixels, values 0 … 1, no augmentation.
struct CelebAProblem {
  private static let folder = Parameter<String?>(
    "data", default: .some(nil), rule: "a path, or none",
    "The folder with CelebA's official files; none for `celeba` in the usual places."
  ) { $0 != "" }
  private static let side = Parameter<Int>.atLeast(
    8, "side", default: 64, "The height and width that pictures are brought to.")
  private static let keepsInMemory = Parameter<Bool>.any(
    "in_memory", default: false, "Whether decoded pictures are kept in memory: 50 kB each at 64×64.")
  private static let badSamples = Parameter<BadSamples>.any(
    "bad_samples", default: .fail,
    "Whether a training picture that cannot be read ends the run or is left out; a measured one always ends it."
  )

  static let about = ProblemDescription(
    name: "celeba", summary: "faces: forty questions of yes and no",
    parameters: [
      folder.description, side.description, keepsInMemory.description, SplitReader.workers.description,
      badSamples.description,
    ], source: "Liu et al. 2015; Liu et al. 2023 (FAMO)",
    tasks: CelebAFolder.attributes.map {
      TaskDescription(name: CelebAFolder.taskName(of: $0), summary: $0.replacing("_", with: " "))
    }, network: NetworkChoice(trunk: "celeba-cnn"))

  /// Finds the pictures and reads the lists.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let all = CelebAFolder.attributes.map {
      BinaryTask(name: CelebAFolder.taskName(of: $0), metrics: [F1Score()])
    }
    let tasks = try request.chosen(among: all)
    let faces = try CelebAFolder(
      options.value(of: folder)
        ?? request.usualFolder(
          named: about.name, fix: "get CelebA's official files, and name their folder"))
    let policy = try options.value(of: badSamples).policy
    try faces.glance(at: policy == .fail ? Split.allCases : [.validation, .test])
    let (side, isKept) = (try options.value(of: side), try options.value(of: keepsInMemory))
    let samples = { (split: Split) -> any SampleSource in
      let read = faces.samples(of: split, attributes: request.tasks, side: side)
      return isKept ? CachedSamples(read) : read
    }
    let reader = SplitReader(
      for: request, workers: try options.value(of: SplitReader.workers),
      badSamples: policy)
    return PlainProblem(
      tasks: tasks,
      data: try ProblemData(
        reader, training: samples(.training), validation: samples(.validation), test: samples(.test)))
  }
}

extension ProblemEntry {
  /// The line of CelebA.
  static let celebA = ProblemEntry(about: CelebAProblem.about, make: CelebAProblem.make)
}
