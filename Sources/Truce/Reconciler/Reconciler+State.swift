// Everything the next step depends on, out and in.

extension Reconciler {
  private enum Keys: String, CodingKey {
    case weighting, method, generator, memory
  }

  /// Writes everything the next step depends on but gradient-sized vectors.
  ///
  /// - Parameters:
  ///   - encoder: Where to.
  ///   - wholeStep: Writes the state of a whole-step method, which the training step holds.
  public func encodeState(
    to encoder: any Encoder, wholeStep: (any Encoder) throws -> Void = { try Stateless().encode(to: $0) }
  ) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(generator, forKey: .generator)
    try container.encode(memory, forKey: .memory)
    try front?.encodeState(to: container.superEncoder(forKey: .weighting))
    let method = container.superEncoder(forKey: .method)
    switch rule {
    case .weightedSum, .sumOfGradients: try Stateless().encode(to: method)
    case .gramian(let grouped): try grouped.encodeState(to: method)
    case .matrix(let running): try running.encodeState(to: method)
    case .crossGramian(let running): try running.encodeState(to: method)
    case .wholeStep: try wholeStep(method)
    }
  }

  /// Replaces the state by one written before for the same methods and tasks.
  ///
  /// - Parameters:
  ///   - decoder: Where from.
  ///   - wholeStep: Reads the state of a whole-step method.
  /// - Throws: `DecodingError` where the state is another method's, or for another number of tasks; nothing is
  ///   changed then.
  public mutating func decodeState(
    from decoder: any Decoder, wholeStep: (any Decoder) throws -> Void = { _ in }
  ) throws {
    var read = self
    let container = try decoder.container(keyedBy: Keys.self)
    read.generator = try container.decode(RandomSource.self, forKey: .generator)
    read.memory = try container.decode(LossMemory.self, forKey: .memory)
    guard read.memory.last.count == taskCount else {
      throw DecodingError.dataCorruptedError(
        forKey: .memory, in: container, debugDescription: "the state of \(read.memory.last.count) tasks")
    }
    if read.front != nil {
      try read.front?.decodeState(from: container.superDecoder(forKey: .weighting))
    }
    try read.decodeRule(from: container.superDecoder(forKey: .method), wholeStep)
    self = read
  }

  private mutating func decodeRule(
    from decoder: any Decoder, _ wholeStep: (any Decoder) throws -> Void
  ) throws {
    switch rule {
    case .weightedSum, .sumOfGradients: break
    case .gramian(var grouped):
      try grouped.decodeState(from: decoder)
      rule = .gramian(grouped)
    case .matrix(var running):
      try running.decodeState(from: decoder)
      rule = .matrix(running)
    case .crossGramian(var running):
      try running.decodeState(from: decoder)
      rule = .crossGramian(running)
    case .wholeStep: try wholeStep(decoder)
    }
  }
}

// MARK: Bytes

extension Reconciler {
  /// The state as bytes: the form for engines without a coder of their own.
  ///
  /// - Throws: What the state of a whole-step method throws when it is written.
  public func stateBytes(
    wholeStep: (any Encoder) throws -> Void = { try Stateless().encode(to: $0) }
  ) throws -> [UInt8] {
    try StateBytes.encode { try encodeState(to: $0, wholeStep: wholeStep) }
  }

  /// Replaces the state by one that ``stateBytes(wholeStep:)`` gave for the same methods and tasks.
  ///
  /// - Throws: ``StateError``; nothing is changed then.
  public mutating func restore(
    stateBytes bytes: [UInt8], wholeStep: (any Decoder) throws -> Void = { _ in }
  ) throws(StateError) {
    var read = self
    try StateBytes.decode(bytes) { try read.decodeState(from: $0, wholeStep: wholeStep) }
    self = read
  }
}
