import Torch
import TorchNN
import TruceModels
import TruceOptions

/// A network with a batch of random examples and labels, from fixed seeds.
struct BenchmarkModel {
  /// What is made.
  struct Setting {
    var network: BenchmarkNetwork
    var architecture = "hard-sharing"
    var trunkOptions: [String: OptionValue]
    var taskCount: Int
    var batchSize: Int
    var inputShape: [Int]
    var dtype = DType.float32
    var device = Device.cpu
    /// The narrower type in which the network's operations compute that bear it; nil for none.
    var autocast: DType?
  }

  let network: any MultiTaskNetwork
  let input: Tensor
  let targets: [Tensor]
  private let outputs: BenchmarkNetwork.Outputs
  private let setting: Setting

  /// Makes a network and data.
  ///
  /// - Throws: What catalogues say of names and options that do not go together.
  init(_ setting: Setting) throws {
    self.setting = setting
    let generator = Generator(seed: 0)
    let plain = setting.network.setting
    let request = NetworkRequest(
      tasks: (0..<setting.taskCount).map {
        NetworkTask(name: "t\($0)", output: plain.outputs.output(ofTask: $0))
      }, inputShape: setting.inputShape, using: generator
    ) {
      try EntryList(TrunkCatalogue.entries).entry(named: setting.network.rawValue).make(
        options: setting.trunkOptions, for: TrunkRequest(inputShape: setting.inputShape, using: generator))
    }
    network = try EntryList(ArchitectureCatalogue.entries).entry(named: setting.architecture).make(
      options: [:], for: request)
    try network.convert(to: setting.dtype)
    try network.move(to: setting.device)
    outputs = plain.outputs
    input = Tensor.normal([setting.batchSize] + setting.inputShape, using: generator).to(setting.dtype).to(
      setting.device)
    targets = (0..<setting.taskCount).map { [size = Array(setting.inputShape.dropFirst())] in
      let target = plain.outputs.target(ofTask: $0, batch: setting.batchSize, size: size, using: generator)
      return (target.dtype == .float32 ? target.to(setting.dtype) : target).to(setting.device)
    }
  }

  /// The network's answers to the batch, each in the type of the data.
  func answers() -> NetworkOutputs {
    guard let autocast = setting.autocast else { return network(NetworkInput(input)) }
    let answers = withAutocast(to: autocast, on: setting.device) { network(NetworkInput(input)) }
    return NetworkOutputs(answers.all.map { $0?.to(setting.dtype) }, cut: answers.cut)
  }

  /// The loss of a task, over some of the batch or all of it.
  func loss(ofTask task: Int, _ output: Tensor, samples: Range<Int>? = nil) -> Tensor {
    let target = samples.map { targets[task][$0] } ?? targets[task]
    return outputs.loss(ofTask: task, output, target)
  }
}
