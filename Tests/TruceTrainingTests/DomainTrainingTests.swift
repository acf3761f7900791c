import Testing
import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceOptions
import TruceRun
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

  // MARK: Pictures

  /// Two domains of pictures, whose classes are the channel that is brightest, and a network that has learned nothing.
  private struct PictureDomains {
    let source: SequencedSource
    let network: SupervisedNetwork

    init(_ names: [String] = ["photo", "sketch"]) throws {
      let tasks = names.map { ClassificationTask(name: $0, words: ["red", "green", "blue"]) }
      source = try SequencedSource(
        names.map { name in
          let generator = Generator(seed: name == "photo" ? 1 : 2)
          let pictures = Tensor.uniform([9, 3, 5, 4], using: generator)
          let labels = TaskTarget(task: name, values: Tensor((0..<9).map { $0 % 3 }))
          let data = try Dataset(input: pictures, targets: [labels])
          return (domain: name, source: try DataLoader(data, batchSize: 4, order: .stored))
        })
      let network = try NetworkCatalogues().makeNetwork(
        NetworkChoice(trunk: "mlp", trunkOptions: ["widths": [4]]), inputShape: [3, 5, 4],
        tasks: tasks.map(\.networkTask), using: Generator(seed: 4))
      self.network = SupervisedNetwork(network, tasks: tasks)
    }

    func record() throws -> PredictionRecord? {
      let folder = try TemporaryFolder()
      let recorder = PredictionRecorder(in: RunDirectory(folder.url), of: network, on: source)
      try recorder.handle(
        .ended(RunEnding(epoch: 1, step: 1, seconds: 0, status: .finished)), at: TrainingProgress())
      return try RunDirectory(folder.url).predictions()
    }
  }

  @Test("leaves pictures of each domain with the answers of its own tasks, in words")
  func predictions() throws {
    let record = try #require(try PictureDomains().record())
    let owners = record.samples.flatMap { Array($0.answers.keys) }
    #expect(owners == Array(repeating: "photo", count: 4) + Array(repeating: "sketch", count: 4))
    let words = Set(["red", "green", "blue"])
    for answer in record.samples.flatMap(\.answers.values) {
      #expect(words.contains(answer.label ?? "") && words.contains(answer.prediction))
    }
    #expect(Set(record.samples.map(\.picture)).count == 8 && record.omissions.isEmpty)
    // A domain alone is shown the same pictures, so that its network stands beside the others.
    let alone = try #require(try PictureDomains(["sketch"]).record())
    #expect(alone.samples.map(\.picture) == record.samples[4...].map(\.picture))
    let labels = [alone.samples[...], record.samples[4...]].map { $0.map { $0.answers["sketch"]?.label } }
    #expect(labels[0] == labels[1])
  }

  @Test("is measured on each example once, however long the domains are")
  func measuring() throws {
    let domains = try TwoDomains()
    let long = Tensor.normal([12, 6], using: Generator(seed: 1))
    let short = Tensor.normal([5, 6], using: Generator(seed: 2))
    func loader(_ task: String, _ input: Tensor, _ batchSize: Int) throws -> DataLoader {
      let target = TaskTarget(task: task, values: input.narrowed(1, start: 0, length: 3).argmax(1))
      return try DataLoader(Dataset(input: input, targets: [target]), batchSize: batchSize, order: .stored)
    }
    let network = SupervisedNetwork(domains.network, tasks: domains.problem.tasks)
    let together = try network.measure(
      SequencedSource([("cat", loader("cat", long, 4)), ("dog", loader("dog", short, 2))]), split: "test")
    var alone = try network.measure(loader("cat", long, 12), split: "test")
    // A task without examples has an accuracy that is no number.
    alone.merge(try network.measure(loader("dog", short, 5), split: "test")) { $1.isNaN ? $0 : $1 }
    #expect(Set(together.keys) == Set(alone.keys) && together.count == 4)
    for (key, value) in together { #expect(abs(value - (alone[key] ?? .nan)) < 1e-6, "\(key)") }
  }
}
