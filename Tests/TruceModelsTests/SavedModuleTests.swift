import Dispatch
import Foundation
import Synchronization
import Testing
import Torch
import TorchNN
import TorchTestSupport
import TruceModels

/// The files that Tools/saved-module-fixtures.py wrote with PyTorch.
enum SavedFile {
  static func url(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("SavedModules/\(name)")
  }

  static func module(_ name: String) throws -> any SavedModule {
    name.hasSuffix(".pt2")
      ? try ExportedModule(contentsOf: url(name)) : try ScriptModule(contentsOf: url(name))
  }

  static func trunk(_ name: String, seed: UInt64 = 7) throws -> SavedTrunk {
    SavedTrunk(try module(name), using: Generator(seed: seed))
  }
}

@Suite("Networks that PyTorch saved")
struct SavedModuleTests {
  struct Recorded: Decodable {
    let names: [String]
    let evaluated, trained, gradient, runningMean: ReferenceTensor

    init() throws {
      self = try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: SavedFile.url("small.json")))
    }
  }

  static let kinds = ["pt", "pt2"]

  /// The two inputs of the small network.
  private let inputs: [Tensor] = {
    let x = Tensor((0..<15).map { Float($0) / 10 }, shape: [5, 3])
    return [
      x,
      Tensor((0..<5).reversed().flatMap { row in (0..<3).map { Float(row * 3 + $0) / 10 } }, shape: [5, 3]),
    ]
  }()

  @Test("parameters and buffers keep PyTorch's names; a frozen parameter is not trained", arguments: kinds)
  func names(kind: String) throws {
    let trunk = try SavedFile.trunk("small.\(kind)")
    #expect(trunk.stateDictionary().names.sorted() == (try Recorded()).names.sorted())
    #expect(trunk.parameters.names == ["first.weight", "first.bias", "norm.weight", "norm.bias"])
    #expect(
      trunk.buffers.names.sorted() == [
        "frozen.bias", "frozen.weight", "norm.num_batches_tracked", "norm.running_mean", "norm.running_var",
      ])
  }

  @Test("outputs, gradients and running statistics are PyTorch's, in both modes", arguments: kinds)
  func outputs(kind: String) throws {
    let recorded = try Recorded()
    let trunk = try SavedFile.trunk("small.\(kind)")
    let evaluated = try trunk.evaluating { try trunk.outputs(for: inputs) }
    #expect(evaluated.count == 2)
    #expect(evaluated[0].to(.float64).distance(to: recorded.evaluated.tensor()) < 1e-6)
    #expect(trunk.buffers["norm.num_batches_tracked"]?.integerItem() == 0)

    let trained = try trunk.outputs(for: inputs)[1]
    #expect(trained.to(.float64).distance(to: recorded.trained.tensor()) < 1e-5)
    #expect(trunk.buffers["norm.num_batches_tracked"]?.integerItem() == 1)
    let mean = try #require(trunk.buffers["norm.running_mean"])
    #expect(mean.to(.float64).distance(to: recorded.runningMean.tensor()) < 1e-6)

    let loss = (trained * trained).sum() + (trained * inputs[1].sliced(1, 0..<1)).sum()
    try loss.backward()
    let gradient = try #require(trunk.parameters["first.weight"]?.grad)
    #expect(gradient.to(.float64).distance(to: recorded.gradient.tensor()) < 1e-4)
  }

  @Test("dropout draws from the generator it was given, and from no other", arguments: kinds)
  func draws(kind: String) throws {
    let drawn = try (0..<2).map { _ in
      try SavedFile.trunk("small.\(kind)").outputs(for: inputs)[0].toArray(as: Float.self)
    }
    #expect(drawn[0] == drawn[1])
    #expect(drawn[0].contains(0))
    let other = try SavedFile.trunk("small.\(kind)", seed: 8).outputs(for: inputs)[0].toArray(as: Float.self)
    #expect(other != drawn[0])
    #expect(try SavedFile.module("small.\(kind)").drawsRandomNumbers)
    #expect(try !SavedFile.module("lenet.\(kind)").drawsRandomNumbers)
  }

  /// What a network with dropout makes of inputs of its own.
  private static func drawn(_ kind: String) throws -> [Float] {
    try SavedFile.trunk("small.\(kind)").outputs(for: SavedModuleTests().inputs)[0].toArray()
  }

  @Test("dropout draws the same where several threads run networks at once", arguments: kinds)
  func turns(kind: String) throws {
    let expected = try Self.drawn(kind)
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<5 where (try? Self.drawn(kind)) != expected { failures.withLock { $0 += 1 } }
    }
    #expect(failures.withLock { $0 } == 0)
  }

  @Test("trains to the weights of the same network written in Swift", arguments: kinds)
  func trains(kind: String) throws {
    let own = LeNetTrunk(using: Generator(seed: 3))
    let saved = try SavedFile.trunk("lenet.\(kind)")
    try saved.load(own.stateDictionary())
    let expected = try trained(own)
    let received = try trained(saved)
    #expect(Set(received.names) == Set(expected.names))
    for (name, tensor) in expected {
      let other = try #require(received[name])
      #expect(other.to(.float64).distance(to: tensor.to(.float64)) <= 1e-6, "\(name)")
    }
  }

  /// Ten steps of Adam on random pictures, and what the network holds then.
  private func trained(_ network: any Layer) throws -> NamedTensors {
    let generator = Generator(seed: 5)
    let optimizer = Optimizer(network.parameters, rule: try Adam(learningRate: 1e-3))
    for _ in 0..<10 {
      let features = network.forward(.uniform([8, 1, 36, 36], using: generator))
      network.removeGradients()
      try (features * features).mean().backward()
      try optimizer.step()
    }
    return network.stateDictionary()
  }

  @Test("a training batch of one example spoils nothing", arguments: kinds)
  func oneExample(kind: String) throws {
    let trunk = try SavedFile.trunk("small.\(kind)")
    let outputs = try trunk.outputs(for: inputs.map { $0[0..<1] })
    #expect(outputs.allSatisfy { $0.toArray(as: Float.self).allSatisfy(\.isFinite) })
    for (name, tensor) in trunk.stateDictionary() {
      let isFinite = tensor.toArray(as: Float.self).allSatisfy(\.isFinite)
      #expect(isFinite, "\(name)")
    }
    #expect(try trunk.outputs(for: inputs)[0].toArray(as: Float.self).contains(0))
  }

  @Test("converts to another element type", arguments: kinds)
  func converts(kind: String) throws {
    let trunk = try SavedFile.trunk("lenet.\(kind)")
    try trunk.convert(to: .float64)
    let output = trunk(Tensor.zeros([2, 1, 36, 36], dtype: .float64))
    #expect(output.dtype == .float64)
    #expect(output.shape == [2, 50])
    #expect(trunk.parameters.tensors.allSatisfy { $0.requiresGrad && $0.dtype == .float64 })
  }

  @Test("says the shapes of its outputs, and leaves its state alone", arguments: kinds)
  func shapes(kind: String) throws {
    let module = try SavedFile.module("small.\(kind)")
    let trunk = SavedTrunk(module, using: Generator(seed: 7))
    let before = trunk.stateDictionary().mapTensors { $0.clone() }
    #expect(try module.checkTraining(with: inputs) == [[5, 4], [5, 4]])
    for (name, tensor) in before {
      #expect(trunk.stateDictionary()[name]?.distance(to: tensor) == 0, "\(name)")
    }
    #expect(trunk.parameters.tensors.allSatisfy { $0.grad == nil })
  }

  @Test("inputs that do not fit are refused with libtorch's words", arguments: kinds)
  func foreignInputs(kind: String) throws {
    let module = try SavedFile.module("lenet.\(kind)")
    let error = #expect(throws: TensorFileError.self) {
      try module.checkTraining(with: [.zeros([2, 3, 36, 36])])
    }
    let reason = try #require(error).reason
    #expect(reason.hasPrefix("cannot be run on inputs of shape [2, 3, 36, 36] ("), "\(reason)")
    #expect(reason.contains("expected input[2, 3, 36, 36] to have 1 channels"), "\(reason)")
    #expect(!reason.contains("Traceback"))
  }

  @Test("lengths, lists, constants and options of an exported program are understood")
  func shapesOfARun() throws {
    struct Recorded: Decodable { let input, output: ReferenceTensor }
    let recorded = try JSONDecoder().decode(
      Recorded.self, from: Data(contentsOf: SavedFile.url("shapes.json")))
    let trunk = try SavedFile.trunk("shapes.pt2")
    #expect(trunk.stateDictionary().names == ["linear.weight"])
    let output = try trunk.outputs(for: [recorded.input.tensor().to(.float32)])
    #expect(output[0].to(.float64).distance(to: recorded.output.tensor()) < 1e-5)
  }
}

@Suite("Files that are no networks to train")
struct RefusedModuleTests {
  private func refusal(_ name: String) -> TensorFileError? {
    #expect(throws: TensorFileError.self) { try SavedFile.module(name) }
  }

  @Test("a traced module is refused with the call whose mode is fixed")
  func traced() throws {
    let error = try #require(refusal("traced.pt"))
    #expect(error.kind == .unsupported)
    #expect(
      error.reason
        == "cannot be trained: its call aten::batch_norm has training or evaluation written into it")
    #expect(
      error.help
        == "save it with torch.jit.script, which keeps the choice open, instead of torch.jit.trace")
  }

  @Test("a file of weights, a file of text and no file are told apart")
  func foreign() throws {
    let weights = try #require(refusal("state.pt"))
    #expect(weights.kind == .malformed)
    #expect(weights.reason.hasPrefix("is not a TorchScript module ("))
    #expect(weights.help == "save the network in Python with torch.jit.script(network).save(file)")
    #expect(refusal("small.json")?.kind == .malformed)
    #expect(refusal("absent.pt")?.kind == .missing)
  }

  @Test("an output that is no tensor is refused by its type")
  func dictionary() throws {
    let module = try SavedFile.module("dictionary.pt")
    let error = #expect(throws: TensorFileError.self) { try module.checkTraining(with: [.zeros([2, 3])]) }
    let reason = try #require(error).reason
    #expect(
      reason.hasSuffix("the module returns a GenericDict, expected a tensor, or a tuple or list of tensors)"))
  }

  @Test("parameters that no gradient reaches are named, and the call where it is known")
  func rounding() throws {
    for (name, cause) in [
      ("rounding.pt", ""),
      ("rounding.pt2", ": its call torch.ops.aten.argmax.default (node argmax) lets no gradient through"),
    ] {
      let module = try SavedFile.module(name)
      let error = #expect(throws: TensorFileError.self) { try module.checkTraining(with: [.zeros([2, 3])]) }
      #expect(
        try #require(error).reason
          == "cannot be trained: no gradient reaches 'first.weight', 'first.bias'\(cause)")
    }
  }

  @Test("an exported program of one batch size, or of decomposed calls, is refused with the fix")
  func exported() throws {
    let fixed = try #require(refusal("fixed.pt2"))
    #expect(
      fixed.reason == "takes batches of 5 examples alone: the first axis of its input 'input' is fixed")
    #expect(
      fixed.help == "export it with dynamic_shapes={'input': {0: torch.export.Dim('batch', min=2)}}")
    let decomposed = try #require(refusal("decomposed.pt2"))
    #expect(
      decomposed.reason
        == "cannot be trained: its call torch.ops.aten._native_batch_norm_legit_functional.default "
        + "(node _native_batch_norm_legit_functional) has training or evaluation written into it")
    #expect(refusal("absent.pt2")?.kind == .missing)
  }

  @Test("an archive that is damaged anywhere is refused or read, and crashes nothing")
  func damaged() throws {
    let whole = [UInt8](try Data(contentsOf: SavedFile.url("rounding.pt2")))
    let name = "damaged-\(UUID().uuidString).pt2"
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    defer { try? FileManager.default.removeItem(at: url) }
    for position in stride(from: 0, to: whole.count, by: 41) {
      var other = whole
      other[position] ^= 0x2A
      try Data(other).write(to: url)
      do throws(TensorFileError) {
        _ = try ExportedModule(contentsOf: url).checkTraining(with: [.zeros([2, 3])])
      } catch {
        #expect(error.path == url.path)
      }
      try Data(whole.prefix(position)).write(to: url)
      #expect(throws: TensorFileError.self) { try ExportedModule(contentsOf: url) }
    }
  }
}
