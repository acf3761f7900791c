import Truce
public import TruceRun

/// What a run compares: a method, an optimizer and a learning rate, each as readers know it.
///
/// Runs that share a variant differ in nothing but the seed.
public struct Variant: Hashable, Sendable, Comparable {
  /// The method, with what else sets the run apart, such as `UW + CAGrad c=0.4`.
  public let method: String
  /// The optimizer, such as `SGD+momentum`.
  public let optimizer: String
  /// The learning rate at the start.
  public let learningRate: Double
  /// The method's place in the catalogue, by which tables are sorted.
  let rank: Int

  /// Whether one variant comes before another in a table.
  public static func < (left: Self, right: Self) -> Bool {
    (left.rank, left.method, left.optimizer, left.learningRate)
      < (right.rank, right.method, right.optimizer, right.learningRate)
  }

  /// The method and the optimizer, without the learning rate.
  public var setup: Setup { Setup(method: method, optimizer: optimizer) }
}

/// A method with an optimizer.
public struct Setup: Hashable, Sendable, CustomStringConvertible {
  /// The method.
  public let method: String
  /// The optimizer.
  public let optimizer: String

  /// Creates a setup.
  public init(method: String, optimizer: String) {
    self.method = method
    self.optimizer = optimizer
  }

  /// The setup in words.
  public var description: String { "\(method) with \(optimizer)" }
}

/// Gives the runs of a study names that are as short as their differences allow.
///
/// An option or key that is the same in all runs is left out; the page states it once, with the setup.
struct VariantLabels {
  private let varyingFields: [ConfigurationField]
  private let varyingOptions: [Name: Set<String>]
  private let hasSeveralSchedules: Bool
  private let ranks: [String: Int]

  /// What may carry options.
  private enum Name: Hashable {
    case method(String)
    case weighting(String)
    case optimizer(OptimizerName)
    case schedule(ScheduleName)
  }

  /// Keys that have words of their own in a label, or in a table beside it.
  private static let axisKeys: Set<String> = [
    "problem", "method", "options", "weighting", "weighting_options", "optimizer", "optimizer_options",
    "learning_rate", "schedule", "schedule_options", "seed",
  ]

  /// Learns what differs between some runs.
  init(_ runs: [RunConfiguration]) {
    varyingFields = RunConfiguration.fields.filter { field in
      field.role == .computes && !Self.axisKeys.contains(field.key)
        && Set(runs.map { field.text(of: $0) ?? "" }).count > 1
    }
    hasSeveralSchedules = Set(runs.map(\.schedule)).count > 1
    varyingOptions = Dictionary(grouping: runs.flatMap(Self.namedOptions), by: \.name)
      .mapValues { Self.varyingKeys(of: $0.map(\.options)) }
    ranks = Dictionary(
      Catalogue.entries.enumerated().map { ($1.about.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func namedOptions(
    of run: RunConfiguration
  ) -> [(name: Name, options: [String: OptionValue])] {
    var named: [(name: Name, options: [String: OptionValue])] = [
      (.method(run.method), run.options), (.optimizer(run.optimizer), run.optimizerOptions),
      (.schedule(run.schedule), run.scheduleOptions),
    ]
    if let weighting = run.weighting { named.append((.weighting(weighting), run.weightingOptions)) }
    return named
  }

  private static func varyingKeys(of options: [[String: OptionValue]]) -> Set<String> {
    let keys = Set(options.flatMap(\.keys))
    return keys.filter { key in Set(options.map { $0[key]?.description ?? "" }).count > 1 }
  }

  /// The name of a run's variant.
  func variant(of run: RunConfiguration) -> Variant {
    Variant(
      method: method(of: run), optimizer: optimizer(of: run), learningRate: run.learningRate,
      rank: ranks[run.method] ?? ranks.count)
  }

  private func method(of run: RunConfiguration) -> String {
    var name = words(Self.title(of: run.method), run.options, of: .method(run.method))
    if let weighting = run.weighting {
      name = words(Self.title(of: weighting), run.weightingOptions, of: .weighting(weighting)) + " + " + name
    }
    let extra = varyingFields.compactMap { field in field.text(of: run).map { "\(field.key)=\($0)" } }
    return ([name] + extra).joined(separator: ", ")
  }

  private func optimizer(of run: RunConfiguration) -> String {
    var name = run.optimizer.title
    if case .number(let momentum)? = run.optimizerOptions["momentum"], momentum > 0 { name += "+momentum" }
    var label = words(name, run.optimizerOptions, of: .optimizer(run.optimizer))
    if hasSeveralSchedules { label += ", \(run.schedule.rawValue)" }
    return words(label, run.scheduleOptions, of: .schedule(run.schedule))
  }

  /// A name and those of its options that differ between runs.
  private func words(_ label: String, _ options: [String: OptionValue], of name: Name) -> String {
    let varying = varyingOptions[name] ?? []
    let shown = options.filter { varying.contains($0.key) }.sorted { $0.key < $1.key }
    return ([label] + shown.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }

  /// The method's title in the catalogue; its name where another version of Truce ran it.
  private static func title(of method: String) -> String {
    Catalogue.entries.first { $0.about.name == method }?.about.title ?? method
  }
}

extension OptimizerName {
  /// The name as papers spell it.
  public var title: String {
    switch self {
    case .sgd: "SGD"
    case .signsgd: "signSGD"
    case .adam: "Adam"
    case .adamw: "AdamW"
    case .rmsprop: "RMSprop"
    case .adagrad: "Adagrad"
    }
  }
}
