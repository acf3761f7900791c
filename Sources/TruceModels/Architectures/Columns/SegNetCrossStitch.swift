import Torch
public import TorchNN

/// A SegNet for each task, whose pooled features are added up between the levels, as in the CAGrad repository.
///
/// Before the encoder's levels 1 to 4 and before each of the five unpoolings, every column goes on with the same
/// Σ_j w_j · (what column j has). Each unpools with the places of its own maxima. The parameters are named
/// `units.encoder` [4, tasks], `units.decoder` [5, tasks] in the order of the walk, `columns.<task>.…` and
/// `heads.<task>.…`.
///
/// - Source: I. Misra et al., "Cross-stitch Networks for Multi-task Learning", 2016; the public code of CAGrad.
/// - Note: The paper's units are matrices close to the identity. Here, as published, a unit is a vector that begins with
///   ones, and the kernels begin with Xavier uniform draws instead of normal ones.
public final class SegNetCrossStitch: MultiTaskNetwork {
  private var encoderUnits, decoderUnits: Tensor
  private var tape: LayerTape?
  private let columns: [SegNetTrunk]
  private let heads: TaskHeads

  init(columns: [SegNetTrunk], heads: TaskHeads, using generator: Generator) {
    let levels = columns[0].layout.count
    encoderUnits = Tensor.ones([levels - 1, columns.count]).requiringGrad()
    decoderUnits = Tensor.ones([levels, columns.count]).requiringGrad()
    self.columns = columns
    self.heads = heads
    for kernel in parameters.tensors where kernel.rank == 4 {
      Initialization.xavierUniform().fill(kernel, using: generator)
    }
  }

  /// The tasks' names, in the order of the columns.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the units, the tape, the columns and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("units.encoder", &encoderUnits)
    visitor.parameter("units.decoder", &decoderUnits)
    visitor.tape(&tape)
    for (name, column) in zip(taskNames, columns) { visitor.child("columns.\(name)", column) }
    heads.visit(visitor)
  }

  /// The units and all columns.
  public var sharedParameters: NamedTensors { parameters.under(names: ["units", "columns"]) }

  /// The parameters of one head.
  public func headParameters(ofTask task: Int) -> NamedTensors { heads.parameters(ofTask: task) }

  /// The outputs; each task has features of its own, so there is no cut that all meet at.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let features = walk(shown)
    return NetworkOutputs(heads.outputs(ofTasks: tasks, for: shown) { features[$0] })
  }

  private func walk(_ input: Tensor) -> [Tensor] {
    let levels = columns[0].layout.count
    var encoded = columns.map { [$0.encode(input, at: 0)] }
    for level in 1..<levels {
      let mixed = encoded.map { $0[level - 1].pooled }.summed(
        by: encoderUnits, from: (level - 1) * columns.count, on: tape?.part("units.encoder"))
      for (task, column) in columns.enumerated() { encoded[task].append(column.encode(mixed, at: level)) }
    }
    var features = encoded.map { $0[levels - 1].pooled }
    for (step, level) in (0..<levels).reversed().enumerated() {
      let mixed = features.summed(
        by: decoderUnits, from: step * columns.count, on: tape?.part("units.decoder"))
      features = zip(columns, encoded).map { $0.decode(mixed, at: level, undoing: $1[level]).last }
    }
    return features
  }
}
