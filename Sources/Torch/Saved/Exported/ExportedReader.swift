import Foundation

/// A program read from its file, ready to be run.
struct ExportedProgram {
  /// A parameter or buffer that is saved.
  struct Entry {
    let entry: SavedEntry
    let place: Int
    let tensor: Tensor
  }

  var plan: ExportedPlan
  var entries: [Entry] = []
  var constants: [(place: Int, tensor: Tensor)] = []
  var inputPlaces: [Int] = []
  var outputPlaces: [Int] = []
  var mutations: [(place: Int, entry: Int)] = []
}

/// Reads an exported program from its archive.
struct ExportedReader {
  let path: String
  private let archive: RecordArchive
  private let weights: [String: ExportedWeights.Weight]
  private let constants: [String: ExportedWeights.Weight]
  private let module: ExportedGraphModule

  init(path: String) throws(TensorFileError) {
    self.path = path
    do throws(TorchError) {
      archive = try RecordArchive(path: path)
    } catch {
      throw Self.foreign(path, error.reason)
    }
    let document = try Self.decoded(ExportedDocument.self, "models/model.json", archive, path)
    guard let document else { throw Self.foreign(path, "it has no models/model.json") }
    let version = document.schemaVersion
    guard version.major == ExportedDocument.majorVersion else {
      throw .unsupported(
        path, "is written in version \(version.major).\(version.minor) of torch.export's format",
        help: "save it with PyTorch 2.13, whose version is \(ExportedDocument.majorVersion)")
    }
    module = document.graphModule
    weights =
      try Self.decoded(ExportedWeights.self, "data/weights/model_weights_config.json", archive, path)?.config
      ?? [:]
    constants =
      try Self.decoded(ExportedWeights.self, "data/constants/model_constants_config.json", archive, path)?
      .config
      ?? [:]
  }

  private static func foreign(_ path: String, _ reason: String) -> TensorFileError {
    .malformed(
      path, "is not an exported program (\(reason))",
      help: "save the network in Python with torch.export.save(torch.export.export(network, inputs), file)")
  }

  private static func decoded<Value: Decodable>(
    _ type: Value.Type, _ name: String, _ archive: RecordArchive, _ path: String
  ) throws(TensorFileError) -> Value? {
    do {
      guard let record = try archive.record(name) else { return nil }
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: record)
    } catch let error as TorchError {
      throw .malformed(path, "is damaged (\(error.reason))")
    } catch {
      throw .malformed(path, "holds a \(name) that cannot be read")
    }
  }

  // MARK: Program

  /// Prepares the calls and reads the weights.
  func program() throws(TensorFileError) -> ExportedProgram {
    let plan: ExportedPlan
    do throws(ExportedPlan.Refusal) {
      plan = try ExportedPlan(module)
    } catch {
      throw .unsupported(path, error.reason, help: error.help)
    }
    var program = ExportedProgram(plan: plan)
    var cache: [String: Tensor] = [:]
    for (argument, spec) in zip(module.graph.inputs, module.signature.inputSpecs) {
      guard case .tensor(let name) = argument else { continue }
      try add(spec, named: name, to: &program, &cache)
    }
    try addOutputs(to: &program)
    let kept =
      program.entries.map(\.place) + program.constants.map(\.place) + program.inputPlaces
      + program.outputPlaces + program.mutations.map(\.place)
    program.plan.findLastUses(keeping: Set(kept))
    guard program.entries.contains(where: \.entry.isTrained) else {
      throw .unsupported(
        path, "holds no parameter to train", help: "export the network with parameters that require gradients"
      )
    }
    return program
  }

  private func add(
    _ spec: ExportedInput, named name: String, to program: inout ExportedProgram,
    _ cache: inout [String: Tensor]
  ) throws(TensorFileError) {
    let place = program.plan.place(name)
    switch spec {
    case .user:
      try checkBatch(name)
      program.inputPlaces.append(place)
    case .parameter(let key):
      let tensor = try tensor(key, weights, folder: "weights", &cache)
      let isTrained = weights[key]?.tensorMeta?.requiresGrad ?? false
      add(key, isTrained: isTrained, tensor, place, to: &program)
    case .buffer(let key, true):
      add(key, isTrained: false, try tensor(key, weights, folder: "weights", &cache), place, to: &program)
    case .buffer(let key, false), .constant(let key):
      program.constants.append((place, try tensor(key, constants, folder: "constants", &cache)))
    case .other(let kind):
      throw .unsupported(path, "takes an input of kind \(kind)", help: "export a network of tensors alone")
    }
  }

  private func add(
    _ name: String, isTrained: Bool, _ tensor: Tensor, _ place: Int, to program: inout ExportedProgram
  ) {
    if isTrained { tensor.requiresGrad = true }
    program.entries.append(
      ExportedProgram.Entry(entry: SavedEntry(name: name, isTrained: isTrained), place: place, tensor: tensor)
    )
  }

  private func addOutputs(to program: inout ExportedProgram) throws(TensorFileError) {
    for (argument, spec) in zip(module.graph.outputs, module.signature.outputSpecs) {
      guard case .tensor(let name) = argument else {
        throw .unsupported(path, "gives an output that is no tensor", help: "return tensors alone")
      }
      let place = program.plan.place(name)
      switch spec {
      case .user: program.outputPlaces.append(place)
      case .buffer(let key):
        guard let entry = program.entries.firstIndex(where: { $0.entry.name == key }) else { continue }
        program.mutations.append((place, entry))
      case .other(let kind):
        throw .unsupported(
          path, "gives an output of kind \(kind)", help: "export the network, not its training step")
      }
    }
  }

  /// The number of examples must be open, or the network takes batches of one size alone.
  private func checkBatch(_ name: String) throws(TensorFileError) {
    guard let length = module.graph.tensorValues[name]?.sizes.first?.value else { return }
    throw .unsupported(
      path, "takes batches of \(length) examples alone: the first axis of its input '\(name)' is fixed",
      help: "export it with dynamic_shapes={'\(name)': {0: torch.export.Dim('batch', min=2)}}")
  }

  // MARK: Weights

  private func tensor(
    _ key: String, _ config: [String: ExportedWeights.Weight], folder: String, _ cache: inout [String: Tensor]
  ) throws(TensorFileError) -> Tensor {
    guard let weight = config[key] else { throw .malformed(path, "lacks the values of '\(key)'") }
    guard !weight.usePickle, let meta = weight.tensorMeta, let dtype = ExportedType.dtype(meta.dtype) else {
      throw .unsupported(
        path, "keeps '\(key)' in a form that only Python reads",
        help: "export a network of plain, dense tensors")
    }
    let layout = StoredLayout(meta, dtype: dtype)
    // Two names of one tensor are one tensor here too, so that it is trained once.
    let identity = "\(folder)/\(weight.pathName) \(layout)"
    if let known = cache[identity] { return known }
    guard let bytes = try record("data/\(folder)/\(weight.pathName)"), let tensor = layout.tensor(in: bytes)
    else {
      throw .malformed(path, "has values of '\(key)' that do not fit its shape \(layout.shape)")
    }
    cache[identity] = tensor
    return tensor
  }

  private func record(_ name: String) throws(TensorFileError) -> Data? {
    do throws(TorchError) {
      return try archive.record(name)
    } catch {
      throw .malformed(path, "is damaged (\(error.reason))")
    }
  }
}

/// Where a tensor's elements lie among the bytes of a record.
private struct StoredLayout {
  let shape: [Int]
  let strides: [Int]
  let offset: Int
  let dtype: DType

  init(_ meta: ExportedWeightMeta, dtype: DType) {
    shape = meta.sizes.map { $0.value ?? -1 }
    strides = meta.strides.map { $0.value ?? -1 }
    offset = meta.storageOffset.value ?? -1
    self.dtype = dtype
  }

  /// The tensor, contiguous; nil where the layout reaches beyond the bytes or counts below zero.
  func tensor(in bytes: Data) -> Tensor? {
    let count = bytes.count / dtype.byteCount
    guard shape.count == strides.count, offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }),
      let last = lastElement(), last < count || shape.contains(0),
      dtype != .bool || bytes.allSatisfy({ $0 < 2 })
    else { return nil }
    let whole = bytes.prefix(count * dtype.byteCount).withUnsafeBytes {
      Tensor(copying: $0, shape: [count], dtype: dtype)
    }
    return whole.strided(shape, strides: strides, offset: offset).clone().contiguous()
  }

  /// The place of the last element; nil where it is beyond counting.
  private func lastElement() -> Int? {
    zip(shape, strides).reduce(offset) { (place: Int?, axis: (length: Int, stride: Int)) -> Int? in
      guard let place else { return nil }
      let (step, overflows) = max(0, axis.length - 1).multipliedReportingOverflow(by: axis.stride)
      let (sum, isBeyond) = place.addingReportingOverflow(step)
      return overflows || isBeyond ? nil : sum
    }
  }
}
