import Testing
import Truce
import TruceTestSupport

@Suite("Who takes part, and what methods are told")
struct ReconcilerTests {
  private let gramian = InputFamilies.matrix("three", tasks: 3, coordinates: 8, seed: 5).gramian

  @Test("A task without labels has weight zero, and a method without state does not see it")
  func absentTask() throws {
    var reconciler = try Reconciler(.gramian(CAGrad(c: 0.4)), taskCount: 3)
    var step = try reconciler.begin(losses: [1, nil, 2], learningRate: nil)
    let verdict = try reconciler.decide(&step, gramian: gramian)
    var pair = try Reconciler(.gramian(CAGrad(c: 0.4)), taskCount: 2)
    var other = try pair.begin(losses: [1, 2], learningRate: nil)
    let expected = try pair.decide(&other, gramian: gramian.restricted(to: [0, 2]))
    #expect(verdict.factors[0] == [expected.factors[0][0], 0, expected.factors[0][1]])
  }

  /// Methods with an option for each task, and the same option for the first and the third alone.
  static let perTask: [(String, [String: OptionValue], [String: OptionValue])] = [
    ("config", ["preference": [1, 2, 3]], ["preference": [1, 3]]),
    ("aligned-mtl", ["preference": [1, 2, 3]], ["preference": [1, 3]]),
    ("dualproj", ["preference": [1, 2, 3]], ["preference": [1, 3]]),
    ("upgrad", ["preference": [1, 2, 3]], ["preference": [1, 3]]),
    ("pivrg", ["scores": [1, 2, 3]], ["scores": [1, 3]]),
    ("pcgrad", ["order": [[1, 2], [2, 0], [0, 1]]], ["order": [[1], [0]]]),
    ("cagrad-fast", ["sample": [2, 1]], ["sample": [1]]),
  ]

  @Test("Options for each task follow the tasks that take part", arguments: perTask.indices)
  func optionsOfAbsentTasks(index: Int) throws {
    let (name, all, few) = Self.perTask[index]
    func weights(_ options: [String: OptionValue], _ losses: [Double?], _ gramian: Gramian) throws -> [Double]
    {
      var reconciler = try Reconciler(
        Catalogue.method(named: name, options: options), taskCount: losses.count)
      var step = try reconciler.begin(losses: losses, learningRate: nil)
      return try reconciler.decide(&step, gramian: gramian).weights[0]
    }
    let partial = try weights(all, [1, nil, 2], gramian)
    let expected = try weights(few, [1, 2], gramian.restricted(to: [0, 2]))
    #expect(partial == [expected[0], 0, expected[1]])
    #expect(throws: MethodError.self) { try weights(all, [1, 2], gramian.restricted(to: [0, 1])) }
  }

  @Test("A method with state is told the absent task's last loss")
  func lossMemory() throws {
    var reconciler = try Reconciler(.lossWeighting(DynamicWeightAverage()), taskCount: 2)
    #expect(try reconciler.begin(losses: [nil, 3], learningRate: nil).context.losses == [1, 3])
    _ = try reconciler.begin(losses: [0.5, 2], learningRate: nil)
    #expect(try reconciler.begin(losses: [nil, nil], learningRate: nil).isOver)
    #expect(try reconciler.begin(losses: [nil, 4], learningRate: nil).context.losses == [0.5, 4])
  }

  @Test("A task without labels counts as unchanged where a weighting looks back")
  func lookingBack() throws {
    func logits(after: [Double?]) throws -> [Double] {
      var reconciler = try Reconciler(.lossWeighting(FAMO()), taskCount: 2)
      var step = try reconciler.begin(losses: [1, nil], learningRate: nil)
      _ = try reconciler.request(&step)
      try reconciler.observe(lossesAfterStep: after)
      var next = try reconciler.begin(losses: [1, 1], learningRate: nil)
      _ = try reconciler.request(&next)
      return try #require(next.lossWeights)
    }
    #expect(try logits(after: [0.5, nil]) == logits(after: [0.5, 1]))
    #expect(try logits(after: [0.5, nil]) != logits(after: [0.5, 0.5]))
  }

  @Test("A loss after the step that is not finite throws, or counts as unchanged under a forgiving policy")
  func lookingBackAtNothing() throws {
    for policy in NonFinitePolicy.allCases {
      var reconciler = try Reconciler(
        .lossWeighting(FAMO()), taskCount: 2, settings: StepSettings(nonFinite: policy))
      var step = try reconciler.begin(losses: [1, 1], learningRate: nil)
      _ = try reconciler.request(&step)
      if policy == .throw {
        #expect(throws: MethodError.nonFinite(task: 1, what: "loss after the step")) {
          try reconciler.observe(lossesAfterStep: [1, .nan])
        }
      } else {
        try reconciler.observe(lossesAfterStep: [1, .nan])
      }
    }
  }

  @Test("A method that trains with the network's rate asks for one")
  func learningRate() throws {
    var reconciler = try Reconciler(
      .lossWeighting(UncertaintyWeighting(learningRate: .model)), taskCount: 2)
    let before = try reconciler.stateBytes()
    var step = try reconciler.begin(losses: [1, 1], learningRate: nil)
    let error = MethodError.notApplicable(
      method: "uw", reason: "needs the learning rate of the network's optimizer")
    #expect(throws: error) { try reconciler.request(&step) }
    #expect(try reconciler.stateBytes() == before)
    var other = try reconciler.begin(losses: [1, 1], learningRate: 0.1)
    #expect(try reconciler.request(&other) == .weightedSum([0.5, 0.5]))
  }

  @Test("Wrong numbers of losses, gradients and tasks are said")
  func counts() throws {
    var reconciler = try Reconciler(.gramian(MGDA()), taskCount: 2)
    #expect(throws: MethodError.wrongCount(what: "losses", expected: 2, received: 3)) {
      try reconciler.begin(losses: [1, 2, 3], learningRate: nil)
    }
    var step = try reconciler.begin(losses: [1, 2], learningRate: nil)
    #expect(throws: MethodError.wrongCount(what: "task gradients", expected: 2, received: 3)) {
      try reconciler.decide(&step, gramian: gramian)
    }
    #expect(throws: MethodError.wrongCount(what: "tasks (at least)", expected: 1, received: 0)) {
      try Reconciler(.gramian(MGDA()), taskCount: 0)
    }
  }

  @Test("What a method does not do is refused, not guessed")
  func wrongQuestions() throws {
    var moDo = try Reconciler(.crossGramian(MoDo()), taskCount: 3)
    var step = try moDo.begin(losses: [1, 1, 1], learningRate: nil)
    #expect(
      throws: MethodError.notApplicable(
        method: "modo", reason: "does not find its weights from the Gramian of one batch alone")
    ) { try moDo.decide(&step, gramian: gramian) }
    var mgda = try Reconciler(.gramian(MGDA()), taskCount: 3)
    var other = try mgda.begin(losses: [1, 1, 1], learningRate: nil)
    let cross = try CrossGramian(taskCount: 3, elements: gramian.elements)
    #expect(throws: MethodError.notApplicable(method: "mgda", reason: "compares no two batches")) {
      try mgda.decide(&other, gramian: gramian, crossGramian: cross)
    }
    #expect(
      throws: MethodError.notApplicable(method: "mgda", reason: "has asked for no mixtures of the losses")
    ) { try mgda.decide(&other, mixtureGramians: [gramian]) }
  }

  // MARK: Mixtures

  @Test("CAGrad-Fast asks for a mixture less than there are tasks, and weighs it as the tasks themselves")
  func mixtures() throws {
    let input = InputFamilies.matrix("six", tasks: 6, coordinates: 9, seed: 2)
    let rows = input.hostRows
    let method = AnyMethod.gramian(try CAGradFast(CAGrad(c: 0.4), sampleSize: 2))
    var mixing = try Reconciler(method, taskCount: 6, seed: 7)
    var step = try mixing.begin(losses: [1, 1, 1, 1, 1, 1], learningRate: nil)
    guard case .mixtures(let mixtures) = try mixing.request(&step) else {
      Issue.record("no mixtures")
      return
    }
    #expect(mixtures.count == 3)
    let mixed = HostRows(rows: mixtures.map { rows.combined(with: $0) })
    let verdict = try mixing.decide(&step, mixtureGramians: [mixed.gramian()])

    var whole = try Reconciler(method, taskCount: 6, seed: 7)
    var other = try whole.begin(losses: [1, 1, 1, 1, 1, 1], learningRate: nil)
    let expected = try whole.decide(&other, gramian: rows.gramian())
    let (a, b) = (mixed.combined(with: verdict.factors[0]), rows.combined(with: expected.factors[0]))
    #expect(zip(a.coordinates, b.coordinates).allSatisfy { ($0 - $1).magnitude < 1e-10 })
    #expect(zip(verdict.weights[0], expected.weights[0]).allSatisfy { ($0 - $1).magnitude < 1e-10 })
  }

  @Test("CAGrad-Fast with a sample of all tasks draws nothing ahead and asks for the tasks")
  func fullSample() throws {
    let method = AnyMethod.gramian(try CAGradFast(CAGrad(c: 0.4), sampleSize: 4))
    var reconciler = try Reconciler(method, taskCount: 3, seed: 7)
    let generator = reconciler.generator
    var step = try reconciler.begin(losses: [1, 1, 1], learningRate: nil)
    #expect(try reconciler.request(&step) == .taskGradients)
    #expect(reconciler.generator == generator)
  }

  // MARK: Catalogue

  @Test("A catalogue takes more methods, but no name twice")
  func openCatalogue() throws {
    let entry = CatalogueEntry.gramian(Halving.self)
    let catalogue = try Catalogue.builtIn.adding([entry])
    #expect(catalogue.entries.count == Catalogue.entries.count + 1)
    var reconciler = try Reconciler(catalogue.method(named: "halving"), taskCount: 2)
    var step = try reconciler.beginWithoutLosses(learningRate: nil)
    let gramian = Gramian(taskCount: 2) { $0 == $1 ? 1 : 0 }
    #expect(try reconciler.decide(&step, gramian: gramian).factors == [[0.5, 0.5]])
    #expect(throws: MethodError.unknownMethod(name: "halving", closest: nil)) {
      try Catalogue.method(named: "halving")
    }
    #expect(
      throws: MethodError.notApplicable(
        method: "halving", reason: "there is a method of this name already")
    ) { try catalogue.adding([entry]) }
  }

  /// A method that is not in the catalogue.
  private struct Halving: GramianMethod {
    static let about = MethodDescription(
      name: "halving", title: "Halving", summary: "Halves every gradient.", kind: .gramian,
      paper: EqualWeighting.about.paper, formula: "wᵢ = ½", cost: .gradientRows)

    init(options: Options) throws(OptionError) {}

    func weights(
      gramian: Gramian, context: StepContext, state: inout Stateless,
      using generator: inout some RandomNumberGenerator
    ) throws(MethodError) -> [Double] { [Double](repeating: 0.5, count: gramian.taskCount) }
  }
}
