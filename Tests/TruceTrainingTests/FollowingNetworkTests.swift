import Testing
import Torch
import TorchNN
import TruceData
import TruceModels
import TruceTasks
import TruceTorch
import TruceTraining

/// A network that is told the epochs and has a penalty of its own.
private final class Following: EpochFollowing {
  private let network: any MultiTaskNetwork
  private(set) var epochs: [[Int]] = []
  private(set) var own = Tensor([2.0]).requiringGrad()

  init(_ network: any MultiTaskNetwork) { self.network = network }

  var taskNames: [String] { network.taskNames }
  var sharedParameters: NamedTensors { network.sharedParameters }
  func headParameters(ofTask task: Int) -> NamedTensors { network.headParameters(ofTask: task) }
  func beginEpoch(_ epoch: Int, of epochs: Int) { self.epochs.append([epoch, epochs]) }

  func visit(_ visitor: ModuleVisitor) {
    network.visit(visitor)
    visitor.parameter("own", &own)
  }

  func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let outputs = network.forward(input, tasks: tasks)
    return NetworkOutputs(outputs.all, cut: outputs.cut, penalties: [nil, own.square().sum(), nil])
  }
}

@Suite("Networks that act differently as training goes on")
struct FollowingNetworkTests {
  @Test("are told each epoch and their number")
  func epochs() throws {
    let loop = try TinyRun(epochs: 3).makeLoop()
    let before = loop.supervised
    let network = Following(before.network)
    let learner = SupervisedLearner(
      problem: before.problem, network: network, step: before.multiTaskStep, generator: before.generator,
      settings: before.settings)
    for epoch in 0..<3 {
      var position = TrainingPosition()
      position.epoch = epoch
      learner.beginEpoch(at: position)
    }
    #expect(network.epochs == [[0, 3], [1, 3], [2, 3]])
  }

  @Test("add the gradient of a penalty to that of a loss, and leave the loss as the task says")
  func penalties() throws {
    let problem = try TinyProblem()
    let plain = problem.makeNetwork(using: Generator(seed: 3))
    plain.setTraining(false)
    let network = Following(plain)
    let batch = try problem.trainingLoader.firstBatch(of: 6)
    let expected = SupervisedNetwork(plain, tasks: problem.tasks).pass(batch).losses
    let losses = SupervisedNetwork(network, tasks: problem.tasks).pass(batch).losses
    #expect(losses.map { $0?.item() } == expected.map { $0?.item() })
    let gradients = try Autograd.gradients(of: losses.compactMap { $0 }, withRespectTo: [network.own])
    #expect(gradients[0]?.toArray() == [4.0])
  }
}
