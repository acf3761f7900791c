import Testing
import Truce
import TruceTestSupport

@Suite("Every Gramian method gives finite weights or a typed error")
struct FiniteOutputTests {
  @Test(arguments: gramianMethodNames)
  func onEveryFamily(_ name: String) throws {
    for input in InputFamilies.all { try expectFinite(name, input) }
  }

  private func expectFinite(_ name: String, _ input: GradientInput) throws {
    do {
      let weights = try firstWeights(name, gramian: input.gramian)
      #expect(weights.count == input.taskCount, "\(name), \(input)")
      let areFinite = weights.allSatisfy(\.isFinite)
      #expect(areFinite, "\(name), \(input): \(weights)")
    } catch MethodError.notApplicable(let method, _) {
      #expect(method == "krum" && input.taskCount < 3, "\(name), \(input)")
    }
  }

  @Test(arguments: gramianMethodNames)
  func aGradientThatIsNotFiniteIsNamed(_ name: String) throws {
    let gramian = try Gramian(
      taskCount: 3, elements: [1, 0, 0, 0, .nan, 0, 0, 0, 1])
    #expect(throws: MethodError.nonFinite(task: 1, what: "gradient")) {
      try firstWeights(name, gramian: gramian)
    }
  }

  @Test(arguments: gramianMethodNames)
  func aGramianOfAnotherSizeIsRefused(_ name: String) throws {
    var trial = try makeGramianMethod(name, taskCount: 3)
    var source = RandomSource(seed: 0)
    let gramian = InputFamilies.gaussian[3].gramian
    #expect(throws: MethodError.wrongCount(what: "task gradients", expected: 3, received: 2)) {
      try trial.weights(gramian: gramian, context: StepContext(losses: [1, 1, 1]), using: &source)
    }
  }
}
