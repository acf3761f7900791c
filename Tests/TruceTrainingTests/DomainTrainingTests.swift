import Testing
import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceTasks
import TruceTorch

@testable import TruceTraining

@Suite("Training on a domain for each task")
struct DomainTrainingTests {
  /// Two tasks, each with pictures of its own, of which there are not equally many.
  private struct TwoDomains {
    let problem: PlainProblem
    let network: HardSharing

    init() throws {
      let generator = Generator(seed: 3)
      problem = PlainProblem(
        tasks: ["cat", "dog"].map { ClassificationTask(name: $0, classCount: 3) },
        data: try ProblemData(
          training: Self.source([("cat", 40), ("dog", 24)], using: generator),
          evaluation: [("test", Self.source([("cat", 12), ("dog", 8)], using: generator))]))
      network = HardSharing(
        trunk: Sequential(Linear(6, 8, using: generator), ReLU()), featureCount: 8,
        tasks: [("cat", 3), ("dog", 3)], using: generator)
    }

    private static func source(
      _ domains: [(task: String, count: Int)], using generator: Generator
    ) throws -> ZippedSource {
      try ZippedSource(
        domains.map { task, count in
          let input = Tensor.normal([count, 6], using: generator)
          let target = TaskTarget(task: task, values: input.narrowed(1, start: 0, length: 3).argmax(1))
          let data = try Dataset(input: input, targets: [target])
          return (domain: task, source: try DataLoader(data, batchSize: 8, order: .shuffled(seed: 1)))
        })
    }

    func learner(method: String, target: GradientTarget = .parameters) throws -> SupervisedLearner {
      let optimizer = Optimizer(network.parameters, rule: try Adam(learningRate: 0.02))
      let step = try MultiTaskStep(
        method: Catalogue.method(named: method), partition: network.partition, optimizer: optimizer,
        settings: StepSettings(target: target))
      return SupervisedLearner(
        problem: problem, network: network, step: step, generator: Generator(seed: 5),
        settings: LearnerSettings(epochs: 12, conflictEvery: 5))
    }
  }

  @Test(
    "lowers the losses of both, at the parameters and at the features", arguments: ["ew", "cagrad", "pcgrad"])
  func learning(method: String) throws {
    let targets: [GradientTarget] = method == "ew" ? [.parameters] : [.parameters, .features]
    for target in targets {
      let learner = try TwoDomains().learner(method: method, target: target)
      let before = try learner.measure()
      _ = try TrainingLoop(learner, plan: TrainingPlan(epochs: 12), clock: .frozen).run()
      let after = try learner.measure()
      for task in ["cat", "dog"] {
        let key = "test/\(task)/loss"
        let (first, last) = (try #require(before[key]), try #require(after[key]))
        #expect(last < 0.8 * first, "\(method) \(target) \(task)")
      }
    }
  }

  @Test("gives at the features what it gives at the parameters, where the mean is taken")
  func cut() throws {
    let pair = try (TwoDomains(), TwoDomains())
    let steps = try (
      pair.0.learner(method: "mean").multiTaskStep,
      pair.1.learner(method: "mean", target: .features).multiTaskStep
    )
    let batch = try pair.0.problem.data.training.firstBatch(of: 4)
    _ = try steps.0.fillGradients(SupervisedNetwork(pair.0.network, tasks: pair.0.problem.tasks).pass(batch))
    _ = try steps.1.fillGradients(SupervisedNetwork(pair.1.network, tasks: pair.1.problem.tasks).pass(batch))
    for (one, other) in zip(pair.0.network.parameters, pair.1.network.parameters) {
      let (first, second) = (try #require(one.tensor.grad), try #require(other.tensor.grad))
      #expect(first.isClose(to: second, relative: 1e-5, absolute: 1e-6), "\(one.name)")
    }
  }

  @Test("has no samples in common whose gradients could be compared, and says so")
  func similarity() throws {
    let domains = try TwoDomains()
    let supervisedNetwork = SupervisedNetwork(domains.network, tasks: domains.problem.tasks)
    let batch = try domains.problem.data.training.firstBatch(of: 4)
    let error = #expect(throws: TrainingError.self) {
      try SimilarityProbe(of: supervisedNetwork).measure(batch)
    }
    #expect(
      error?.description == "gradients are compared for the same samples, and these tasks have 2 domains")
    #expect(
      error?.help == "measure the similarity on a problem whose tasks look at the same examples")
  }
}
