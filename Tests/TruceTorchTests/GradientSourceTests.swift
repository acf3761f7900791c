import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

/// A source that holds one task's gradient at a time: it goes through the losses for every pair of tasks, and once
/// more for the combination.
private final class WalkingSource: GradientSource {
  private let shared: [Tensor]
  private var tasks: [GradientSweep.Task] = []
  private var discarded: Set<Int> = []

  init(_ partition: ParameterPartition) { shared = partition.sharedTensors }

  var groupCount: Int { 1 }

  func collect(_ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool) throws {
    self.tasks = tasks
    discarded = []
    for task in tasks {
      guard let loss = task.loss else { continue }
      let gradients = try Autograd.gradients(
        of: [loss], withRespectTo: task.headParameters, retainGraph: true)
      for (parameter, gradient) in zip(task.headParameters, gradients) { parameter.grad = gradient }
    }
  }

  private func row(_ position: Int) throws -> [Double] {
    guard let loss = tasks[position].loss, !discarded.contains(position) else {
      return [Double](repeating: 0, count: shared.reduce(0) { $0 + $1.count })
    }
    return try Autograd.gradients(of: [loss], withRespectTo: shared, retainGraph: true)
      .flatMap { $0?.toArray(as: Double.self) ?? [] }
  }

  func gramian(ofGroup group: Int?) throws -> Gramian {
    var elements: [Double] = []
    for i in tasks.indices {
      let own = try row(i)
      for j in tasks.indices { elements.append(inner(own, try row(j))) }
    }
    return try Gramian(taskCount: tasks.count, elements: elements)
  }

  func discard(_ position: Int) { discarded.insert(position) }

  func deliver(_ factors: [[Double]], of pass: ForwardPass) throws {
    let terms = tasks.indices.filter { !discarded.contains($0) }.compactMap { position in
      tasks[position].loss.map { $0 * factors[0][position] }
    }
    guard let first = terms.first else { return }
    let gradients = try Autograd.gradients(
      of: [terms.dropFirst().reduce(first, +)], withRespectTo: shared)
    for (parameter, gradient) in zip(shared, gradients) { parameter.grad = gradient }
  }
}

@Suite("Sources of gradients")
struct GradientSourceTests {
  /// A step's trunk gradient, head gradient and conflict, from a source of one's own.
  private func step(
    _ name: String, _ network: SmallNetwork, pass: ForwardPass, nonFinite: NonFinitePolicy = .throw
  ) throws -> Verdict {
    let settings = StepSettings(nonFinite: nonFinite)
    let setup = StrategySetup(partition: network.partition, settings: settings, clock: .system)
    let strategy = CombinationStrategy(
      setup, source: WalkingSource(network.partition), mayMixTasks: name == "cagrad-fast")
    #expect(!strategy.measuresConflict)
    let options: [String: OptionValue] = name == "cagrad-fast" ? ["sample_size": 1] : [:]
    var reconciler = try Reconciler(
      Catalogue.method(named: name, options: options), weighting: ConstantWeighting(weights: [2, 1, 0.5]),
      taskCount: 3, settings: settings)
    var begun = try reconciler.begin(
      losses: pass.losses.map { $0?.item() }, learningRate: nil)
    let outcome = try strategy.fillGradients(
      StepPasses(pass: pass, further: [], measuresConflict: false), &begun, &reconciler)
    return Verdict(weights: try #require(outcome.weights)[0], dropped: begun.dropped)
  }

  private struct Verdict {
    let weights: [Double]
    let dropped: [Int]
  }

  @Test("A source need not hold the gradients", arguments: ["cagrad", "mgda", "cagrad-fast"])
  func withoutMatrix(name: String) throws {
    let network = SmallNetwork()
    let verdict = try step(name, network, pass: network.pass(naming: false))
    let gradient = network.sharedGradient
    #expect(isClose(gradient, sum(try network.plainRows(), weights: verdict.weights)))
    for (task, weight) in [2, 1, 0.5].enumerated() {
      let head = try network.plainHeadGradient(task).map { $0 * weight }
      #expect(isClose(network.headGradient(task), head))
    }
    let other = SmallNetwork()
    let options: [String: OptionValue] = name == "cagrad-fast" ? ["sample_size": 1] : [:]
    let buffered = try makeStep(
      method: Catalogue.method(named: name, options: options),
      weighting: ConstantWeighting(weights: [2, 1, 0.5]), partition: other.partition)
    _ = try buffered.fillGradients(other.pass(naming: false))
    #expect(isClose(gradient, other.sharedGradient))
  }

  @Test("A source without a matrix leaves out a task whose gradient is not finite")
  func dropping() throws {
    let network = SmallNetwork()
    let pass = network.pass(naming: false)
    let zero = (network.trunk[1] - network.trunk[1].detached()).sum()
    let broken = ForwardPass(
      losses: [pass.losses[0], pass.losses[1].map { $0 + zero.sqrt() }, pass.losses[2]])
    let verdict = try step("mgda", network, pass: broken, nonFinite: .dropTask)
    #expect(verdict.dropped == [1] && verdict.weights[1] == 0)
    #expect(isClose(network.sharedGradient, sum(try network.plainRows(), weights: verdict.weights)))
  }
}
