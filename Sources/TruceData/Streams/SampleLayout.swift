import Torch

/// The names, types and shapes that every example of a source has, learned from its first.
struct SampleLayout: Sendable {
  /// An array of every example.
  struct Field: Sendable {
    let what: String
    let shape: [Int]
    let dtype: DType
    let joining: Joining

    /// The axis along which examples may differ in length.
    var freeAxis: Int? {
      if case .concatenated(let axis, _) = joining { axis } else { nil }
    }
  }

  /// A target with the mask that goes with it.
  struct Target: Sendable {
    let task: String
    let values: Field
    let mask: Field?
  }

  let inputNames: [String]
  let inputs: [Field]
  let targets: [Target]

  /// Learns the layout.
  ///
  /// - Throws: ``DataError/unlikeOthers(sample:reason:)`` where the example contradicts itself.
  init(of sample: Sample, from source: any SampleSource, name: String) throws(DataError) {
    guard !sample.inputs.isEmpty else { throw .unlikeOthers(sample: name, reason: "it has no input") }
    inputNames = sample.inputs.map(\.name)
    inputs = sample.inputs.map { input in
      Field(
        what: "its input '\(input.name)'", shape: input.values.shape, dtype: input.values.dtype,
        joining: source.joining(ofInput: input.name))
    }
    targets = sample.targets.map { Target($0) }
    for field in inputs { try checkJoining(field, name: name) }
    try Self.checkMasks(sample, name: name)
  }

  private func checkJoining(_ field: Field, name: String) throws(DataError) {
    guard case .concatenated(let axis, let offset) = field.joining else { return }
    guard field.shape.indices.contains(axis) else {
      throw .unlikeOthers(sample: name, reason: "\(field.what) of shape \(field.shape) has no axis \(axis)")
    }
    guard offset == .none || [.int64, .int32].contains(field.dtype) else {
      throw .unlikeOthers(sample: name, reason: "\(field.what) points at rows, but is of \(field.dtype)")
    }
    guard case .rows(let other) = offset, !inputNames.contains(other) else { return }
    throw .unlikeOthers(sample: name, reason: "\(field.what) points at rows of '\(other)', which is no input")
  }

  private static func checkMasks(_ sample: Sample, name: String) throws(DataError) {
    for target in sample.targets {
      guard let mask = target.mask else { continue }
      let fits = zip(mask.shape, target.values.shape).allSatisfy { $0 == $1 || $0 == 1 }
      guard mask.dtype == .bool, mask.shape.count <= target.values.shape.count, fits else {
        throw .unlikeOthers(
          sample: name,
          reason: "the mask of task '\(target.task)', \(mask.shape) of \(mask.dtype), "
            + "does not fit its values of shape \(target.values.shape)")
      }
    }
  }

  /// Makes sure that an example is like the first.
  ///
  /// - Throws: ``DataError/unlikeOthers(sample:reason:)``.
  func check(_ sample: Sample, name: String) throws(DataError) {
    guard sample.inputs.map(\.name) == inputNames, sample.targets.map(\.task) == targets.map(\.task) else {
      throw .unlikeOthers(
        sample: name,
        reason: "it has \(Self.list(sample.inputs.map(\.name), sample.targets.map(\.task))), "
          + "the first example has \(Self.list(inputNames, targets.map(\.task)))")
    }
    for (field, input) in zip(inputs, sample.inputs) { try check(input.values, field, name: name) }
    for (expected, target) in zip(targets, sample.targets) {
      try check(target.values, expected.values, name: name)
      guard (target.mask == nil) == (expected.mask == nil) else {
        let (here, there) = target.mask == nil ? ("no mask", "one") : ("a mask", "none")
        throw .unlikeOthers(
          sample: name, reason: "it has \(here) for task '\(target.task)', the first example has \(there)")
      }
      if let mask = target.mask, let field = expected.mask { try check(mask, field, name: name) }
    }
  }

  private func check(_ array: HostArray, _ field: Field, name: String) throws(DataError) {
    var (here, there) = (array.shape, field.shape)
    if let axis = field.freeAxis, here.indices.contains(axis) { (here[axis], there[axis]) = (0, 0) }
    guard here == there, array.dtype == field.dtype else {
      throw .unlikeOthers(
        sample: name,
        reason: "\(field.what) is \(array.shape) of \(array.dtype), "
          + "that of the first example \(field.shape) of \(field.dtype)")
    }
  }

  private static func list(_ inputs: [String], _ tasks: [String]) -> String {
    "the inputs \(inputs.joined(separator: ", ")) and the tasks \(tasks.joined(separator: ", "))"
  }
}

extension SampleLayout.Target {
  init(_ target: Sample.Target) {
    task = target.task
    values = SampleLayout.Field(
      what: "the target of task '\(target.task)'", shape: target.values.shape, dtype: target.values.dtype,
      joining: .stacked)
    mask = target.mask.map {
      SampleLayout.Field(
        what: "the mask of task '\(target.task)'", shape: $0.shape, dtype: $0.dtype, joining: .stacked)
    }
  }
}

extension SampleLayout {
  /// What a batch of such examples looks like.
  var domain: DomainLayout {
    DomainLayout(
      inputs: zip(inputNames, inputs).map { name, field in
        var shape: [Int?] = field.shape
        if let axis = field.freeAxis { shape[axis] = nil }
        return InputLayout(name: name, shape: shape, dtype: field.dtype, joining: field.joining)
      },
      tasks: targets.map(\.task))
  }
}
