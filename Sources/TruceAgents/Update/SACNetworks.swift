import Torch
import TorchNN

/// All that a soft actor-critic learns with: actor, critics, the critics' slow targets, temperatures.
final class SACNetworks {
  /// What acts.
  let actor: Actor
  /// What judges.
  let critics: TwinCritics
  /// What judges what comes after, and follows the critics slowly.
  let slowCritics: TwinCritics
  /// What entropy is worth.
  let temperatures: Temperatures
  /// The sizes.
  let shape: AgentShape
  /// The networks' type.
  let dtype: DType
  /// The critics' parameters.
  let criticTensors: [Tensor]
  private let slowTensors: [Tensor]
  private let discount: Double
  private let polyak: Double

  /// Creates networks with first values; the targets begin as the critics do.
  init(_ settings: SACSettings, _ shape: AgentShape, dtype: DType, using generator: Generator) throws {
    actor = Actor(settings, shape, using: generator)
    critics = TwinCritics(settings, shape, using: generator)
    slowCritics = TwinCritics(settings, shape, using: generator)
    temperatures = Temperatures(settings, shape)
    (self.shape, self.dtype) = (shape, dtype)
    (discount, polyak) = (settings.discount, settings.polyak)
    let modules: [any Module] = [actor, critics, slowCritics, temperatures]
    for module in modules { try module.convert(to: dtype) }
    slowCritics.setRequiresGrad(false)
    (criticTensors, slowTensors) = (critics.parameters.tensors, slowCritics.parameters.tensors)
    withoutGradients { TensorLists.copy(criticTensors, to: slowTensors) }
  }

  /// How the actor would act on observations of all tasks.
  func distribution(_ observations: [Float]) -> SquashedGaussian {
    let rows = TaskRows(taskCount: shape.taskCount, each: 1)
    return actor.distribution(shape.states(observations, dtype: dtype), of: .all(rows))
  }

  /// What the critics are to say of a batch.
  func targets(_ input: UpdateInput) -> Tensor {
    withoutGradients {
      let (batch, owners) = (input.batch, RowOwners.all(input.batch.rows))
      let (actions, logDensities) = actor.distribution(batch.nextStates, of: owners).sample(input.nextNoise)
      let values = slowCritics.lowerValue(batch.nextStates, actions, of: owners)
      let soft = values - batch.rows.spread(temperatures.values) * logDensities
      return batch.rewards + discount * batch.continuations * soft
    }
  }

  /// Lets the targets follow the critics: Q′ ← Q′ + τ (Q − Q′).
  func followCritics() {
    withoutGradients { TensorLists.interpolate(slowTensors, towards: criticTensors, weight: polyak) }
  }

  /// The parts under the names that checkpoints know them by.
  var parts: [(name: String, module: any Module)] {
    [
      ("actor", actor), ("critics", critics), ("slow_critics", slowCritics), ("temperatures", temperatures),
    ]
  }
}
