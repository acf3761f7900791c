import Foundation
import Torch
public import TorchNN
import TruceModels
import TruceTorch

// What a learner's next step depends on, as checkpoints keep it.

extension SupervisedLearner {
  private enum Keys: String, CodingKey {
    case method, optimizer, generator, plateau, state
    /// Where format 1 kept what a plateau schedule remembers.
    case progress
  }

  /// The network's, the optimizer's and the method's tensors, under `network.…`, `optimizer.…` and `method.…`.
  public func stateTensors() -> NamedTensors {
    network.stateDictionary().prefixed("network")
      .appending(optimizer.state().tensors.prefixed("optimizer"))
      .appending(NamedTensors(multiTaskStep.stateTensors).prefixed("method"))
  }

  /// Writes the method's state and name, the optimizer's record, the generator and the schedule's memory.
  public func encodeState(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(multiTaskStep.name, forKey: .method)
    try container.encode(optimizer.state().record, forKey: .optimizer)
    try container.encode(Data(generator.state), forKey: .generator)
    try container.encodeIfPresent(plateau, forKey: .plateau)
    try multiTaskStep.encodeState(to: container.superEncoder(forKey: .state))
  }

  /// Replaces the state by one written before for the same network, optimizer and method.
  public func restore(_ tensors: NamedTensors, from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    let method = try container.decode(String.self, forKey: .method)
    guard method == multiTaskStep.name else {
      throw ForeignState(.record, "was written by '\(method)', this is '\(multiTaskStep.name)'")
    }
    let record = try container.decode(OptimizerState.Record.self, forKey: .optimizer)
    try restoreNetwork(tensors)
    try restore(record, tensors)
    try restoreMethod(tensors, from: container.superDecoder(forKey: .state))
    let generatorState = try container.decode(Data.self, forKey: .generator)
    do { try generator.restore([UInt8](generatorState)) } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .generator, in: container, debugDescription: "no state of a random generator")
    }
    plateau = try Self.plateau(in: container)
  }

  private func restoreNetwork(_ tensors: NamedTensors) throws(ForeignState) {
    do { try network.load(tensors.under("network")) } catch {
      throw ForeignState(.tensors, error.description)
    }
  }

  private func restore(_ record: OptimizerState.Record, _ tensors: NamedTensors) throws(ForeignState) {
    let state = OptimizerState(record: record, tensors: tensors.under("optimizer"))
    do { try optimizer.load(state) } catch { throw ForeignState(.tensors, error.description) }
  }

  private func restoreMethod(_ tensors: NamedTensors, from decoder: any Decoder) throws {
    let device = network.parameters.tensors.first?.device ?? .cpu
    multiTaskStep.stateTensors = tensors.under("method").mapTensors { $0.to(device) }.dictionary
    do { try multiTaskStep.decodeState(from: decoder) } catch is DecodingError {
      throw ForeignState(.record, "holds the state of another method")
    }
  }

  private static func plateau(
    in container: KeyedDecodingContainer<Keys>
  ) throws -> PlateauSchedule.State? {
    if let state = try container.decodeIfPresent(PlateauSchedule.State.self, forKey: .plateau) {
      return state
    }
    guard container.contains(.progress) else { return nil }
    return try container.nestedContainer(keyedBy: Keys.self, forKey: .progress)
      .decodeIfPresent(PlateauSchedule.State.self, forKey: .plateau)
  }

  /// The first parameter or buffer that is infinite or not a number, by name.
  public func nonFiniteState() -> String? {
    let floating = network.stateDictionary().filter { $0.tensor.dtype.isFloatingPoint && $0.tensor.count > 0 }
    guard !floating.isEmpty else { return nil }
    // One read from the device for all tensors.
    let flags = Tensor.stacked(floating.map { $0.tensor.isFinite().all().to(.float32) })
      .toArray(as: Float.self)
    guard let place = flags.firstIndex(of: 0) else { return nil }
    let isParameter = network.parameters[floating[place].name] != nil
    return "the \(isParameter ? "parameter" : "buffer") '\(floating[place].name)'"
  }
}

// MARK: Starting from another run

extension SupervisedLearner {
  /// Takes over what another run learned, to begin a new run with it.
  ///
  /// The network must be the same. What the optimizer and the method remember is taken along where these are the
  /// same; hyperparameters, the schedule, the position and random numbers are the new run's own.
  ///
  /// - Returns: What was taken over, in words.
  /// - Throws: ``ForeignState`` where the network is another one, or `DecodingError`.
  func adopt(_ tensors: NamedTensors, from decoder: any Decoder) throws -> [String] {
    try restoreNetwork(tensors)
    var taken = ["the network"]
    let container = try decoder.container(keyedBy: Keys.self)
    var record = try container.decode(OptimizerState.Record.self, forKey: .optimizer)
    if record.takeHyperparameters(of: optimizer.state().record), (try? restore(record, tensors)) != nil {
      taken.append("the optimizer's memory")
    }
    if try container.decode(String.self, forKey: .method) == multiTaskStep.name {
      try restoreMethod(tensors, from: container.superDecoder(forKey: .state))
      taken.append("the method's memory")
    }
    return taken
  }
}

extension OptimizerState.Record {
  /// Replaces rates and other hyperparameters by those of another record, where the optimizers are of one kind.
  fileprivate mutating func takeHyperparameters(of other: Self) -> Bool {
    guard groups.map(\.optimizer) == other.groups.map(\.optimizer) else { return false }
    for (place, group) in other.groups.enumerated() {
      groups[place].options = group.options
      groups[place].baseLearningRate = group.baseLearningRate
    }
    return true
  }
}
