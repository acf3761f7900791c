import TruceRun
import TruceStudy

/// What was run: the definition list of a problem's setup.
struct SetupFacts {
  private let results: StudyResults

  init(_ results: StudyResults) {
    self.results = results
  }

  /// Names and values, in the order of the page.
  var all: [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = [
      ("Problem", results.problem), ("Tasks and metrics", tasks), ("Methods", listed(results.methods)),
      ("Optimizers", listed(results.optimizers)), ("Learning rates", rates),
      ("Seeds", listed(results.seeds.map(String.init))), ("What counts", rule), ("Runs", runs),
    ]
    if let network { facts.append(("Network", network)) }
    return facts
  }

  private func listed(_ items: [String]) -> String { items.isEmpty ? "–" : Words.list(items) }

  private var tasks: String {
    let names = results.metrics.map { "\($0.title) \($0.higherIsBetter ? "↑" : "↓")" }
    return names.isEmpty
      ? "nothing has been measured yet" : Words.keepingArrows(names.joined(separator: ", "))
  }

  private var rates: String { listed(results.learningRates.map(NumberText.plain)) }

  /// Which measurement counts, in words.
  var rule: String {
    let what =
      switch results.rule {
      case .last: "the last measurement"
      case .meanOfLast(let count): "the mean of the last \(Words.count(count, "measurement"))"
      case .bestEpoch: "the epoch with the best score on the \(results.selectionSplit) data"
      }
    let choice =
      results.choosesLearningRates ? "; learning rates are chosen on the \(results.selectionSplit) data" : ""
    return "\(what) on the \(results.split) data\(choice)"
  }

  private var runs: String {
    let alone = results.records.filter { $0.configuration.tasks?.count == 1 }.count
    var text = "\(results.runs.count) finished of \(results.records.count - alone) with all tasks"
    text += alone > 0 ? ", and \(alone) of single tasks" : ""
    return text
  }

  private var network: String? {
    guard let beginning = results.runs.first?.record.beginning else { return nil }
    return """
      \(grouped(beginning.sharedParameters)) shared of \(grouped(beginning.totalParameters)) parameters, \
      \(Words.count(beginning.stepsPerEpoch, "step")) an epoch
      """
  }

  private func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text = "\u{202F}" + text }
      text = String(digit) + text
    }
    return text
  }

  /// The settings that all runs share, by key.
  var commonSettings: [(key: String, value: String)] {
    let runs = results.records.filter { $0.configuration.tasks?.count != 1 }.map(\.configuration)
    guard let first = runs.first else { return [] }
    return RunConfiguration.fields.compactMap { field in
      guard let text = field.text(of: first), runs.allSatisfy({ field.text(of: $0) == text }) else {
        return nil
      }
      return (field.key, text)
    }
  }

  /// Versions and machines, each with the number of runs where runs differ.
  static func environment(of records: [RunRecord]) -> [(name: String, value: String)] {
    let environments = records.compactMap(\.environment)
    func counted(_ value: (RunEnvironment) -> String?) -> String {
      let groups = Dictionary(grouping: environments.map { value($0) ?? "not recorded" }) { $0 }
      guard groups.count > 1 else { return groups.keys.first ?? "not recorded" }
      return groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        .map { "\($0.key) (\(Words.count($0.value.count, "run")))" }.joined(separator: "; ")
    }
    return [
      ("Truce", counted(\.truceVersion)),
      (
        "Revision",
        counted { environment in
          environment.gitRevision.map { $0 + (environment.gitIsDirty == true ? ", with changes" : "") }
        }
      ),
      ("libtorch", counted(\.libtorchVersion)), ("Swift", counted(\.swiftVersion)),
      ("Device", counted(\.device)),
      ("Threads", counted { "\($0.threads)" }), ("Machine", counted(\.host)),
      ("System", counted(\.operatingSystem)),
    ]
  }
}
