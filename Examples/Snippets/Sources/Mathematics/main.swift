import Truce

// What README and the documentation of `Truce` show, word for word.

func readme() throws {
  let gramian = try Gramian(taskCount: 2, elements: [18, -22, -22, 38])
  var reconciler = try Reconciler(.gramian(CAGrad(c: 0.5)), taskCount: 2)
  var step = try reconciler.begin(losses: [1, 1], learningRate: nil)
  let verdict = try reconciler.decide(&step, gramian: gramian)
  print(verdict.factors[0])  // what to multiply each task's gradient with
}

func reconciler() throws {
  var reconciler = try Reconciler(.gramian(CAGrad(c: 0.4)), taskCount: 2)
  var step = try reconciler.begin(losses: [0.7, 1.3], learningRate: 1e-3)
  let gramian = try Gramian(taskCount: 2, elements: [1, -0.5, -0.5, 2])
  let verdict = try reconciler.decide(&step, gramian: gramian)
  print(verdict.factors[0])  // the update is their combination of the two gradients
}

func catalogue() throws {
  let catalogue = try Catalogue.builtIn.adding([.gramian(MyMethod.self)])
  let method = try catalogue.method(named: "my-method", options: ["c": 0.4])
  print(method.about.title)
}

/// A method of one's own: the sum of the task gradients, times a number.
struct MyMethod: GramianMethod {
  static let factor = Parameter<Double>.atLeast(0, "c", default: 1, "What the sum is multiplied by.")
  static let about = MethodDescription(
    name: "my-method", title: "My method", summary: "Multiplies the sum of the task gradients.",
    kind: .gramian, paper: Sum.about.paper, formula: "wᵢ = c", parameters: [factor.description],
    cost: .gradientRows)

  let factor: Double

  init(options: Options) throws(OptionError) { factor = try options.value(of: Self.factor) }

  func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    [Double](repeating: factor, count: gramian.taskCount)
  }
}

try readme()
try reconciler()
try catalogue()
