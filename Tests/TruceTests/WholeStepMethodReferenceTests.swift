import RealModule
import Testing

@testable import Truce

@Suite("Whole-step methods against reference values")
struct WholeStepMethodReferenceTests {
  private func options(
    _ values: [String: OptionValue], of about: MethodDescription
  ) throws -> Options {
    try Options(for: about, values: values)
  }

  @Test func separateAdams() throws {
    for recorded in try ReferenceFile<MatrixCase>.load("adatask") {
      let method = try AdaTask(options: options(recorded.options, of: AdaTask.about))
      var state = MatrixState<AdaTask.Steps, HostVector>(scalars: method.initialState(taskCount: 3))
      for (rows, expected) in zip(recorded.rows, recorded.directions) {
        let step = try method.step(rows: HostRows(rows), state: &state)
        #expect(agree(step.coordinates, expected, tolerance: 1e-9))
      }
    }
  }

  struct Rotations: Decodable {
    let options: [String: OptionValue]
    let lengths, factors, gradients: [[Double]]
    let target: [Double]
  }

  @Test func rotationTargetsAndLengths() throws {
    for recorded in try ReferenceFile<Rotations>.load("rotograd") {
      let method = try RotoGrad(options: options(recorded.options, of: RotoGrad.about))
      var state = method.initialState(taskCount: 3)
      for (lengths, expected) in zip(recorded.lengths, recorded.factors) {
        #expect(agree(method.factors(lengths: lengths, state: &state), expected))
      }
      let gradients = try HostRows(recorded.gradients)
      let factors = method.targetFactors(gramian: gradients.gramian())
      #expect(agree(gradients.combined(with: factors).coordinates, recorded.target, tolerance: 1e-11))
    }
  }

  struct Validation: Decodable {
    struct Step: Decodable {
      let above, below, weights: [Double]
      let gradientLength: Double

      enum CodingKeys: String, CodingKey {
        case above, below, weights
        case gradientLength = "gradient_length"
      }
    }

    let options: [String: OptionValue]
    let learningRate: Double
    let steps: [Step]

    enum CodingKeys: String, CodingKey {
      case options, steps
      case learningRate = "learning_rate"
    }
  }

  @Test func validationWeights() throws {
    for recorded in try ReferenceFile<Validation>.load("auto-lambda") {
      let method = try AutoLambda(options: options(recorded.options, of: AutoLambda.about))
      var state = method.initialState(taskCount: 3)
      for step in recorded.steps {
        try method.update(
          &state, above: step.above, below: step.below,
          perturbation: method.perturbation(gradientLength: step.gradientLength),
          learningRate: recorded.learningRate)
        #expect(agree(state.values, step.weights, tolerance: 1e-8))
      }
    }
  }

  struct Trial: Decodable {
    struct Step: Decodable {
      let products: [[Double]]
      let weights: [Double]
    }

    let options: [String: OptionValue]
    let steps: [Step]
  }

  @Test func trialSteps() throws {
    for recorded in try ReferenceFile<Trial>.load("moml") {
      let method = try MOML(options: options(recorded.options, of: MOML.about))
      var state = method.initialState(taskCount: 3)
      for step in recorded.steps {
        let elements = Array(step.products.joined())
        try method.update(&state, products: CrossGramian(taskCount: 3, elements: elements))
        #expect(agree(method.weights(of: state), step.weights, tolerance: 1e-9))
      }
    }
  }

  struct Constrained: Decodable {
    struct Step: Decodable {
      let gramian, weights: [Double]
      let multiplier: Double
    }

    let options: [String: OptionValue]
    let steps: [Step]
  }

  @Test func constrainedSteps() throws {
    let cases = try ReferenceFile<Constrained>.load("forum")
    #expect(cases.count == 2)
    for recorded in cases {
      let method = try FORUM(options: options(recorded.options, of: FORUM.about))
      var state = method.initialState(taskCount: 3)
      for (epoch, step) in recorded.steps.enumerated() {
        let gramian = try Gramian(taskCount: 4, elements: step.gramian)
        let result = try method.combination(gramian: gramian, epoch: epoch, state: &state)
        #expect(agree(result.weights, step.weights, tolerance: 1e-9))
        #expect((result.multiplier - step.multiplier).magnitude <= 1e-9 * (1 + step.multiplier))
      }
    }
  }
}
