import TruceData
import TruceOptions
import TruceTasks

/// The options of a problem over pictures of several domains, and how its data are read.
struct DomainSettings {
  private static let folder = Parameter<String>(
    "data", default: nil, rule: "a path",
    "The folder that holds a folder for each domain, with one for each class."
  ) { !$0.isEmpty }
  private static let domains = Parameter<[String]?>(
    "domains", default: .some(nil), rule: "a list of folders' names, or none",
    "The domains; none for all that lie in the folder."
  ) { $0.map { !$0.isEmpty } ?? true }
  private static let lists = Parameter<String?>(
    "lists", default: .some(nil), rule: "a path, or none",
    "A folder with lists of every domain's pictures for each split, such as `amazon_train.txt`; none for random shares."
  ) { $0 != "" }
  private static let trainingShare = share(
    "training_share", 0.6, "The share of each domain's pictures to learn from.")
  private static let validationShare = share(
    "validation_share", 0.2, "The share to choose by; what is left is reported on.")
  private static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the random shares.")
  private static let unmatched = Parameter<Unmatched>.any(
    "unmatched", default: .refuse,
    "Whether classes that not all domains have, and names in lists without a picture, are refused or left out."
  )
  private static let ending = Parameter<Ending>.any(
    "ending", default: .restart,
    "What ends an epoch: the longest stream, the others beginning again, or (`stop`) the shortest.")
  private static let side = Parameter<Int>.atLeast(
    8, "side", default: 224, "The height and width that pictures are brought to.")
  private static let mirrors = Parameter<Bool>.any(
    "mirror", default: false, "Whether training pictures are mirrored by chance; LibMTL does not.")
  private static let keepsInMemory = Parameter<Bool>.any(
    "in_memory", default: false, "Whether decoded pictures are kept in memory: 0.6 MB each at 224×224.")
  private static let badSamples = Parameter<BadSamples>.any(
    "bad_samples", default: .fail,
    "Whether a training picture that cannot be read ends the run or is left out; a measured one always ends it."
  )

  private static func share(_ name: String, _ value: Double, _ summary: String) -> Parameter<Double> {
    .share(name, default: value, summary)
  }

  static let parameters = [
    folder.description, domains.description, lists.description, trainingShare.description,
    validationShare.description, dataSeed.description, unmatched.description, ending.description,
    side.description, mirrors.description, keepsInMemory.description, SplitReader.workers.description,
    badSamples.description,
  ]

  /// The folder of the domains.
  let root: String
  /// Which pictures are taken.
  let choice: DomainFolders.Choice
  private let ending: ZippedSource.Ending
  private let side, workers: Int
  private let mirrors, keepsInMemory: Bool
  private let badSamples: BadSamplePolicy

  init(_ options: Options) throws {
    root = try options.value(of: Self.folder)
    choice = DomainFolders.Choice(
      domains: try options.value(of: Self.domains), division: try Self.division(options),
      unmatched: try options.value(of: Self.unmatched).rule)
    ending = try options.value(of: Self.ending).rule
    side = try options.value(of: Self.side)
    mirrors = try options.value(of: Self.mirrors)
    keepsInMemory = try options.value(of: Self.keepsInMemory)
    workers = try options.value(of: SplitReader.workers)
    badSamples = try options.value(of: Self.badSamples).policy
  }

  private static func division(_ options: Options) throws -> DomainFolders.Division {
    if let lists = try options.value(of: Self.lists) { return .lists(lists) }
    let (training, validation) = (
      try options.value(of: trainingShare), try options.value(of: validationShare)
    )
    guard training > 0, training + validation < 1 else {
      throw TaskError.incompatible(
        reason:
          "training_share \(training) and validation_share \(validation) leave one of the splits nothing",
        help: "give training_share above 0 and both together below 1")
    }
    return .ratio(
      SplitRatio(
        shares: [
          .training: training, .validation: validation, .test: 1 - training - validation,
        ], seed: UInt64(try options.value(of: dataSeed))))
  }

  // MARK: Data

  /// Names the pictures that cannot be read, as far as a look at their files tells: those that are measured, and those to
  /// learn from where they are not to be left out.
  func glance(at domains: [DomainFolders.Domain], in folders: DomainFolders) throws(DataError) {
    let measured = [Split.validation, .test]
    try folders.glance(at: badSamples == .fail ? [.training] + measured : measured, of: domains)
  }

  /// A stream for each domain: side by side in training, one behind the other where they are measured.
  func data(
    of domains: [DomainFolders.Domain], in folders: DomainFolders, _ request: ProblemRequest
  ) throws -> ProblemData {
    let reader = SplitReader(
      for: request, workers: workers, badSamples: badSamples,
      augmentation: mirrors ? Augmentation([try RandomFlip([.input("image")])], seed: request.seed) : .none)
    let hasValidation = domains.allSatisfy { $0.count(of: .validation) > 0 }
    let splits = (hasValidation ? [Split.validation] : []) + [.test]
    return ProblemData(
      training: try zipped(.training, of: domains, in: folders, with: reader),
      validation: hasValidation ? try zipped(.validation, of: domains, in: folders, with: reader) : nil,
      evaluation: try splits.map { split in
        let streams = try domains.map { domain in
          (domain: domain.name, source: try reader.measured(samples(split, of: domain, in: folders)))
        }
        return (split.rawValue, try SequencedSource(streams))
      }, encoding: folders.encoding)
  }

  private func zipped(
    _ split: Split, of domains: [DomainFolders.Domain], in folders: DomainFolders, with reader: SplitReader
  ) throws -> ZippedSource {
    let streams = try domains.map { domain in
      // A stream is the same whichever tasks take part.
      let number = folders.domains.firstIndex { $0.name == domain.name } ?? 0
      return (
        domain: domain.name,
        source: try reader.training(samples(split, of: domain, in: folders), stream: number)
      )
    }
    return try ZippedSource(streams, ending: ending)
  }

  private func samples(
    _ split: Split, of domain: DomainFolders.Domain, in folders: DomainFolders
  ) -> any SampleSource {
    let read = folders.samples(of: split, in: domain, side: side)
    return keepsInMemory ? CachedSamples(read) : read
  }
}

/// What becomes of what has no counterpart.
private enum Unmatched: String, CaseIterable, ParameterValue {
  case refuse, skip

  var rule: FoldersSpecification.Unmatched { self == .refuse ? .refuse : .skip }
}

/// What ends an epoch of several streams.
private enum Ending: String, CaseIterable, ParameterValue {
  case restart, stop

  var rule: ZippedSource.Ending { self == .restart ? .restart : .stop }
}
