import Truce
import TruceRun

/// A key of a study file: its name, what its value must be, what it means, and what holds where it is left out.
///
/// The readers of study files refuse what is not in these tables and quote their rules; `truce study keys` and the
/// documentation print them.
public struct StudyKey: Sendable, Equatable {
  /// The key, in snake case.
  public let name: String
  /// What the value must be.
  public let rule: String
  /// What the value does, in one sentence.
  public let summary: String
  /// What holds where the key is left out; nil where it is required.
  public let usual: String?

  init(_ name: String, rule: String, usual: String?, _ summary: String) {
    self.name = name
    self.rule = rule
    self.usual = usual
    self.summary = summary
  }

  init(_ field: ConfigurationField, usual: String?) {
    self.init(field.key, rule: field.rule, usual: usual, field.summary)
  }
}

/// The keys of one mapping of a study file.
public struct StudyKeyGroup: Sendable {
  /// Where the mapping stands, such as `budget`; empty for the file itself.
  public let place: String
  /// What the keys are for, in one sentence.
  public let summary: String
  /// The keys, in the order in which they are explained.
  public let keys: [StudyKey]

  /// The mapping with the key of one name alone.
  public func only(_ name: String) -> StudyKeyGroup {
    StudyKeyGroup(place: place, summary: summary, keys: keys.filter { $0.name == name })
  }
}

// MARK: Tables

extension StudyKey {
  static let name = StudyKey(
    "name", rule: "a name of letters, digits, dots, dashes and underscores", usual: nil,
    "The study's name, which is also its folder's, runs/NAME.")
  static let question = StudyKey(
    "question", rule: "a text", usual: "none",
    "The question that the study is to answer, at the head of its report.")
  static let notes = StudyKey(
    "notes", rule: "a text, or a list of texts", usual: "none",
    "Remarks that a reader of the results should know.")
  static let tags = StudyKey(
    "tags", rule: "a word, or a list of words", usual: "none",
    "Words for what the study is about, shown at the head of its report.")
  static let methods = StudyKey(
    "methods", rule: "a list of methods, each a name or a mapping", usual: nil,
    "The methods that are compared; not beside `cells`.")
  static let optimizers = StudyKey(
    "optimizers", rule: "a list of optimizers, each a name or a mapping", usual: "adam",
    "The optimizers that each method is trained with.")
  static let learningRates = StudyKey(
    "learning_rates", rule: "a list of numbers greater than 0",
    usual: "\(OptionValue.number(RunConfiguration(problem: "", method: "").learningRate))",
    "The learning rates tried; the best is reported.")
  static let seeds = StudyKey(
    "seeds", rule: "a list of whole numbers, at least 0, or ranges such as 0-4", usual: "0",
    "The seeds with which each cell is trained.")
  static let cells = StudyKey(
    "cells", rule: "a list of mappings with keys of a run, and `seeds`",
    usual: "every combination of the axes",
    "The cells one by one, instead of every combination of methods, optimizers and learning rates.")
  static let baselines = StudyKey(
    "baselines", rule: "true, false or a mapping", usual: "false",
    "Whether each task is also trained alone, as Δm is measured against; tuned as the mapping says.")
  static let report = StudyKey(
    "report", rule: "\(ReportingRuleName.list), or a mapping", usual: "last",
    "Which measurement of a run counts: a rule of `report.rule` alone, or more.")
  static let budget = StudyKey("budget", rule: "a mapping", usual: "none", "What the study may cost.")
  static let retries = StudyKey(
    "retries", rule: "a whole number, at least 0", usual: "1", "How often a run that crashed is tried again.")

  static let reportRule = StudyKey(
    "rule", rule: ReportingRuleName.list, usual: "last",
    "The last measurement (`last`, also `final`), the epoch that is best on the split of selection, `validation` where it "
      + "was measured (`best-epoch`, also `best-validation`), or the mean of the last ones (`mean-of-last`; "
      + "`last-10-epochs` of the last ten).")
  static let reportEpochs = StudyKey(
    "epochs", rule: "a whole number, at least 1", usual: "10", "How many measurements `mean-of-last` takes.")
  static let reportSplit = StudyKey(
    "split", rule: "a split's name", usual: "test, or the only one measured", "The split that is reported.")
  static let reportPublished = StudyKey(
    "published", rule: "a table of `truce published`", usual: "none",
    "The paper's table whose rows the report shows beside the study's, marked and with their source.")

  static let maxSeconds = StudyKey(
    "max_seconds", rule: "a number greater than 0", usual: "no limit",
    "After so many seconds a runner starts no further run.")
  static let maxCells = StudyKey(
    "max_cells", rule: "a whole number, at least 1", usual: "\(StudyBudget.usualCells)",
    "More cells are refused, which catches a product that grew by mistake.")

  static let methodName = StudyKey("name", rule: "a method's name", usual: nil, "The method.")
  static let methodOptions = StudyKey(
    "options", rule: "a mapping of options; a list of values is an axis", usual: "the method's defaults",
    "The method's options.")
  static let optimizerName = StudyKey("name", rule: "an optimizer's name", usual: nil, "The optimizer.")
  static let optimizerOptions = StudyKey(
    "options", rule: "a mapping of options", usual: "the optimizer's defaults", "The optimizer's options.")
  static let ownLearningRates = StudyKey(
    "learning_rates", rule: learningRates.rule, usual: "the study's", "A ladder of learning rates of its own."
  )

  static let baselineTasks = StudyKey(
    "tasks", rule: "a list of task names", usual: "the study's `tasks`", "The tasks that are trained alone.")
  static let baselineOptimizers = StudyKey(
    "optimizers", rule: optimizers.rule, usual: "the study's", "The optimizers of the single-task networks.")
  static let baselineSeeds = StudyKey(
    "seeds", rule: seeds.rule, usual: "the study's", "The seeds of the single-task networks.")
}

/// The tables of keys by which a study file is read.
public enum StudyKeys {
  static let own: [StudyKey] = [
    .name, .question, .notes, .tags, .methods, .optimizers, .learningRates, .seeds, .cells, .baselines,
    .report,
    .budget, .retries,
  ]
  static let report: [StudyKey] = [.reportRule, .reportEpochs, .reportSplit, .reportPublished]
  static let budget: [StudyKey] = [.maxSeconds, .maxCells]
  static let method: [StudyKey] =
    [.methodName, .methodOptions]
    + runKeys(["weighting", "weighting_options", "preset", "grouping", "gradients"])
  static let optimizer: [StudyKey] =
    [.optimizerName, .optimizerOptions, .ownLearningRates] + runKeys(["schedule", "schedule_options"])
  static let baselines: [StudyKey] = [
    .baselineTasks, .baselineOptimizers, .ownLearningRates, .baselineSeeds,
  ]
  /// The keys of a run that a study file may hold; those of a study's own axes are not among them.
  static let shared = runKeys(StudyReader.sharedKeys)

  /// Every mapping of a study file with its keys.
  public static let groups = [
    StudyKeyGroup(
      place: "", summary: "The study: what is compared, how often, and what it may cost.", keys: own),
    StudyKeyGroup(
      place: "methods", summary: "One entry of `methods` that is more than a name.", keys: method),
    StudyKeyGroup(
      place: "optimizers", summary: "One entry of `optimizers` that is more than a name.", keys: optimizer),
    StudyKeyGroup(
      place: "baselines",
      summary: "The single-task networks; keys of a run may stand here too, and else are the study's.",
      keys: baselines),
    StudyKeyGroup(
      place: "report", summary: "Which measurement of a run counts, and what stands beside it.", keys: report),
    StudyKeyGroup(place: "budget", summary: "What the study may cost.", keys: budget),
    StudyKeyGroup(
      place: "run",
      summary:
        "Every key of a run, as in `truce train`'s configuration. In a study file those that no key above sets stand "
        + "beside them, for all cells; a list of values is a further axis.",
      keys: runKeys(RunConfiguration.fields.map(\.key))),
  ]

  private static func runKeys(_ names: [String]) -> [StudyKey] {
    let usual = RunConfiguration(problem: "", method: "")
    return RunConfiguration.fields.filter { names.contains($0.key) }.map { field in
      let isRequired = ["problem", "method"].contains(field.key)
      return StudyKey(field, usual: isRequired ? nil : field.text(of: usual) ?? "none")
    }
  }
}

extension [StudyKey] {
  /// The names alone.
  var names: [String] { map(\.name) }
}
