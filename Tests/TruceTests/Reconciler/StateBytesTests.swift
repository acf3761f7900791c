import Testing
import Truce
import TruceTestSupport

@Suite("States as bytes")
struct StateBytesTests {
  /// Every kind of value that a state may hold.
  private struct Everything: Codable, Equatable {
    enum Kind: String, Codable { case first, second }
    struct Inner: Codable, Equatable {
      var numbers: [Double] = []
      var isGood = true
    }
    var whole = -7
    var large = UInt64.max
    var byte: UInt8 = 200
    var number = -0.0
    var single: Float = 1.5
    var text = "Größe ∑"
    var kind = Kind.second
    var missing: Int?
    var there: Int? = 3
    var holes: [Double?] = [1, nil, 3]
    var inner = Inner(numbers: [1, 2.5])
    var table: [[Int]] = [[1], [], [2, 3]]
    var named = ["a": 1.0, "b": 2.0]
    var places = [3: "three"]
  }

  private func roundTrip(_ value: Everything) throws -> Everything {
    let bytes = try StateBytes.encode { try value.encode(to: $0) }
    var read: Everything?
    try StateBytes.decode(bytes) { read = try Everything(from: $0) }
    return try #require(read)
  }

  @Test("Every kind of value comes back")
  func everything() throws {
    let value = Everything()
    let read = try roundTrip(value)
    #expect(read == value)
    #expect(read.number.sign == .minus)
  }

  @Test("NaN, infinities and the smallest numbers come back bit by bit")
  func specialNumbers() throws {
    let numbers = [
      Double.nan, .signalingNaN, -.nan, .infinity, -.infinity, .leastNonzeroMagnitude, -0.0,
      Double(nan: 77, signaling: false), .greatestFiniteMagnitude,
    ]
    var value = Everything()
    value.inner.numbers = numbers
    #expect(try roundTrip(value).inner.numbers.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test("Equal values give equal bytes, whatever the order of a dictionary")
  func determinism() throws {
    var other = Everything()
    other.named = ["b": 2.0, "a": 1.0]
    let bytes = try StateBytes.encode { try Everything().encode(to: $0) }
    #expect(try StateBytes.encode { try other.encode(to: $0) } == bytes)
    #expect(Array(bytes.prefix(5)) == Array("TRST".utf8) + [1])
  }

  @Test("A flipped bit, a missing end and an addition are found")
  func damage() throws {
    let bytes = try StateBytes.encode { try Everything().encode(to: $0) }
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 0x10
      #expect(throws: StateError.self) { try StateBytes.decode(changed) { _ in } }
      let cut = Array(bytes.prefix(position))
      #expect(throws: StateError.self) { try StateBytes.decode(cut) { _ in } }
    }
    #expect(throws: StateError.damaged(reason: "its checksum does not fit")) {
      try StateBytes.decode(bytes + [0]) { _ in }
    }
    #expect(throws: StateError.damaged(reason: "it does not begin as a state does")) {
      try StateBytes.decode([]) { _ in }
    }
    var newer = bytes
    newer[4] = 2
    #expect(throws: StateError.unknownVersion(2)) { try StateBytes.decode(newer) { _ in } }
  }

  /// Bytes that claim more than they hold, under a checksum that fits.
  @Test(
    "Counts, depths and tags are checked",
    arguments: [
      ([8, 255, 255, 255, 255], "it ends too early"), ([7, 2, 0, 0, 0, 65], "it ends too early"),
      ([7, 1, 0, 0, 0, 255], "a text in it is not UTF-8"), ([10], "tag 10 means nothing"),
      ([5, 0, 0], "it ends too early"), ([0, 0], "there are bytes after its end"),
      ((0..<70).flatMap { _ in [8, 1, 0, 0, 0] as [UInt8] } + [0], "it is nested too deeply"),
    ] as [([UInt8], String)])
  func structure(body: [UInt8], reason: String) {
    var checksum: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in body { checksum = (checksum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let header = Array("TRST".utf8) + [1] + (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
    #expect(throws: StateError.damaged(reason: reason)) { try StateBytes.decode(header + body) { _ in } }
  }

  @Test("What is not there, or of another type, is said with its place")
  func foreignValues() throws {
    struct Other: Codable { var inner = ["x": 1] }
    let bytes = try StateBytes.encode { try Other().encode(to: $0) }
    #expect(throws: StateError.foreign(reason: "there is no 'whole'")) {
      try StateBytes.decode(bytes) { _ = try Everything(from: $0) }
    }
    struct Wrong: Codable { var inner: [String: String] }
    #expect(throws: StateError.foreign(reason: "expected a text (at inner.x)")) {
      try StateBytes.decode(bytes) { _ = try Wrong(from: $0) }
    }
    let error = StateError.foreign(reason: "there is no 'whole'")
    #expect("\(error)" == "the saved state is another method's: there is no 'whole'")
    #expect(error.help == "use the method, weighting and number of tasks that the state was saved with")
  }

  // MARK: Methods

  static let names = Catalogue.entries.map(\.about).filter { about in
    about.kind != .wholeStep && about.parameters.allSatisfy { $0.defaultValue != nil }
  }.map(\.name)

  private func take(
    _ reconciler: inout Reconciler, _ buffers: inout [String: [HostVector]], _ step: Int
  ) throws -> Reconciliation<HostVector> {
    let rows = InputFamilies.matrix("step", tasks: 4, coordinates: 7, seed: UInt64(step)).hostRows
    let losses = (0..<4).map { 0.5 + Double(($0 + step) % 4) }
    var begun = try reconciler.begin(
      losses: losses, at: StepPosition(iteration: step), learningRate: 0.01)
    let result = try reconciler.reconcile(
      &begun, gramian: rows.gramian(), rows: rows, buffers: &buffers)
    if reconciler.needs.contains(.secondForward) {
      try reconciler.observe(lossesAfterStep: losses.map { 0.9 * $0 })
    }
    return result
  }

  @Test("A method restored from bytes goes on as the uninterrupted one", arguments: names)
  func resuming(name: String) throws {
    let method = try Catalogue.method(named: name)
    let front: (any LossWeighting)? =
      method.about.kind == .lossWeighting ? nil : try UncertaintyWeighting(learningRate: 0.1)
    var whole = try Reconciler(method, weighting: front, taskCount: 4, seed: 3)
    var buffers: [String: [HostVector]] = [:]
    for step in 0..<3 { _ = try take(&whole, &buffers, step) }
    var resumed = try Reconciler(method, weighting: front, taskCount: 4, seed: 99)
    try resumed.restore(stateBytes: whole.stateBytes())
    #expect(try resumed.stateBytes() == whole.stateBytes())
    var copies = buffers
    for step in 3..<6 {
      #expect(try take(&resumed, &copies, step) == take(&whole, &buffers, step), "step \(step)")
    }
  }

  @Test("The state of other tasks or of another method is refused and changes nothing")
  func foreignStates() throws {
    var reconciler = try Reconciler(.gramian(NashMTL()), taskCount: 3)
    let before = try reconciler.stateBytes()
    let four = try Reconciler(.gramian(NashMTL()), taskCount: 4).stateBytes()
    #expect(throws: StateError.foreign(reason: "the state of 4 tasks (at memory)")) {
      try reconciler.restore(stateBytes: four)
    }
    let sdmGrad = try Reconciler(.crossGramian(SDMGrad()), taskCount: 3).stateBytes()
    #expect(throws: StateError.self) { try reconciler.restore(stateBytes: sdmGrad) }
    #expect(try reconciler.stateBytes() == before)
  }
}
