public import Foundation

/// A network from a file that `torch.export.save` wrote.
///
/// The file is a list of calls of libtorch's operations and the weights. The calls are made one after the other, found
/// by name; nothing of Python is in the file. A program exported in training or in evaluation can be run in both: the
/// arguments that say which, such as those of batch normalisation and dropout, are switched. In one exported in
/// training, a call that says evaluation keeps it, as a frozen normalisation does.
///
/// - Note: Constants of the program, and buffers that it does not save, follow the inputs to their device.
public final class ExportedModule: SavedModule {
  /// The file it was loaded from.
  public let path: String
  /// The names and roles of the tensors, in the order of the program's inputs.
  public let entries: [SavedEntry]
  /// Whether a run draws random numbers.
  public let drawsRandomNumbers: Bool
  private let plan: ExportedPlan
  /// The tensors of the entries, and their places.
  private var tensors: [(place: Int, tensor: Tensor)]
  /// Tensors that are no entries, and their places.
  private var constants: [(place: Int, tensor: Tensor)]
  private let inputPlaces: [Int]
  private let outputPlaces: [Int]
  /// The places of the new values of buffers, and the buffers' entries.
  private let mutations: [(place: Int, entry: Int)]
  private var isTraining = true

  /// Loads a file.
  ///
  /// - Throws: ``TensorFileError`` where the file is missing, is no exported program, or holds one that cannot be run
  ///   or trained; the call is named.
  public init(contentsOf url: URL) throws(TensorFileError) {
    path = url.path
    try checkFile(url)
    let reader = try ExportedReader(path: path)
    let program = try reader.program()
    entries = program.entries.map(\.entry)
    tensors = program.entries.map { ($0.place, $0.tensor) }
    constants = program.constants
    inputPlaces = program.inputPlaces
    outputPlaces = program.outputPlaces
    mutations = program.mutations
    plan = program.plan
    drawsRandomNumbers = plan.steps.contains { step in
      if case .call(let call) = step.action { call.isRandom } else { false }
    }
  }

  /// The tensor at a position of ``entries``.
  public func tensor(at position: Int) -> Tensor { tensors[position].tensor }

  /// Puts another tensor in the place of one.
  public func setTensor(_ tensor: Tensor, at position: Int) { tensors[position].tensor = tensor }

  /// Switches between training and evaluation.
  public func setTraining(_ isTraining: Bool) { self.isTraining = isTraining }

  /// Makes the program's calls.
  public func outputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    let run = try begin(with: inputs)
    for step in plan.steps { try run.perform(step) }
    for (place, entry) in mutations {
      if let value = run.tensor(place) {
        withoutGradients { _ = tensors[entry].tensor.copyInPlace(from: value) }
      }
    }
    return outputPlaces.compactMap(run.tensor)
  }

  /// The last call of a run whose results need no gradient, though one of its inputs does.
  public func stoppingCall(for inputs: [Tensor]) -> String? {
    guard let run = try? begin(with: inputs) else { return nil }
    var last: String?
    for step in plan.steps {
      let takesGradients = step.places.contains { run.tensor($0)?.requiresGrad ?? false }
      guard (try? run.compute(step)) != nil else { return last }
      let givesGradients = step.results.contains { run.tensor($0)?.requiresGrad ?? false }
      if takesGradients, !givesGradients, case .call = step.action {
        last = "\(step.target) (node \(step.node))"
      }
    }
    return last
  }

  /// A run in which no step has been made.
  private func begin(with inputs: [Tensor]) throws(TorchError) -> ExportedRun {
    guard inputs.count == inputPlaces.count else {
      throw TorchError(
        operation: "forward", reason: "the program takes \(inputPlaces.count) inputs, got \(inputs.count)")
    }
    let run = ExportedRun(
      placeCount: plan.placeCount, isTraining: isTraining, device: inputs.first?.device ?? .cpu)
    try moveConstants(to: run.device)
    for (place, tensor) in tensors + constants { run[place] = .tensor(tensor) }
    for (place, tensor) in zip(inputPlaces, inputs) { run[place] = .tensor(tensor) }
    return run
  }

  private func moveConstants(to device: Device) throws(TorchError) {
    for position in constants.indices where constants[position].tensor.device != device {
      let tensor = constants[position].tensor
      constants[position].tensor = try tensor.converted(to: tensor.dtype, on: device)
    }
  }
}
