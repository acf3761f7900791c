import Torch
import TruceData
import TruceOptions
import TruceTasks

/// Eleven properties of a molecule, from its atoms and their places: QM9 under the published protocol.
///
/// - Source: R. Ramakrishnan et al., "Quantum chemistry structures and properties of 134 kilo molecules", 2014; A. Navon et
///   al., "Multi-Task Learning as a Bargaining Game", ICML 2022, whose tasks, network and sizes these are.
/// - Note: Mean and deviation are those of the run's training molecules; the published code takes them over all molecules,
///   which its subsets share. The split's seed does not give the published split.
struct QM9Problem {
  private static let folder = Parameter<String?>(
    "data", default: .some(nil), rule: "a path, or none",
    "The folder with the files of qm9pack; none for `qm9` in the usual places."
  ) { $0 != "" }
  private static let trainingCount = Parameter<Int?>(
    "train_samples", default: .some(nil), rule: "a whole number, at least 2, or none",
    form: Optional<Int>.form?.inside(1), "How many molecules are learned from; none for all that are left."
  ) { $0.map { $0 >= 2 } ?? true }
  private static let validationCount = Parameter<Int>.atLeast(
    0, "validation_samples", default: 10_000, "How many molecules are held out for validation.")
  private static let testCount = Parameter<Int>.atLeast(
    1, "test_samples", default: 10_000, "How many molecules are measured as `test`.")
  private static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the split.")
  private static let workers = Parameter<Int>.atLeast(
    0, "workers", default: 1, "The threads that put batches together ahead; results do not depend on it.")

  static let about = ProblemDescription(
    name: "qm9",
    summary: "molecules: eleven properties in published units, bonds read from SMILES",
    parameters: [
      folder.description, trainingCount.description, validationCount.description, testCount.description,
      dataSeed.description, workers.description,
    ], source: "Ramakrishnan et al. 2014; Navon et al. 2022 (Nash-MTL)",
    tasks: QM9Target.allCases.map { TaskDescription(name: $0.taskName, summary: $0.summary) },
    network: NetworkChoice(trunk: "nnconv"))

  /// Reads the molecules and splits them.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let wanted = try request.chosen(
      among: QM9Target.allCases.map { StandardizedTask(name: $0.taskName, deviation: 1) }
    ).map(\.name)
    let molecules = try QM9Folder(
      options.value(of: folder) ?? QM9Folder.published(in: request.dataFolders)
    ).molecules
    let parts = try molecules.parts(
      Molecules.Sizes(
        training: try options.value(of: trainingCount), validation: try options.value(of: validationCount),
        test: try options.value(of: testCount)),
      seed: UInt64(try options.value(of: dataSeed)))
    let properties = try QM9Target.allCases.filter { wanted.contains($0.taskName) }.map {
      try molecules.property($0, over: parts[.training] ?? [])
    }
    let samples = { (split: Split) in
      MoleculeSamples(molecules, positions: parts[split] ?? [], properties: properties)
    }
    let reader = SplitReader(for: request, workers: try options.value(of: workers))
    let validation = samples(.validation)
    var data = try ProblemData(
      reader, training: samples(.training), validation: validation.count > 0 ? validation : nil,
      test: samples(.test))
    data.encoding = MoleculeEncoding(properties)
    return PlainProblem(
      tasks: properties.map { StandardizedTask(name: $0.target.taskName, deviation: $0.deviation) },
      data: data)
  }
}

extension ProblemEntry {
  /// The line of QM9.
  static let qm9 = ProblemEntry(about: QM9Problem.about, make: QM9Problem.make)
}
