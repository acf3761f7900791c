import Foundation
import Testing
import Torch
import TorchNN
import TruceData
import TruceRun
import TruceTasks

@testable import TruceTraining

@Suite("Checkpoints")
struct CheckpointTests {
  private let folder: TemporaryFolder
  private let store: CheckpointStore

  init() throws {
    folder = try TemporaryFolder()
    store = CheckpointStore(folder.url)
  }

  /// A loop that has taken some steps.
  private func trained(_ run: TinyRun = TinyRun(), steps: Int) throws -> TrainingLoop {
    let memory = EventMemory()
    let watch = InterruptionWatch(isRequested: { memory.steps.count == steps }, beforeEnding: { _ in })
    let loop = try run.makeLoop([memory, watch])
    #expect(throws: TrainingInterruption.self) { try loop.run() }
    return loop
  }

  private func save(_ loop: TrainingLoop) throws { try store.saveLast(loop.learner, loop.progress) }

  private func trainingError(_ body: () throws -> Void) -> TrainingError? {
    #expect(throws: TrainingError.self, performing: body)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
  }

  // MARK: Keeping

  @Test("are none in a folder that is not there")
  func none() throws {
    let loop = try TinyRun().makeLoop()
    #expect(try !loop.restore(from: store))
    #expect(try !loop.restore(.best, from: CheckpointStore(folder.url.appending(path: "nowhere"))))
    #expect(try !loop.restore(.named("last-2"), from: store))
    #expect(try LoopState(loop) == LoopState(TinyRun().makeLoop()))
  }

  @Test("replace all but the one before")
  func replacing() throws {
    try save(trained(steps: 2))
    #expect(try folder.names == ["last-2", "last.txt"])
    try save(trained(steps: 5))
    #expect(try folder.names == ["last-2", "last-5", "last.txt", "previous.txt"])
    try save(trained(steps: 7))
    #expect(try folder.names == ["last-5", "last-7", "last.txt", "previous.txt"])
    #expect(try text("last.txt") == "last-7\n" && text("previous.txt") == "last-5\n")
    for (choice, step) in [(CheckpointChoice.previous, 5), (.last, 7), (.named("last-5"), 5)] {
      let loop = try TinyRun().makeLoop()
      #expect(try loop.restore(choice, from: store))
      #expect(loop.progress.position.step == step)
    }
  }

  @Test("of the same step never take away the one to resume from before the new one is whole")
  func sameStep() throws {
    let loop = try trained(steps: 3)
    for names in [["last-3"], ["last-3", "last-3-2"], ["last-3-2", "last-3-3"], ["last-3", "last-3-3"]] {
      try save(loop)
      #expect(try folder.names.filter { $0.hasPrefix("last-") } == names)
    }
    #expect(try TinyRun().makeLoop().restore(from: store))
  }

  @Test("clear away what a killed process left half-written")
  func leftovers() throws {
    for name in [".last-7.part", "last-7"] {
      let leftover = folder.url.appending(path: name)
      try FileManager.default.createDirectory(at: leftover, withIntermediateDirectories: true)
      try Data("half".utf8).write(to: leftover.appending(path: "tensors.safetensors"))
    }
    #expect(try !TinyRun().makeLoop().restore(from: store))
    try save(trained(steps: 7))
    #expect(try folder.names == ["last-7-2", "last.txt"])
  }

  @Test("of what is not finite are not written, and say at which step and what")
  func notFinite() throws {
    try save(trained(steps: 2))
    let loop = try trained(steps: 4)
    let bias = try #require(loop.supervised.network.parameters["heads.colour.bias"])
    _ = withoutGradients { bias.selected(0, 1).fillInPlace(Double.nan) }
    let error = trainingError { try save(loop) }
    #expect(
      error?.description
        == "training diverged at step 4: the parameter 'heads.colour.bias' is not finite")
    #expect(try folder.names == ["last-2", "last.txt"])
    let buffer = try #require(loop.supervised.network.buffers.first { $0.tensor.dtype.isFloatingPoint })
    _ = withoutGradients { (bias.fillInPlace(0), buffer.tensor.fillInPlace(Double.infinity)) }
    #expect(trainingError { try save(loop) }?.description.contains("the buffer '\(buffer.name)'") == true)
  }

  // MARK: Failing to write

  @Test("that cannot be finished leave the old one to resume from")
  func unwritablePointer() throws {
    try save(trained(steps: 2))
    // A folder bears the name under which the pointer is first written.
    let scratch = ".last.txt.\(ProcessInfo.processInfo.processIdentifier).part"
    let obstacle = folder.url.appending(path: scratch).appending(path: "obstacle")
    try FileManager.default.createDirectory(at: obstacle, withIntermediateDirectories: true)
    let error = #expect(throws: RunError.self) { try save(trained(steps: 4)) }
    #expect(
      error == .unwritable(path: folder.url.appending(path: "last.txt").path, reason: "is a directory"))
    #expect(try text("last.txt") == "last-2\n")
    let resumed = try TinyRun().makeLoop()
    #expect(try resumed.restore(from: store))
    #expect(resumed.progress.position.step == 2)
  }

  @Test("in a place that cannot be a folder, or is none any more, name it", arguments: ["file", "gone"])
  func unwritableFolder(place: String) throws {
    try Data().write(to: folder.url.appending(path: "file"))
    let loop = try trained(steps: 1)
    let error = #expect(throws: RunError.self) {
      try CheckpointStore(folder.url.appending(path: "\(place)/checkpoints"))
        .saveLast(loop.learner, loop.progress)
    }
    let reason = place == "file" ? "not a directory" : "no such file or directory"
    #expect(
      error?.description.hasSuffix("\(place)/checkpoints: cannot be written: \(reason)") == true)
    #expect(error?.exitStatus == .inputOutput)
    #expect(try folder.names == ["file"])
  }

  // MARK: Damaged files

  private static let files = ["tensors.safetensors", "learner.json", "training.json"]

  @Test("that are cut short or changed in one bit are refused by name", arguments: files)
  func damaged(file: String) throws {
    try save(trained(steps: 2))
    let url = folder.url.appending(path: "last-2/\(file)")
    let whole = try Data(contentsOf: url)
    var flipped = whole
    flipped[whole.count - min(50, whole.count)] ^= 0x10
    let cuts = [0, 1, whole.count / 2, whole.count - 1].map { whole.prefix($0) }
    for damaged in cuts + [flipped, whole + Data([32])] {
      try damaged.write(to: url)
      let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
      #expect(
        error
          == .damagedCheckpoint(path: url.path, reason: "is not as it was written: its checksum differs"))
      #expect(error?.help == "restore it from a copy, or start the run anew with --force")
      #expect(error?.exitStatus == .badData)
    }
    try whole.write(to: url)
    #expect(try TinyRun().makeLoop().restore(from: store))
  }

  @Test("that lack a file are refused by name", arguments: files + ["checksums.json"])
  func missingFile(file: String) throws {
    try save(trained(steps: 2))
    let url = folder.url.appending(path: "last-2/\(file)")
    try FileManager.default.removeItem(at: url)
    let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
    #expect(error == .damagedCheckpoint(path: url.path, reason: "cannot be read"))
  }

  @Test("that are damaged do not hide the others, which are offered by name")
  func others() throws {
    let loop = try trained(steps: 2)
    try store.saveBest(loop.learner, loop.progress)
    try save(loop)
    try save(trained(steps: 4))
    let tensors = folder.url.appending(path: "last-4/tensors.safetensors")
    try Data("nothing".utf8).write(to: tensors)
    let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
    #expect(error?.help == "continue from another one: --resume --checkpoint best-2 or last-2")
    let resumed = try TinyRun().makeLoop()
    #expect(try resumed.restore(.previous, from: store))
    #expect(try LoopState(resumed) == LoopState(loop))
    #expect(throws: NetworkCheckpointError.self) {
      try NetworkCheckpoint(at: tensors).load(into: resumed.supervised.network)
    }
  }

  @Test(
    "are not looked for where the pointer leads out of the folder", arguments: ["", "../last-2", "best-2"])
  func foreignPointer(name: String) throws {
    try save(trained(steps: 2))
    let pointer = folder.url.appending(path: "last.txt")
    try Data(name.utf8).write(to: pointer)
    let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
    #expect(
      error
        == .damagedCheckpoint(
          path: pointer.path, reason: "does not name a checkpoint", intact: ["last-2"]))
  }

  // MARK: Strange contents

  /// Changes `training.json` as somebody would who also knows of the checksums.
  private func edit(_ change: (String) -> String) throws {
    let checkpoint = folder.url.appending(path: "last-2")
    let file = checkpoint.appending(path: "training.json")
    try Data(change(String(contentsOf: file, encoding: .utf8)).utf8).write(to: file)
    let sums = checkpoint.appending(path: "checksums.json")
    var known = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: sums))
    known["training.json"] = try Checksum.sha256(ofFile: file.path)
    try JSONEncoder().encode(known).write(to: sums)
  }

  @Test("of a format that is not known are refused by its number", arguments: [-1, 0, 3, 999])
  func unknownFormat(version: Int) throws {
    try save(trained(steps: 2))
    try edit { $0.replacing("\"version\":2", with: "\"version\":\(version)") }
    let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
    let file = folder.url.appending(path: "last-2/training.json").path
    #expect(error?.description == "\(file): has format \(version), which is not known here")
    #expect(error?.exitStatus == .badData)
  }

  @Test(
    "that stand where training cannot are refused",
    arguments: [
      (
        "\"step\":2", "\"step\":9223372036854775807",
        "says step 9223372036854775807 where 0 epochs and 2 batches are done"
      ),
      ("\"step\":2", "\"step\":-1", "says step -1 where 0 epochs and 2 batches are done"),
      ("\"step\":2", "\"step\":3", "says step 3 where 0 epochs and 2 batches are done"),
      ("\"batch\":2", "\"batch\":7", "says batch 7 of 6"),
      ("\"batch\":2", "\"batch\":-2", "says batch -2 of 6"),
      ("\"epoch\":0", "\"epoch\":4", "says epoch 4 of 3"),
      ("\"epoch\":0", "\"epoch\":1", "says step 2 where 1 epochs and 2 batches are done"),
      ("\"seconds\":0", "\"seconds\":-1", "says -1.0 seconds of training"),
    ])
  func strangePosition(old: String, new: String, reason: String) throws {
    try save(trained(steps: 2))
    try edit { $0.replacing(old, with: new) }
    let error = trainingError { try TinyRun().makeLoop().restore(from: store) }
    let file = folder.url.appending(path: "last-2/training.json").path
    #expect(error == .damagedCheckpoint(path: file, reason: reason))
  }

  // MARK: Format 1

  /// Rewrites a checkpoint as Truce 0.1.0 wrote it: no checksums, and the learner's record in two other files.
  private func makeOld(bestScore: Double) throws {
    let checkpoint = folder.url.appending(path: "last-9")
    func text(_ name: String) throws -> String {
      try String(contentsOf: checkpoint.appending(path: name), encoding: .utf8)
    }
    let learner = try text("learner.json")
    let start = try #require(learner.range(of: ",\"state\":"))
    let method = learner[start.upperBound...].dropLast()
    var progress = try text("training.json").replacing("\"version\":2", with: "\"version\":1")
    let plateau = try #require(learner.firstMatch(of: /,("plateau":\{[^}]*\})/))
    progress = progress.replacing(
      "\"progress\":{", with: "\"progress\":{\"bestScore\":\(bestScore),\(plateau.1),")
    let record = learner[..<start.lowerBound].replacing(plateau.0, with: "")
    try Data((record + "," + progress.dropFirst()).utf8).write(
      to: checkpoint.appending(path: "training.json"))
    try Data(method.utf8).write(to: checkpoint.appending(path: "method.json"))
    for name in ["learner.json", "checksums.json"] {
      try FileManager.default.removeItem(at: checkpoint.appending(path: name))
    }
  }

  @Test("of format 1 are read, and its best score, which was in other units, is forgotten")
  func oldFormat() throws {
    var run = TinyRun()
    (run.method, run.schedule, run.scheduleOptions) = ("dwa", "plateau", ["patience": 0, "threshold": 0.5])
    let loop = try trained(run, steps: 9)
    try save(loop)
    try makeOld(bestScore: -3)
    let resumed = try run.makeLoop()
    #expect(try resumed.restore(from: store))
    #expect(try LoopState(resumed) == LoopState(loop))
    #expect(resumed.progress.best == nil && resumed.supervised.plateau != nil)
    let url = folder.url.appending(path: "last-9/method.json")
    try Data().write(to: url)
    #expect(
      trainingError { try run.makeLoop().restore(from: store) }
        == .damagedCheckpoint(path: url.path, reason: "is not what a checkpoint holds"))
  }

  // MARK: Another run's

  private func expectForeign(
    _ saved: TinyRun, in current: TinyRun, file: String, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try save(trained(saved, steps: 2))
    let error = trainingError { try current.makeLoop().restore(from: store) }
    let path = folder.url.appending(path: "last-2/\(file)").path
    #expect(error == .foreignCheckpoint(path: path, reason: reason), sourceLocation: sourceLocation)
    #expect(error?.exitStatus == .badData, sourceLocation: sourceLocation)
    #expect(
      error?.help == "resume with the configuration the run was started with, or start anew with --force",
      sourceLocation: sourceLocation)
  }

  @Test("of another network are refused")
  func anotherNetwork() throws {
    var wide = TinyRun()
    wide.problem = { try TinyProblem(featureCount: 4) }
    try expectForeign(
      wide, in: TinyRun(), file: "tensors.safetensors",
      "the saved state does not fit the network: 'trunk.0.2.weight' has shape [4, 8] instead of "
        + "[5, 8], 'trunk.0.2.bias' has shape [4] instead of [5], 'trunk.1.weight' has shape [4] "
        + "instead of [5] and 6 more")
  }

  @Test("of other tasks are refused")
  func otherTasks() throws {
    var run = TinyRun()
    run.problem = { try TinyProblem(taskNames: ["shape", "weight"]) }
    try expectForeign(
      run, in: TinyRun(), file: "tensors.safetensors",
      "the saved state does not fit the network: missing 'heads.colour.weight', 'heads.colour.bias', "
        + "'heads.size.weight' and 1 more; unexpected 'heads.weight.bias', 'heads.weight.weight'")
  }

  @Test("of another method are refused, even where neither remembers anything")
  func anotherMethod() throws {
    var mgda = TinyRun()
    mgda.method = "mgda"
    try expectForeign(
      mgda, in: TinyRun(), file: "learner.json", "was written by 'mgda', this is 'ew'")
  }

  @Test("of another weighting are refused")
  func anotherWeighting() throws {
    var (with, without) = (TinyRun(), TinyRun())
    (with.method, with.weighting, without.method) = ("cagrad", "uw", "cagrad")
    try expectForeign(
      with, in: without, file: "learner.json", "was written by 'uw+cagrad', this is 'cagrad'")
  }

  @Test("of another optimizer are refused")
  func anotherOptimizer() throws {
    var sgd = TinyRun()
    sgd.optimizer = "sgd"
    try expectForeign(
      sgd, in: TinyRun(), file: "tensors.safetensors",
      "the saved optimizer state does not fit: it was written by 'sgd', this is 'adam'")
  }
}
