import Foundation
import Torch
public import TorchNN
import Truce
import TruceRun
import TruceTorch
public import TruceTraining

// What an agent's next step depends on, as checkpoints keep it.

extension AgentLearner {
  private enum Keys: String, CodingKey {
    case tasks, method, optimizers, steps, collector, replay, replaySource, updateNoise
  }

  /// The steps whose methods have states, by the names of what they move.
  private var methodSteps: [(name: String, step: MultiTaskStep)] {
    let moved = [("actor", update.actorStep), ("critics", update.criticStep)]
    let temperatures = update.temperatureStep.method.map { [("temperatures", $0)] } ?? []
    return (moved + temperatures).map { ($0.0, $0.1.step) }
  }

  /// The networks' tensors under their names, the optimizers' under `optimizer.…` and the methods' under `method.…`.
  public func stateTensors() -> NamedTensors {
    var all = NamedTensors()
    for (name, module) in networks.parts { all = all.appending(module.stateDictionary().prefixed(name)) }
    for (name, optimizer) in optimizers {
      all = all.appending(optimizer.state().tensors.prefixed("optimizer.\(name)"))
    }
    for (name, step) in methodSteps {
      all = all.appending(NamedTensors(step.stateTensors).prefixed("method.\(name)"))
    }
    return all
  }

  /// Writes all else, and adds to the file of the replay what is new.
  ///
  /// - Throws: `RunError` where the file of the replay cannot be written.
  public func encodeState(to encoder: any Encoder) throws {
    try log?.save(collector.memory)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(taskNames, forKey: .tasks)
    try container.encode(methodNames, forKey: .method)
    try container.encode(optimizers.map { $0.optimizer.state().record }, forKey: .optimizers)
    try container.encode(collector.state, forKey: .collector)
    try container.encodeIfPresent(log?.extent, forKey: .replay)
    try container.encode(replaySources, forKey: .replaySource)
    try container.encode(updateNoise.state, forKey: .updateNoise)
    var steps = container.nestedUnkeyedContainer(forKey: .steps)
    for (_, step) in methodSteps { try step.encodeState(to: steps.superEncoder()) }
  }

  private var methodNames: [String] { methodSteps.map(\.step.name) }

  /// Replaces the state by one written before for the same tasks, networks, optimizers and method.
  ///
  /// An agent without a folder for its replay gets back what it has learned, and can be measured.
  ///
  /// - Throws: `ForeignState`, `DecodingError`, `RunError` where the file of the replay is missing or damaged, or
  ///   `EnvironmentError` where the episode on its way cannot be played again.
  public func restore(_ tensors: NamedTensors, from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    try requireSame(try container.decode([String].self, forKey: .tasks), taskNames, "tasks")
    try requireSame(try container.decode([String].self, forKey: .method), methodNames, "methods")
    try restoreNetworks(tensors)
    try restoreOptimizers(container.decode([OptimizerState.Record].self, forKey: .optimizers), tensors)
    var steps = try container.nestedUnkeyedContainer(forKey: .steps)
    for (name, step) in methodSteps {
      step.stateTensors = tensors.under("method.\(name)").dictionary
      try restore(step, from: steps.superDecoder())
    }
    try restoreSources(
      container.decode(PerTask<RandomSource>.self, forKey: .replaySource),
      container.decode(PerTask<Data>.self, forKey: .updateNoise))
    try restoreReplay(
      container.decodeIfPresent(ReplayLog.Extent.self, forKey: .replay),
      container.decode(Collector.State.self, forKey: .collector))
  }

  /// Puts back what networks have learned, and nothing else.
  ///
  /// - Throws: `ForeignState` where the tensors are another agent's.
  public func restoreNetworks(_ tensors: NamedTensors) throws(ForeignState) {
    for (name, module) in networks.parts {
      do throws(TorchNN.StateError) { try module.load(tensors.under(name)) } catch {
        throw ForeignState(.tensors, "\(name): \(error.description)")
      }
    }
  }

  private func requireSame(_ saved: [String], _ own: [String], _ what: String) throws(ForeignState) {
    guard saved != own else { return }
    throw ForeignState(
      .record,
      "was written for the \(what) \(saved.joined(separator: ", ")), these are \(own.joined(separator: ", "))"
    )
  }

  private func restoreOptimizers(_ records: [OptimizerState.Record], _ tensors: NamedTensors) throws {
    guard records.count == optimizers.count else {
      throw ForeignState(.record, "holds \(records.count) optimizers instead of \(optimizers.count)")
    }
    for (record, (name, optimizer)) in zip(records, optimizers) {
      let state = OptimizerState(record: record, tensors: tensors.under("optimizer.\(name)"))
      do throws(OptimizerStateError) { try optimizer.load(state) } catch {
        throw ForeignState(.tensors, error.description)
      }
    }
  }

  private func restore(_ step: MultiTaskStep, from decoder: any Decoder) throws {
    do { try step.decodeState(from: decoder) } catch is DecodingError {
      throw ForeignState(.record, "holds the state of another method")
    }
  }

  private func restoreSources(_ replay: PerTask<RandomSource>, _ noise: PerTask<Data>) throws(ForeignState) {
    guard replay.fits(taskCount: taskNames.count) else {
      throw ForeignState(
        .record, "holds \(replay.values.count) random generators for \(taskNames.count) tasks")
    }
    updateNoise = try TaskNoise(noise, taskCount: taskNames.count)
    replaySources = replay
  }

  private func restoreReplay(_ extent: ReplayLog.Extent?, _ state: Collector.State) throws {
    guard log != nil else { return }
    guard let extent else {
      throw ForeignState(.record, "was written by an agent that kept no replay")
    }
    try log?.load(extent, into: collector.memory)
    log?.resume(at: extent)
    try collector.restore(state)
  }

  /// Removes files of the replay that no checkpoint needs any more.
  ///
  /// - Throws: What keeps a checkpoint from being read; nothing is removed then.
  public func discardUnneeded(keeping kept: () throws -> [any Decoder]) throws {
    try log?.removeFiles {
      try kept().compactMap {
        try $0.container(keyedBy: Keys.self).decodeIfPresent(ReplayLog.Extent.self, forKey: .replay)
      }
    }
  }

  // MARK: Finiteness

  /// The first parameter that is infinite or not a number, by name.
  public func nonFiniteState() -> String? {
    let all = networks.parts.flatMap { name, module in Array(module.stateDictionary().prefixed(name)) }
    let flags = Tensor.stacked(all.map { $0.tensor.isFinite().all().to(.float32) }).toArray(as: Float.self)
    return flags.firstIndex(of: 0).map { "the parameter '\(all[$0].name)'" }
  }
}
