/// What a reader, a command line and the documentation know about an optimizer.
public struct OptimizerDescription: EntryDescription {
  /// "optimizer".
  public static var kind: String { "optimizer" }
  /// The name used in options and files, such as `adamw`.
  public let name: String
  /// The name as its paper spells it, such as `AdamW`.
  public let title: String
  /// What the optimizer does, in one sentence.
  public let summary: String
  /// The update of a parameter θ with gradient g and learning rate η.
  public let formula: String
  /// The paper.
  public let source: String
  /// The hyperparameters, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// The names of the tensors remembered for each parameter, as PyTorch spells them.
  public let slots: [String]

  /// Creates a description.
  public init(
    name: String, title: String, summary: String, formula: String, source: String,
    parameters: [ParameterDescription], slots: [String]
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.formula = formula
    self.source = source
    self.parameters = parameters
    self.slots = slots
  }

  /// The update, and what is remembered.
  public var facts: [EntryFact] {
    [
      EntryFact("update", formula, isListed: false),
      EntryFact("remembers", slots.isEmpty ? "nothing" : slots.joined(separator: ", ")),
    ]
  }
}

/// What a reader, a command line and the documentation know about a schedule.
public struct ScheduleDescription: EntryDescription {
  /// "schedule".
  public static var kind: String { "schedule" }
  /// The name used in options and files, such as `cosine`.
  public let name: String
  /// What the schedule does, in one sentence.
  public let summary: String
  /// The rate η as a formula of the position t, the total T and the base rate η₀.
  public let formula: String
  /// Where the schedule comes from.
  public let source: String
  /// The hyperparameters, in the order help texts list them.
  public private(set) var parameters: [ParameterDescription]
  /// Whether the schedule follows a measured value and so remembers things.
  public let followsMetric: Bool

  /// Creates a description.
  public init(
    name: String, summary: String, formula: String, source: String = "common use",
    parameters: [ParameterDescription] = [], followsMetric: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.source = source
    self.parameters = parameters
    self.followsMetric = followsMetric
  }

  /// The schedule with further hyperparameters behind its own.
  public func adding(_ further: [ParameterDescription]) -> ScheduleDescription {
    var extended = self
    extended.parameters += further
    return extended
  }

  /// The rate.
  public var facts: [EntryFact] { [EntryFact("rate", formula, isListed: false)] }
}
