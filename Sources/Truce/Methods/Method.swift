/// A rule that reconciles the gradients of several tasks.
///
/// A method is an immutable value with validated parameters. What it remembers from step to step is
/// an explicit ``State`` that the caller keeps, so that every method can be saved and resumed.
public protocol Method: Sendable {
  /// What the method remembers between steps.
  associatedtype State: Codable & Sendable = Stateless

  /// What a reader, the command line and the tests know about the method.
  static var about: MethodDescription { get }

  /// Creates the method from named options, filling in defaults.
  ///
  /// - Throws: `OptionError` where an option is unknown, missing or breaks its rule.
  init(options: Options) throws(OptionError)

  /// The state before the first step.
  func initialState(taskCount: Int) -> State
}

/// The state of a method that remembers nothing.
public struct Stateless: Codable, Equatable, Sendable {
  /// Creates the empty state.
  public init() {}
}

extension Method where State == Stateless {
  /// The empty state.
  public func initialState(taskCount: Int) -> Stateless { Stateless() }
}

/// A method that weighs the losses before the backward pass: the total is differentiated once.
///
/// The weights multiply the losses for the shared parameters and for the heads alike.
public protocol LossWeighting: Method {
  /// Returns `d(total) / d(Lᵢ)` for each of the K losses, and advances the state by one step.
  ///
  /// - Throws: ``MethodError`` where a loss is not finite or outside the method's domain.
  func weights(
    context: StepContext, state: inout State, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double]

  /// Tells the method the losses of the same batch after the optimizer's step.
  ///
  /// Called only for a method that declares ``MethodNeeds/secondForward``.
  func observe(lossesAfterStep losses: [Double], state: inout State) throws(MethodError)

  /// Tells the method that an epoch has ended, with the mean of each loss over it.
  func endEpoch(meanLosses: [Double], state: inout State) throws(MethodError)
}

extension LossWeighting {
  /// Ignores the losses after the step.
  public func observe(lossesAfterStep losses: [Double], state: inout State) throws(MethodError) {}
  /// Ignores the end of an epoch.
  public func endEpoch(meanLosses: [Double], state: inout State) throws(MethodError) {}
}

/// A method that sees the inner products of the task gradients and returns a weight for each.
///
/// The update of the shared parameters is `d = Σ wᵢ gᵢ`; every head keeps its own task's gradient.
public protocol GramianMethod: Method {
  /// Returns the method for some of the tasks alone, for a step in which the others do not take part.
  ///
  /// Options with an entry for each task are cut down to theirs. By default the method itself.
  func restricted(to tasks: [Int]) -> Self

  /// The power `p` by which the weights answer a factor `f` on all gradients, losses as they are:
  /// `w(f g) = f^p w(g)`, in every step; nil where there is none.
  ///
  /// By default 0 for a homogeneous method, −1 for one that is invariant to a common scale, else nil.
  var scalePower: Double? { get }

  /// Returns the weights on the K task gradients, and advances the state by one step.
  ///
  /// - Throws: ``MethodError`` where the input is not finite or a solver misses its tolerance.
  func weights(
    gramian: Gramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double]
}

extension GramianMethod {
  /// Returns the method itself, which has no option with an entry for each task.
  public func restricted(to tasks: [Int]) -> Self {
    self
  }

  /// What the properties say.
  public var scalePower: Double? {
    let properties = Self.about.properties
    return properties.contains(.homogeneous) ? 0 : properties.contains(.commonScaleInvariant) ? -1 : nil
  }
}

/// A method that needs the gradients themselves, coordinate by coordinate or with P-sized state.
public protocol MatrixMethod: Method {
  /// Returns the update `d` of the shared parameters, and advances the state by one step.
  ///
  /// - Throws: ``MethodError`` where the input is not finite.
  func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<State, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector
}

/// What a matrix method remembers: small values, and named lists of gradient-sized vectors.
public struct MatrixState<Scalars: Codable & Sendable, Vector> {
  /// The values that do not grow with the network.
  public var scalars: Scalars
  /// Gradient-sized vectors by name, one for each task or a single one.
  public var buffers: [String: [Vector]]

  /// Creates a state.
  public init(scalars: Scalars, buffers: [String: [Vector]] = [:]) {
    self.scalars = scalars
    self.buffers = buffers
  }
}

/// A method that compares the gradients of two independent batches and steps with a third.
public protocol CrossGramianMethod: Method {
  /// Returns the weights on the third batch's gradients from `M = G₁ G₂ᵀ`, and advances the state.
  ///
  /// - Throws: ``MethodError`` where the input is not finite.
  func weights(
    crossGramian: CrossGramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double]
}

/// A method whose rule lives in the training step itself.
///
/// It keeps an optimizer for each task, rotates the shared features or runs an inner optimisation; the
/// engine reads the parameters and does the rest.
public protocol WholeStepMethod: Method {}
