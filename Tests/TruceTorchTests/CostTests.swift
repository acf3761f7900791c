import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

/// A cost as the catalogue writes it, `2·K·P` or `|S| + 1`, with numbers for its letters.
struct CostFormula {
  private var rest: Substring
  private let values: [Character: Double]

  /// The value of a formula; what follows " for " explains its letters.
  static func value(_ text: String, _ values: [Character: Double]) throws -> Double {
    let formula = text.split(separator: " for ")[0].replacing("|S|", with: "S")
    var parser = CostFormula(rest: formula.filter { $0 != " " && $0 != "·" }[...], values: values)
    let value = try parser.sum()
    guard parser.rest.isEmpty else { throw Unreadable(text: text) }
    return value
  }

  struct Unreadable: Error { let text: String }

  private mutating func sum() throws -> Double {
    var value = try product()
    while rest.first == "+" {
      rest.removeFirst()
      value += try product()
    }
    return value
  }

  private mutating func product() throws -> Double {
    var value = 1.0
    var isEmpty = true
    while let next = rest.first, next != "+", next != ")" {
      value *= try factor(next)
      isEmpty = false
    }
    if isEmpty { throw Unreadable(text: String(rest)) }
    return value
  }

  private mutating func factor(_ next: Character) throws -> Double {
    if next.isNumber {
      let digits = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return Double(digits) ?? .nan
    }
    rest.removeFirst()
    if next == "(" {
      let value = try sum()
      guard rest.first == ")" else { throw Unreadable(text: String(rest)) }
      rest.removeFirst()
      return value
    }
    guard let value = values[next] else { throw Unreadable(text: String(next)) }
    return value
  }
}

@Suite("What a step costs is what the catalogue says")
struct CostTests {
  static let names = Catalogue.entries.map(\.about.name).filter { $0 != "rotograd" }
  /// The shared coordinates of the network below.
  private static let size = 60_000

  /// A trunk of one wide layer, whose gradients dwarf everything else, and K heads of a few numbers.
  private final class WideNetwork {
    let input = Tensor.ones([1, 300], dtype: .float64)
    let trunk: Tensor
    let heads: [Tensor]

    init(taskCount: Int) {
      let generator = Generator(seed: 3)
      trunk = Tensor.normal([300, CostTests.size / 300], using: generator, dtype: .float64).requiringGrad()
      heads = (0..<taskCount).map { _ in
        Tensor.normal([CostTests.size / 300], using: generator, dtype: .float64).requiringGrad()
      }
    }

    func pass() -> ForwardPass {
      let features = (input.matmul(trunk) * 0.01).tanh()
      return ForwardPass(losses: heads.map { (features * $0).sum().square() + 1 }, again: pass)
    }

    var partition: ParameterPartition {
      ParameterPartition(shared: [(name: "trunk", tensor: trunk)], heads: heads.map { [$0] })
    }
  }

  #if DEBUG
    private static let isOptimised = false
  #else
    private static let isOptimised = true
  #endif

  private func options(_ name: String) -> [String: OptionValue] {
    name == "cagrad-fast" ? ["sample_size": 2] : [:]
  }

  /// The work of the third step, and the gradient-sized vectors alive at most in three.
  private func cost(_ name: String, taskCount: Int) throws -> (passes: Int, vectors: Double) {
    let network = WideNetwork(taskCount: taskCount)
    let further: [() throws -> ForwardPass] = [network.pass, network.pass]
    let step = try makeStep(
      method: Catalogue.method(named: name, options: options(name)), partition: network.partition,
      learningRate: 1e-6)
    let (_, before) = try Work.measured {
      for _ in 0..<2 { _ = try step.step(network.pass(), further: further) }
    }
    let (_, work) = try Work.measured { try step.step(network.pass(), further: further) }
    let peak = max(before.peakBytes, before.remainingBytes + work.peakBytes)
    return (work.backwardPasses, Double(peak) / Double(8 * Self.size))
  }

  private func declared(_ text: String, taskCount: Int) throws -> Double {
    let size = Double(Self.size)
    return try CostFormula.value(
      text, ["K": Double(taskCount), "P": size, "S": 2, "T": Double(FORUM().innerSteps), "O": 0])
  }

  @Test("Backward passes", arguments: names)
  func passes(name: String) throws {
    let about = try Catalogue.entry(named: name).about
    for taskCount in [4, 7] {
      let expected = try declared(about.cost.backwardPasses, taskCount: taskCount)
      #expect(Double(try cost(name, taskCount: taskCount).passes) == expected)
    }
  }

  @Test("Memory beside the network's own gradient", arguments: names)
  func memory(name: String) throws {
    let about = try Catalogue.entry(named: name).about
    let few = try cost(name, taskCount: 4).vectors - cost("ew", taskCount: 4).vectors
    let many = try cost(name, taskCount: 7).vectors - cost("ew", taskCount: 7).vectors
    let size = Double(Self.size)
    let expectedFew = try declared(about.cost.memory, taskCount: 4) / size
    let expectedMany = try declared(about.cost.memory, taskCount: 7) / size
    // What grows with the number of tasks must agree; a few vectors for passing results on come on top. An optimised
    // build may let go of what a step passes on sooner: at most one vector for each task less.
    let sooner = Self.isOptimised ? 1.0 : 0
    let growth = (many - few) - (expectedMany - expectedFew)
    #expect((-3 * sooner - 0.5...0.5).contains(growth), "\(few), \(many)")
    #expect((-4 * sooner - 1.5...3.5).contains(few - expectedFew), "\(few) for \(expectedFew)")
  }

  @Test("RotoGrad walks the trunk once, and the heads and rotations once for each task")
  func rotoGrad() throws {
    let network = SmallNetwork(isRotated: true)
    let step = try makeStep(method: .wholeStep(RotoGrad()), partition: network.partition)
    let (_, work) = try Work.measured { try step.step(network.pass()) }
    #expect(work.backwardPasses == 1 + 2 * 3)
    #expect(RotoGrad.about.cost.backwardPasses == "1")
  }

  @Test("CAGrad-Fast differentiates a mixture more than it samples, and gives heads their own gradients")
  func cagradFast() throws {
    let network = SmallNetwork(taskCount: 6)
    let method = AnyMethod.gramian(try CAGradFast(CAGrad(c: 0.4), sampleSize: 2))
    let front = try ConstantWeighting(weights: [1, 2, 0.5, 1, 3, 1])
    for weighting in [nil, front] {
      let step = try makeStep(method: method, weighting: weighting, partition: network.partition)
      let (report, work) = try Work.measured { try step.fillGradients(network.pass(naming: false)) }
      #expect(work.backwardPasses == 3)
      let rows = try network.plainRows()
      #expect(isClose(network.sharedGradient, sum(rows, weights: try #require(report.weights)[0])))
      for task in 0..<6 {
        let weight = report.lossWeights?[task] ?? 1
        let head = try network.plainHeadGradient(task).map { $0 * weight }
        #expect(isClose(network.headGradient(task), head))
      }
    }
  }

  @Test("A mixture that is not finite is taken apart, and the task to blame is found")
  func brokenMixture() throws {
    let network = SmallNetwork(taskCount: 6)
    let method = AnyMethod.gramian(try CAGradFast(CAGrad(c: 0.4), sampleSize: 2))
    func broken() -> ForwardPass {
      let pass = network.pass()
      var losses = pass.losses
      let zero = (network.trunk[1] - network.trunk[1].detached()).sum()
      losses[4] = losses[4].map { $0 + zero.sqrt() }
      return ForwardPass(losses: losses)
    }
    let throwing = try makeStep(method: method, partition: network.partition)
    #expect(throws: MethodError.nonFinite(task: 4, what: "gradient")) { try throwing.step(broken()) }
    let dropping = try makeStep(
      method: method, partition: network.partition, settings: StepSettings(nonFinite: .dropTask))
    let report = try dropping.fillGradients(broken())
    #expect(report.droppedTasks == [4])
    let weights = try #require(report.weights)[0]
    #expect(weights[4] == 0)
    #expect(isClose(network.sharedGradient, sum(try network.plainRows(), weights: weights)))
    for task in [0, 1, 2, 3, 5] {
      #expect(try isClose(network.headGradient(task), network.plainHeadGradient(task)))
    }
  }

  @Test("A dropped task costs no second look at the rows")
  func droppedTask() throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .gramian(MGDA()), partition: network.partition, settings: StepSettings(nonFinite: .dropTask))
    let pass = network.pass()
    let zero = (network.trunk[1] - network.trunk[1].detached()).sum()
    let losses = [pass.losses[0], pass.losses[1].map { $0 + zero.sqrt() }, pass.losses[2]]
    let report = try step.fillGradients(ForwardPass(losses: losses))
    let rows = try HostRows(network.plainRows())
    let whole = rows.gramian()
    let expected = Gramian(taskCount: 3) { $0 == 1 || $1 == 1 ? 0 : whole[$0, $1] }
    #expect(isClose(try #require(report.gramian).elements, expected.elements))
  }

  @Test("No tensor outlives its step", arguments: ["ew", "cagrad", "cagrad-fast", "moco", "mtl-io"])
  func noLeak(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    for _ in 0..<3 { _ = try step.step(network.pass()) }
    var kept: Tensor?
    func remaining(after count: Int, keeping size: Int? = nil) throws -> Int {
      let (_, work) = try Work.measured {
        for _ in 0..<count { _ = try step.step(network.pass()) }
        kept = size.map { Tensor.zeros([$0]) }
      }
      return work.remainingBytes
    }
    // The first watch sees memory go that no watch saw come: what it says is not to be relied on.
    _ = try remaining(after: 2)
    #expect(try remaining(after: 2) == 0)
    #expect(try remaining(after: 20) == 0)
    #expect(try remaining(after: 2, keeping: 1000) >= 4000)
    #expect(kept?.shape == [1000])
  }
}
