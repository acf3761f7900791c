import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

/// What a step costs that no clock shows: pieces of memory, copies, and loops that wait for several cores.
@Suite("What a step does beside its arithmetic")
struct StepTallyTests {
  /// The work of filling the gradients in the third step.
  private func work(
    taskCount: Int, _ memory: GradientMemory, walk: GradientSweep.Walk = .together, batch: Int = 16,
    without absent: Set<Int> = []
  ) throws -> Work {
    let network = Perceptron(taskCount: taskCount, batch: batch)
    let optimizer = Optimizer(
      NamedTensors(network.partition.shared), rule: try SGD(learningRate: 1e-3))
    let step = try MultiTaskStep(
      method: .gramian(MGDA()), partition: network.partition, optimizer: optimizer,
      settings: StepSettings(memory: memory), walk: walk)
    for _ in 0..<2 { _ = try step.step(network.pass()) }
    let pass = network.pass(without: absent)
    return try Work.measured { try step.fillGradients(pass) }.work
  }

  private let rowBytes = (3 * 256 * 256 + 3 * 256) * 4
  private let featureBytes = 16 * 256 * 4

  @Test("Rows are written by the products themselves: only the features' are copied", arguments: [8, 16])
  func copies(taskCount: Int) throws {
    #expect(try work(taskCount: taskCount, .rows).copiedBytes == taskCount * featureBytes)
    #expect(try work(taskCount: taskCount, .stream).copiedBytes == taskCount * featureBytes)
    let oneByOne = try work(taskCount: taskCount, .rows, walk: .oneByOne)
    #expect(oneByOne.copiedBytes == taskCount * (featureBytes + rowBytes))
  }

  @Test("Tasks without a loss leave the others their common walk")
  func absentTasks() throws {
    let work = try work(taskCount: 8, .rows, without: [2, 7])
    #expect(work.copiedBytes == 6 * featureBytes)
  }

  @Test("Two loops over the rows are all that waits for other cores, however many tasks", arguments: [8, 16])
  func regions(taskCount: Int) throws {
    // A loop counts where several threads did it, and other tests may have left this thread one only.
    let before = Engine.threadCount
    defer { try? Engine.setThreadCount(before) }
    try Engine.setThreadCount(2)
    for batch in [16, 1024] {
      let rows = try work(taskCount: taskCount, .rows, batch: batch)
      #expect((1...2).contains(rows.parallelRegions), "\(batch): \(rows)")
    }
    // Of each weight's products one.
    #expect(try work(taskCount: taskCount, .stream).parallelRegions <= 3)
  }

  @Test(
    "Small parameters of a row are copied in one loop more, large ones as they come and without waiting",
    arguments: [(count: 96, width: 128, loops: 2), (count: 6, width: 4096, loops: 0)])
  func copiedRows(count: Int, width: Int, loops: Int) throws {
    let before = Engine.threadCount
    defer { try? Engine.setThreadCount(before) }
    try Engine.setThreadCount(2)
    let generator = Generator(seed: 5)
    let weights = (0..<count).map { _ in Tensor.normal([256, width], using: generator).requiringGrad() }
    let rows = Tensor.zeros([2, count * 256 * width])
    let tasks = (0..<2).map { task in
      GradientSweep.Task(
        loss: weights.map { ($0 * Double(task + 1)).sum() }.reduce(Tensor.zeros([]), +))
    }
    let (_, work) = try Work.measured { try GradientSweep.run(tasks, withRespectTo: weights, into: rows) }
    #expect(work.parallelRegions == loops)
    #expect(rows.narrowed(0, start: 1, length: 1).mean().item() == 2)
  }

  @Test("A task more costs the pieces of memory of its head's pass and no more")
  func allocations() throws {
    for memory in [GradientMemory.rows, .stream] {
      let (few, many) = (try work(taskCount: 8, memory), try work(taskCount: 16, memory))
      #expect(many.allocations - few.allocations <= 8 * 12, "\(few.allocations), \(many.allocations)")
    }
  }

  @Test("A step writes its direction over the last one's, unless somebody holds a gradient of that")
  func directions() throws {
    let network = Perceptron(taskCount: 3)
    let optimizer = Optimizer(NamedTensors(network.partition.shared), rule: try SGD(learningRate: 1e-3))
    let step = try MultiTaskStep(method: .gramian(MGDA()), partition: network.partition, optimizer: optimizer)
    func largest() throws -> Int {
      let pass = network.pass()
      return try Work.measured { try step.fillGradients(pass) }.work.peakBytes
    }
    let parameter = network.partition.sharedTensors[0]
    _ = try largest()
    #expect(try largest() < rowBytes / 2)
    let held = parameter.grad
    let before = held?.clone()
    withoutGradients { _ = parameter.multiplyInPlace(1.5) }
    // The step frees what the pass made before, which counts against what it makes.
    #expect(try largest() >= rowBytes - rowBytes / 4)
    #expect(try #require(held).equal(#require(before)).all().item() == 1)
    #expect(try #require(held).equal(#require(parameter.grad)).all().item() == 0)
    #expect(try largest() < rowBytes / 2)
  }
}
