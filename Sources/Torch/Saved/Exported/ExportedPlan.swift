import Foundation

/// The steps of an exported program, with a place for each of its values.
struct ExportedPlan {
  /// Why a program cannot be run and trained.
  struct Refusal: Error {
    let reason: String
    let help: String
  }

  private(set) var steps: [ExportedStep] = []
  /// The number of values.
  private(set) var placeCount = 0
  private var places: [String: Int] = [:]
  private let graph: ExportedGraph
  /// Whether the program was exported in training, so that a call in evaluation is meant to stay so.
  private let wasTraining: Bool
  /// The places of the buffers that count batches.
  private var counters: Set<Int> = []

  /// Prepares every call of a program.
  init(_ module: ExportedGraphModule) throws(Refusal) {
    graph = module.graph
    wasTraining = graph.nodes.contains { node in
      node.inputs.contains { input in
        if case .truth(true) = input.arg { Self.isMode(input.name) && !node.lacksStatistics } else { false }
      }
    }
    for (argument, spec) in zip(graph.inputs, module.signature.inputSpecs) {
      guard case .tensor(let name) = argument else {
        throw Refusal(reason: "one of its inputs is no tensor", help: "export a network of tensors alone")
      }
      let place = place(name)
      if case .buffer(let buffer, _) = spec, buffer.hasSuffix("num_batches_tracked") {
        counters.insert(place)
      }
    }
    for node in graph.nodes where !Self.isSkipped(node.target) { steps.append(try step(node)) }
  }

  /// The place of a named value.
  mutating func place(_ name: String) -> Int {
    if let known = places[name] { return known }
    places[name] = placeCount
    placeCount += 1
    return placeCount - 1
  }

  /// Notes after which step each value is needed no more, but for those kept.
  mutating func findLastUses(keeping kept: Set<Int>) {
    var seen = kept
    for step in steps.reversed() {
      step.lastUses = Set(step.places + step.results).subtracting(seen).sorted()
      seen.formUnion(step.lastUses)
    }
  }

  // MARK: Steps

  private static let skipped = [
    "torch.ops.aten._assert_", "torch.ops.aten.sym_constrain_range", "torch.ops.aten._assert_scalar",
  ]

  /// Whether a call only checks what libtorch checks again.
  private static func isSkipped(_ target: String) -> Bool { skipped.contains { target.hasPrefix($0) } }

  private static let fixed = [
    "_native_batch_norm_legit", "_batch_norm_with_update", "_batch_norm_no_update", "cudnn_batch_norm",
    "miopen_batch_norm", "native_batch_norm_backward",
  ]

  private mutating func step(_ node: ExportedNode) throws(Refusal) -> ExportedStep {
    let name = node.displayName
    if Self.fixed.contains(where: { node.target.contains(".\($0)") }) {
      throw Refusal(
        reason:
          "cannot be trained: its call \(node.target) (node \(name)) has training or evaluation written into it",
        help: "save what torch.export.export gives, without run_decompositions")
    }
    let results = try resultPlaces(node)
    if node.target == "torch.ops.aten.sym_size.int", case .tensor(let tensor) = node["self"],
      case .integer(let axis) = node["dim"]
    {
      return ExportedStep(
        action: .size(tensor: place(tensor), axis: axis), results: results, node: name, target: node.target)
    }
    if let operation = ExportedArithmetic(target: node.target) {
      var numbers: [ExportedNumber] = []
      for input in node.inputs { numbers.append(try number(input.arg, node)) }
      return ExportedStep(
        action: .arithmetic(operation, numbers), results: results, node: name, target: node.target)
    }
    return ExportedStep(
      action: .call(try call(node)), results: results, node: name, target: node.target, counts: counter(node))
  }

  /// The counter that a call adds to; nil for other calls.
  private mutating func counter(_ node: ExportedNode) -> Int? {
    guard node.operation?.name.hasSuffix("_") ?? false, case .tensor(let name) = node["self"] else {
      return nil
    }
    let place = place(name)
    return counters.contains(place) ? place : nil
  }

  private mutating func resultPlaces(_ node: ExportedNode) throws(Refusal) -> [Int] {
    var results: [Int] = []
    for output in node.outputs {
      switch output {
      case .tensor(let name), .named(let name): results.append(place(name))
      case .tensors(let names): results += names.map { place($0 ?? "") }
      case .none: results.append(place(""))
      default: throw refusal(node, "gives back what is no tensor")
      }
    }
    return results
  }

  private mutating func call(_ node: ExportedNode) throws(Refusal) -> PreparedCall {
    guard let operation = node.operation else { throw refusal(node, "is no call of libtorch's") }
    var arguments: [(name: String, value: PreparedCall.Argument)] = []
    for input in node.inputs { arguments.append((input.name, try argument(input, node))) }
    do throws(TorchError) {
      return try PreparedCall(
        name: "\(operation.space)::\(operation.name)", overload: operation.overload, arguments: arguments)
    } catch {
      throw refusal(node, "cannot be made (\(error.reason))")
    }
  }

  private func refusal(_ node: ExportedNode, _ reason: String) -> Refusal {
    Refusal(
      reason: "cannot be trained: its call \(node.target) (node \(node.displayName)) \(reason)",
      help: "write that part of the network with operations of torch itself, and export it again")
  }

  // MARK: Arguments

  /// Whether an argument of this name says if the call acts as in training.
  private static func isMode(_ name: String) -> Bool {
    ["training", "train", "use_input_stats"].contains(name)
  }

  /// Whether an argument of this name is what a normalisation learns of all batches.
  private static func isStatistic(_ name: String) -> Bool { ["running_mean", "running_var"].contains(name) }

  /// Whether a normalisation takes its statistics from the batch while it is trained.
  private func learnsStatistics(_ node: ExportedNode) -> Bool {
    guard let mode = node.inputs.first(where: { Self.isMode($0.name) }), case .truth(let value) = mode.arg
    else {
      return false
    }
    return value || !wasTraining
  }

  private mutating func argument(
    _ input: ExportedNode.Input, _ node: ExportedNode
  ) throws(Refusal) -> PreparedCall.Argument {
    switch input.arg {
    case .none: return .none
    case .truth(let value) where Self.isMode(input.name) && !node.lacksStatistics:
      return value || !wasTraining ? .mode : .number(.truth(false))
    case .real(let value) where input.name == "dropout_p": return .inTraining(value)
    case .integer, .real, .truth, .named: return .number(try number(input.arg, node))
    case .text(let text): return .text(text)
    case .tensor(let name) where Self.isStatistic(input.name) && learnsStatistics(node):
      guard case .tensor(let values) = node["input"] else { return .tensor(place(name)) }
      return .statistic(place(name), ofValues: place(values))
    case .tensor(let name): return .tensor(place(name))
    case .tensors(let names): return .tensors(names.map { $0.map { place($0) } })
    case .integers(let values): return .integers(values.map(ExportedNumber.integer))
    case .mixedIntegers(let elements):
      var numbers: [ExportedNumber] = []
      for element in elements { numbers.append(try number(element, node)) }
      return .integers(numbers)
    case .reals(let values): return .reals(values)
    case .truths(let values): return .truths(values)
    default: return try option(input, node)
    }
  }

  private func option(_ input: ExportedNode.Input, _ node: ExportedNode) throws(Refusal)
    -> PreparedCall.Argument
  {
    switch input.arg {
    case .dtype(let code):
      guard let dtype = ExportedType.dtype(code) else {
        throw refusal(node, "asks for an element type not known here")
      }
      return .dtype(dtype)
    case .memoryFormat(let code):
      // The files' numbers, and the shim's.
      guard let format = [1: 0, 4: 1, 2: 2, 3: 3][code] else {
        throw refusal(node, "asks for an unknown memory format")
      }
      return .memoryFormat(format)
    case .layout(7): return .strided
    case .device: return .device
    case .other(let kind): throw refusal(node, "has an argument of a kind not known here, \(kind)")
    default: throw refusal(node, "has an argument '\(input.name)' of a kind not known here")
    }
  }

  private mutating func number(_ argument: ExportedArgument, _ node: ExportedNode) throws(Refusal)
    -> ExportedNumber
  {
    switch argument {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .truth(let value): .truth(value)
    case .named(let name): .place(place(name))
    default: throw refusal(node, "counts with what is no number")
    }
  }
}

extension ExportedStep {
  /// The places of the values that the step takes.
  var places: [Int] {
    switch action {
    case .call(let call): call.places
    case .size(let tensor, _): [tensor]
    case .arithmetic(_, let numbers):
      numbers.compactMap { if case .place(let place) = $0 { place } else { nil } }
    }
  }
}

extension ExportedNode {
  /// The node's name, or that of its first result.
  var displayName: String {
    if let name { return name }
    for case .tensor(let result) in outputs { return result }
    return "?"
  }

  /// The argument of this name.
  subscript(name: String) -> ExportedArgument? { inputs.first { $0.name == name }?.arg }

  /// A normalisation without running statistics has one mode only.
  var lacksStatistics: Bool {
    guard inputs.contains(where: { $0.name == "running_mean" }) else {
      return target.contains(".instance_norm.")
    }
    if let mean = self["running_mean"], case ExportedArgument.none = mean { return true }
    return false
  }

  /// The parts of a call's name such as `torch.ops.aten.flatten.using_ints`.
  var operation: (space: String, name: String, overload: String)? {
    let parts = target.split(separator: ".").map(String.init)
    guard parts.count == 5, parts[0] == "torch", parts[1] == "ops", parts[2] != "higher_order" else {
      return nil
    }
    return (parts[2], parts[3], parts[4] == "default" ? "" : parts[4])
  }
}
