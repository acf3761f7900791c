import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Every optimizer against the recorded steps of torch.optim.
@Suite struct OptimizerTests {
  struct File: Decodable {
    let initial: [ReferenceTensor]
    let gradients: [[ReferenceTensor?]]
    let cases: [Case]
  }

  struct Case: Decodable {
    let optimizer: String
    let options: [String: OptionValue]
    let type: DType
    let after: [[ReferenceTensor]]
  }

  /// Parameters at their recorded beginning.
  static func parameters(_ file: File, _ dtype: DType) -> NamedTensors {
    NamedTensors(
      file.initial.enumerated().map { index, value in
        (name: "p\(index)", tensor: value.tensor(dtype).requiringGrad())
      })
  }

  /// Takes one recorded step; from the fifth on the learning rate is halved.
  static func step(_ optimizer: Optimizer, _ index: Int, _ file: File, _ dtype: DType) throws {
    if index == 4 { optimizer.setLearningRate(optimizer.learningRates[0] * 0.5) }
    for (parameter, gradient) in zip(optimizer.parameters, file.gradients[index]) {
      parameter.grad = gradient?.tensor(dtype)
    }
    try optimizer.step()
  }

  static let fusable = ["sgd", "adam", "adamw"]

  /// Runs all recorded cases of one type, each also with the other way of computing where there are two.
  private func expectRecordedSteps(_ dtype: DType, tolerance: Double) throws {
    let file = try references("optimizers", as: File.self)
    for recorded in file.cases where recorded.type == dtype {
      for fused in Self.fusable.contains(recorded.optimizer) ? [true, false] : [nil] {
        var options = recorded.options
        if let fused { options["fused"] = .bool(fused) }
        let rule = try OptimizerCatalogue.rule(named: recorded.optimizer, options: options)
        let optimizer = Optimizer(Self.parameters(file, dtype), rule: rule)
        for (index, expected) in recorded.after.enumerated() {
          try Self.step(optimizer, index, file, dtype)
          for (parameter, value) in zip(optimizer.parameters, expected) {
            let distance = parameter.detached().distance(to: value.tensor(dtype))
            #expect(distance <= tolerance, "\(recorded.optimizer) \(options) step \(index)")
          }
        }
      }
    }
  }

  @Test("steps in float64 equal PyTorch's")
  func recordedSteps() throws {
    try expectRecordedSteps(.float64, tolerance: 1e-13)
  }

  @Test("steps in float32 equal PyTorch's fused ones")
  func recordedFusedSteps() throws {
    try expectRecordedSteps(.float32, tolerance: 1e-6)
  }

  @Test("every optimizer of the catalogue is recorded")
  func completeness() throws {
    let file = try references("optimizers", as: File.self)
    #expect(Set(file.cases.map(\.optimizer)) == Set(OptimizerCatalogue.entries.map(\.name)))
  }

  @Test(
    "a state saved mid-run and loaded elsewhere gives the same run, bit for bit",
    arguments: OptimizerCatalogue.entries.map(\.name))
  func resumedRun(name: String) throws {
    let file = try references("optimizers", as: File.self)
    let options = try #require(file.cases.last { $0.optimizer == name }).options
    let rule = try OptimizerCatalogue.rule(named: name, options: options)
    let straight = Optimizer(Self.parameters(file, .float32), rule: rule)
    for index in 0..<5 { try Self.step(straight, index, file, .float32) }

    let copies = straight.parameters.enumerated().map { index, tensor in
      (name: "p\(index)", tensor: tensor.detached().clone().requiringGrad())
    }
    let resumed = Optimizer(NamedTensors(copies), rule: try OptimizerCatalogue.rule(named: name))
    try resumed.load(try written(straight.state()))
    #expect(resumed.learningRates == straight.learningRates)
    for index in 5..<8 {
      for optimizer in [straight, resumed] { try Self.step(optimizer, index, file, .float32) }
    }
    for (left, right) in zip(straight.parameters, resumed.parameters) {
      #expect(left.toArray(as: Float.self) == right.toArray(as: Float.self))
    }
  }

  /// The state after it has lain in a file: the tensors as safetensors, the record as JSON among them.
  private func written(_ state: OptimizerState) throws -> OptimizerState {
    let folder = FileManager.default.temporaryDirectory
    let url = folder.appendingPathComponent("optimizer-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let json = String(decoding: try JSONEncoder().encode(state.record), as: UTF8.self)
    try Safetensors(tensors: state.tensors.dictionary, metadata: ["record": json]).write(to: url)

    let file = try Safetensors(contentsOf: url)
    let record = try JSONDecoder().decode(
      OptimizerState.Record.self, from: Data(try #require(file.metadata["record"]).utf8))
    #expect(record == state.record)
    return OptimizerState(record: record, tensors: NamedTensors(file.tensors))
  }

  @Test("the description lists what the rule declares and remembers", arguments: OptimizerCatalogue.entries)
  func descriptions(about: OptimizerDescription) throws {
    let file = try references("optimizers", as: File.self)
    var slots: Set<String> = []
    for recorded in file.cases where recorded.optimizer == about.name && recorded.type == .float64 {
      let rule = try OptimizerCatalogue.rule(named: about.name, options: recorded.options)
      #expect(Set(rule.options.keys) == Set(about.parameters.map(\.name)))
      #expect(recorded.options.allSatisfy { rule.options[$0.key] == $0.value })
      let optimizer = Optimizer(Self.parameters(file, .float64), rule: rule)
      try Self.step(optimizer, 0, file, .float64)
      slots.formUnion(optimizer.state().record.groups[0].parameters[0].slots)
    }
    #expect(slots == Set(about.slots))
    #expect(about.summary.hasSuffix("."))
  }

  @Test("a parameter without a gradient is left alone")
  func withoutGradient() throws {
    let parameters = NamedTensors([
      (name: "a", tensor: Tensor.ones([2]).requiringGrad()),
      (name: "b", tensor: Tensor.ones([2]).requiringGrad()),
    ])
    let optimizer = Optimizer(parameters, rule: try AdamW(learningRate: 0.1))
    optimizer.parameters[0].grad = .ones([2])
    try optimizer.step()
    #expect(optimizer.parameters[1].toArray(as: Float.self) == [1, 1])
    #expect(optimizer.state().record.groups[0].parameters.map(\.step) == [1, 0])
    optimizer.removeGradients()
    #expect(optimizer.parameters[0].grad == nil)
  }

  @Test("a transposed parameter and gradient are stepped correctly")
  func transposedMemory() throws {
    let values = wave([3, 2], 0.4)
    let gradient = wave([3, 2], 1.4)
    func stepped(_ tensor: Tensor, _ gradient: Tensor) throws -> Tensor {
      let leaf = tensor.requiringGrad()
      leaf.grad = gradient
      try Optimizer(NamedTensors([(name: "p", tensor: leaf)]), rule: try Adam(learningRate: 0.1)).step()
      return leaf.detached()
    }
    let expected = try stepped(values.clone(), gradient)
    let transposed = values.transposed(0, 1).contiguous().transposed(0, 1)
    #expect(try stepped(transposed, gradient).distance(to: expected) < 1e-15)
    let spread = gradient.transposed(0, 1).contiguous().transposed(0, 1)
    #expect(try stepped(values.clone(), spread).distance(to: expected) < 1e-15)
  }
}
