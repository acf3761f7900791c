/// What a reader, the command line, the documentation and the shared tests know about a method.
public struct MethodDescription: Sendable, Equatable, Codable {
  /// The name used in options and files, such as `cagrad`.
  public let name: String
  /// The name as its paper spells it, such as `CAGrad`.
  public let title: String
  /// What the method does, in one sentence.
  public let summary: String
  /// What the method sees and returns.
  public let kind: MethodKind
  /// Where the method comes from.
  public let paper: Citation
  /// The update rule, in plain text with Unicode symbols.
  public let formula: String
  /// The parameters, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// What the method asks of the engine beside its kind's usual input.
  public let needs: MethodNeeds
  /// What a step costs.
  public let cost: MethodCost
  /// What the method remembers between steps, in words; "none" where nothing.
  public let state: String
  /// Properties the shared tests hold the method to.
  public let properties: Set<MethodProperty>
  /// Departures from the authors' code, and other things worth knowing.
  public let notes: [String]

  /// Creates a description.
  public init(
    name: String, title: String, summary: String, kind: MethodKind, paper: Citation,
    formula: String, parameters: [ParameterDescription] = [], needs: MethodNeeds = [],
    cost: MethodCost, state: String = "none", properties: Set<MethodProperty> = [],
    notes: [String] = []
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.kind = kind
    self.paper = paper
    self.formula = formula
    self.parameters = parameters
    self.needs = needs
    self.cost = cost
    self.state = state
    self.properties = properties
    self.notes = notes
  }
}

/// What a method sees and returns.
public enum MethodKind: String, Sendable, Codable, CaseIterable {
  /// Losses to loss weights.
  case lossWeighting = "loss weighting"
  /// Gramian to weights on the task gradients.
  case gramian = "Gramian"
  /// Gradient rows to the combined gradient.
  case matrix
  /// Gramian between two batches to weights on a third batch's gradients.
  case crossGramian = "cross-Gramian"
  /// A rule inside the training step: optimizers, features or an inner optimisation.
  case wholeStep = "whole step"
}

/// What a method asks of the engine beside its kind's usual input.
public struct MethodNeeds: OptionSet, Sendable, Codable, Hashable {
  /// The bits.
  public let rawValue: Int
  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The task losses enter a Gramian or matrix method.
  public static let losses = MethodNeeds(rawValue: 1)
  /// A loss weighting that needs the lengths of the task gradients.
  public static let gradientNorms = MethodNeeds(rawValue: 2)
  /// The losses of the same batch after the step.
  public static let secondForward = MethodNeeds(rawValue: 4)
  /// Two more independent batches a step.
  public static let extraBatches = MethodNeeds(rawValue: 8)
  /// Batches of a validation split.
  public static let validationBatches = MethodNeeds(rawValue: 16)
  /// Gradients with respect to the shared features.
  public static let featureGradients = MethodNeeds(rawValue: 32)
  /// The mean losses at the end of each epoch.
  public static let epochEnds = MethodNeeds(rawValue: 64)
}

/// What a step of a method costs beside one forward pass.
public struct MethodCost: Sendable, Equatable, Codable {
  /// Backward passes, as a formula in K: `1`, `K`, `3K`.
  public let backwardPasses: String
  /// Memory beside the network's own gradient at the step's peak, as a formula in K and P: `K`, `K·P`, `2·K·P`.
  public let memory: String

  /// Creates a cost.
  public init(backwardPasses: String, memory: String) {
    self.backwardPasses = backwardPasses
    self.memory = memory
  }

  /// One backward pass and a number for each task.
  public static let lossWeighting = MethodCost(backwardPasses: "1", memory: "K")
  /// One backward pass and one gradient row for each task.
  public static let gradientRows = MethodCost(backwardPasses: "K", memory: "K·P")
}

/// A property that the shared tests hold a method to.
public enum MethodProperty: String, Sendable, Codable, CaseIterable {
  /// Reordering the tasks reorders the weights and leaves the direction unchanged.
  case permutationEquivariant = "permutation equivariant"
  /// The direction has no negative inner product with any task gradient.
  case nonConflicting = "non-conflicting"
  /// Multiplying one task's loss by a positive constant changes nothing but perhaps the update's length.
  case taskScaleInvariant = "invariant to each task's scale"
  /// Multiplying all losses by a positive constant leaves the direction unchanged.
  case commonScaleInvariant = "invariant to a common scale"
  /// Multiplying all losses by a positive constant multiplies the direction by it.
  case homogeneous
  /// The direction is linear under positive scaling of the rows.
  case linearUnderScaling = "linear under scaling"
  /// The weights are not negative.
  case nonNegativeWeights = "non-negative weights"
  /// The weights sum to one.
  case convexWeights = "convex weights"
  /// The same input gives the same output whatever the random source.
  case deterministic
}

/// Where a method comes from.
public struct Citation: Sendable, Equatable, Codable {
  /// The first author and others, such as "Liu et al.".
  public let authors: String
  /// The title.
  public let title: String
  /// The year of publication.
  public let year: Int
  /// The venue, such as "NeurIPS".
  public let venue: String
  /// The paper's address, an arXiv page where there is one.
  public let address: String

  /// Creates a citation.
  public init(authors: String, title: String, year: Int, venue: String, address: String) {
    self.authors = authors
    self.title = title
    self.year = year
    self.venue = venue
    self.address = address
  }
}
