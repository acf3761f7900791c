import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

/// A task that is another one but has nothing to show.
private struct SilentTask: ProblemTask {
  let base: any ProblemTask
  var name: String { base.name }
  var output: TaskOutput { base.output }
  func loss(output: Tensor, target: TaskTarget) -> Tensor? { base.loss(output: output, target: target) }
  func makeMetrics() -> [any Metric] { base.makeMetrics() }
}

/// Six pictures of 32×40 pixels with a class, a depth and a normal for most pixels, and a small SegNet.
private struct SmallDense {
  static let (count, height, width) = (6, 32, 40)
  let problem: PlainProblem

  init(isSilent: Bool = false) throws {
    let (count, height, width) = (Self.count, Self.height, Self.width)
    let area = height * width
    let classes = Tensor((0..<(count * area)).map { $0 / 7 % 4 - 1 }, shape: [count, height, width])
    // The depths of the sixth picture are far away, and those of every fifth pixel unknown.
    let depths = (0..<(count * area)).map { place -> Float in
      place % 5 == 0 ? 0 : place / area == 5 ? 90 : 1 + Float(place % 8) / 2
    }
    let vectors = Tensor.normal([count, 3, height, width], using: Generator(seed: 1))
    let pictures = try Dataset(
      input: Tensor.uniform([count, 3, height, width], using: Generator(seed: 2)),
      targets: [
        TaskTarget(task: "what", values: classes),
        TaskTarget(task: "far", values: Tensor(depths, shape: [count, 1, height, width])),
        TaskTarget(task: "facing", values: vectors / vectors.norm([1], keepingAxes: true)),
      ])
    let facing = NormalTask(name: "facing")
    problem = PlainProblem(
      tasks: [
        SegmentationTask(name: "what", classes: ["a", "b", "c"]), DepthTask(name: "far"),
        isSilent ? SilentTask(base: facing) : facing,
      ],
      data: try ProblemData(
        training: DataLoader(pictures, batchSize: 2, order: .shuffled(seed: 1)),
        evaluation: [("test", DataLoader(pictures, batchSize: 2, order: .stored))]))
  }

  func network() throws -> any MultiTaskNetwork {
    try NetworkCatalogues().makeNetwork(
      NetworkChoice(
        trunk: "segnet", trunkOptions: ["width": 8], architecture: "hard-sharing", architectureOptions: [:]),
      inputShape: [3, Self.height, Self.width], tasks: problem.tasks.map(\.networkTask),
      using: Generator(seed: 4))
  }

  func loop(_ handlers: (SupervisedLearner) throws -> [any TrainingHandler]) throws -> TrainingLoop {
    let network = try network()
    let step = try MultiTaskStep(
      method: Catalogue.method(named: "ew"), partition: network.partition,
      optimizer: Optimizer(network.parameters, rule: try Adam(learningRate: 0.01)))
    let learner = SupervisedLearner(
      problem: problem, network: network, step: step, generator: Generator(seed: 5),
      settings: LearnerSettings(epochs: 2))
    return TrainingLoop(
      learner, plan: TrainingPlan(epochs: 2), handlers: try handlers(learner), clock: .frozen)
  }

  func recorder(in folder: TemporaryFolder, of learner: SupervisedLearner) -> PredictionRecorder {
    PredictionRecorder(
      in: RunDirectory(folder.url), of: learner.supervisedNetwork, on: problem.evaluationLoaders[0].loader)
  }

  /// What a whole run leaves.
  func record(in folder: TemporaryFolder) throws -> PredictionRecord {
    _ = try loop { [recorder(in: folder, of: $0)] }.run()
    return try #require(try RunDirectory(folder.url).predictions())
  }
}

@Suite("Maps that a run leaves in predictions.json")
struct PredictionRecorderTests {
  /// The picture of a data URI.
  private func picture(_ address: String?, in folder: TemporaryFolder) throws -> Picture<UInt8> {
    let code = try #require(address).replacing("data:image/png;base64,", with: "")
    let file = folder.url.appending(path: "\(UUID().uuidString).png")
    try #require(Data(base64Encoded: code)).write(to: file)
    return try PictureFile.read(file.path)
  }

  private func colours(_ picture: Picture<UInt8>) -> Set<[UInt8]> {
    Set(stride(from: 0, to: picture.samples.count, by: 3).map { Array(picture.samples[$0..<($0 + 3)]) })
  }

  @Test("show few pictures, truth beside prediction, with legends")
  func maps() throws {
    let folder = try TemporaryFolder()
    let record = try SmallDense().record(in: folder)
    #expect(record.samples.count == 4 && record.omissions.isEmpty)
    #expect(
      record.samples.allSatisfy { Set($0.maps.keys) == ["what", "far", "facing"] && $0.answers.isEmpty })
    #expect(record.legends["what"]?.entries.map(\.name) == ["a", "b", "c", "no ground truth"])
    #expect(record.legends["facing"]?.scale == nil)
    for map in record.samples.flatMap(\.maps.values) {
      for address in [map.label, map.prediction] {
        let picture = try picture(address, in: folder)
        #expect(picture.height == 32 && picture.width == 40 && picture.channels == 3)
      }
    }
    let named = Set(
      try #require(record.legends["what"]).entries.map { entry -> [UInt8] in
        [1, 3, 5].map { place in
          let start = entry.color.index(entry.color.startIndex, offsetBy: place)
          return UInt8(entry.color[start...].prefix(2), radix: 16) ?? 0
        }
      })
    #expect(try colours(picture(record.samples[0].maps["what"]?.label, in: folder)) == named)
    let predicted = try colours(picture(record.samples[0].maps["what"]?.prediction, in: folder))
    #expect(predicted.isSubset(of: named.subtracting([[0, 0, 0]])), "a prediction has a class everywhere")
  }

  @Test("have one range for all depths: that of the truth shown")
  func range() throws {
    let folder = try TemporaryFolder()
    let record = try SmallDense().record(in: folder)
    let scale = try #require(record.legends["far"]?.scale)
    #expect(scale.quantity == "depth in metres" && scale.low == 1 && scale.high == 4.5)
    let truth = try picture(record.samples[0].maps["far"]?.label, in: folder)
    let seen = colours(truth)
    // White and dark blue are the ends; black marks the unknown fifth; eight depths.
    #expect(seen.count == 9 && seen.isSuperset(of: [[255, 255, 255], [0, 38, 128], [0, 0, 0]]))
    #expect(Array(truth.samples.prefix(3)) == [0, 0, 0])
    #expect(try !colours(picture(record.samples[0].maps["far"]?.prediction, in: folder)).contains([0, 0, 0]))
  }

  @Test("name a task that has nothing to show")
  func silence() throws {
    let record = try SmallDense(isSilent: true).record(in: TemporaryFolder())
    #expect(record.omissions == ["facing": "its answers are neither words nor maps"])
    #expect(record.samples.allSatisfy { Set($0.maps.keys) == ["what", "far"] })
  }

  @Test("are the same after an interruption, and written as a whole")
  func resumption() throws {
    let dense = try SmallDense()
    let (whole, parts, checkpoints) = try (TemporaryFolder(), TemporaryFolder(), TemporaryFolder())
    _ = try dense.record(in: whole)
    let store = CheckpointStore(checkpoints.url)
    let memory = EventMemory()
    let interrupted = try dense.loop { learner in
      [
        memory, dense.recorder(in: parts, of: learner),
        InterruptionWatch(isRequested: { memory.steps.count == 4 }) { try store.saveLast(learner, $0) },
      ]
    }
    #expect(throws: TrainingInterruption.self) { try interrupted.run() }
    #expect(try parts.names.isEmpty, "nothing is written before the end")
    let resumed = try dense.loop { [dense.recorder(in: parts, of: $0)] }
    #expect(try resumed.restore(from: store))
    _ = try resumed.run()
    let files = try [whole, parts].map { try Data(contentsOf: RunDirectory($0.url).predictionsFile) }
    #expect(files[0] == files[1] && !files[0].isEmpty)
    #expect(try parts.names == ["predictions.json"])
  }

  // MARK: Tasks of one's own

  private func collection(height: Int = 2, width: Int = 3) -> PredictionCollection {
    PredictionCollection(pictures: Tensor.full([1, 3, height, width], 0.5))
  }

  @Test("of a task of one's own have its quantity")
  func ownNumbers() throws {
    var own = collection()
    let heat = Tensor([1, 2, 3, .nan, 5, 6] as [Float], shape: [1, 2, 3])
    own.add(.maps(.numbers("heat in °C"), labels: heat, predictions: heat * 10), of: "heat")
    let scale = try #require(own.record.legends["heat"]?.scale)
    #expect(scale.quantity == "heat in °C" && scale.low == 1 && scale.high == 6)
    #expect(own.record.samples[0].maps["heat"]?.label != nil && own.record.omissions.isEmpty)
  }

  @Test("that cannot be drawn are named with the reason")
  func faults() {
    var own = collection()
    let (ones, none) = (Tensor.full([1, 1, 2, 3], 1.0), Tensor.full([1, 1, 2, 3], Double.nan))
    own.add(.maps(.numbers("a"), labels: none, predictions: ones), of: "unlabelled")
    own.add(.maps(.numbers("a"), labels: ones, predictions: none), of: "diverged")
    own.add(.maps(.directions, labels: ones, predictions: ones), of: "flat")
    own.add(
      .maps(.numbers("a"), labels: ones.narrowed(2, start: 0, length: 1), predictions: ones), of: "small")
    own.add(.words([]), of: "mute")
    #expect(
      own.record.omissions == [
        "unlabelled": "no pixel of the pictures shown has ground truth",
        "diverged": "a prediction holds no number",
        "flat": "its maps have the shapes [1, 1, 2, 3] and [1, 1, 2, 3]",
        "small": "its maps have the shapes [1, 1, 1, 3] and [1, 1, 2, 3]",
        "mute": "it has 0 answers to 1 pictures",
      ])
    #expect(own.record.samples[0].maps.isEmpty && own.record.legends.isEmpty)
  }

  @Test("keep one pixel of several where pictures are large")
  func reduction() throws {
    let folder = try TemporaryFolder()
    let labels = Tensor((0..<(600 * 300)).map { $0 / 300 / 3 % 2 }, shape: [1, 600, 300])
    var own = collection(height: 600, width: 300)
    own.add(.maps(.classes(["even", "odd"]), labels: labels, predictions: 1 - labels), of: "rows")
    let map = try #require(own.record.samples[0].maps["rows"])
    for address in [own.record.samples[0].picture, map.label, map.prediction] {
      let picture = try picture(address, in: folder)
      #expect(picture.height == 200 && picture.width == 100)
    }
    let truth = try picture(map.label, in: folder)
    #expect(colours(truth).count == 2, "no class between two")
    #expect(truth.samples[0..<3] != truth.samples[300..<303])
  }

  @Test("are not made of inputs that are no pictures")
  func noPictures() {
    #expect(!PredictionCollection.takes(Tensor.zeros([2, 6])))
    #expect(!PredictionCollection.takes(Tensor.zeros([2, 2, 4, 4])))
    #expect(PredictionCollection.takes(Tensor.zeros([2, 1, 4, 4])))
  }
}
