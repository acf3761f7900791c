import Foundation
import Testing
import TruceRun
import TruceTestSupport

/// A command line that must be refused, and how.
struct WrongInput: Sendable, CustomTestStringConvertible {
  let arguments: String
  let status: TruceRun.ExitStatus
  let error: String
  let help: String

  init(_ arguments: String, _ error: String, help: String, status: TruceRun.ExitStatus = .usage) {
    self.arguments = arguments
    self.status = status
    self.error = error
    self.help = help
  }

  var testDescription: String { arguments }
}

@Suite("truce-engine train refuses")
struct TrainInputTests {
  /// Refused before any data are read.
  static let commandLines: [WrongInput] = [
    WrongInput("", "no problem is given", help: "add `--problem …`, or a file with `--config`"),
    WrongInput(
      "--problem multi-mnits", "command line: unknown problem 'multi-mnits'",
      help: "did you mean 'multi-mnist'?"),
    WrongInput(
      "--problem multi-mnist --method cagrd", "command line: unknown method 'cagrd'",
      help: "did you mean 'cagrad'? `truce methods` lists them all"),
    WrongInput(
      "--problem multi-mnist --method cagrad --option rescal=none",
      "command line: cagrad: unknown option 'rescal'", help: "did you mean 'rescale'?"),
    WrongInput(
      "--problem multi-mnist --method cagrad --option c=-0.1",
      "command line: cagrad: c must be at least 0, got -0.1",
      help: "`truce methods cagrad` lists the parameters with their ranges and defaults"),
    WrongInput(
      "--problem multi-mnist --method mgda --weighting cagrad",
      "command line: cagrad: only a loss weighting can stand in front of a method",
      help: "`truce methods` shows what each method needs"),
    WrongInput(
      "--problem multi-mnist epochs", "'epochs' is not an override of the form key=value",
      help: "write it like `options.c=0.4`"),
    WrongInput(
      "--problem multi-mnist epoch=3", "command line: unknown key 'epoch'", help: "did you mean 'epochs'?"),
    WrongInput(
      "--problem multi-mnist --learning-rate -1",
      "command line: learning_rate must be a number greater than 0, got -1",
      help: "set `learning_rate` to a number greater than 0"),
    WrongInput(
      "--problem multi-mnist --optimizer sgd --optimizer-option momentun=0.9",
      "command line: sgd: unknown option 'momentun'", help: "did you mean 'momentum'?"),
    WrongInput(
      "--problem multi-mnist schedule=cosine schedule_options.periood=1",
      "command line: cosine: unknown option 'periood'", help: "did you mean 'period'?"),
    WrongInput(
      "--problem multi-mnist --device gpu",
      "command line: device must be cpu, cuda, cuda:<index>, mps or auto, got 'gpu'",
      help: "set `device` to cpu, cuda, cuda:<index>, mps or auto"),
    WrongInput(
      "--problem multi-mnist --device cuda:99",
      "device cuda:99: this libtorch finds \(cardCount) CUDA devices here",
      help: "use cpu, or a libtorch built for this device (see LIBTORCH)"),
    WrongInput(
      "--problem multi-mnist --problem-option train_sample=3 --print-config",
      "command line: multi-mnist: unknown option 'train_sample'", help: "did you mean 'train_samples'?"),
    WrongInput(
      "--problem multi-mnist --problem-option trunk=vgg", "command line: unknown trunk 'vgg'",
      help:
        "known are lenet, resnet18, resnet50, segnet, deeplabv3, deeplabv3+, celeba-cnn, nnconv, mlp, residual-mlp, torchscript, exported"
    ),
    WrongInput(
      "--problem multi-mnist --trunk lennet --print-config", "command line: unknown trunk 'lennet'",
      help: "did you mean 'lenet'?"),
    WrongInput(
      "--problem multi-mnist --trunk mlp --trunk-option widths=[0]",
      "command line: mlp: widths must be a list of whole numbers, each at least 1, got [0]",
      help: "choose a value for 'widths' that is a list of whole numbers, each at least 1"),
    WrongInput(
      "--problem multi-mnist --architecture hard", "command line: unknown architecture 'hard'",
      help: "known are hard-sharing, film, single-head, cross-stitch, mtan, mmoe, cgc, ple, dselect-k, ltb"),
    WrongInput(
      "--problem multi-mnist --tasks lefft --print-config", "command line: multi-mnist has no task 'lefft'",
      help: "did you mean 'left'?"),
    WrongInput(
      "--problem multi-mnist --tasks left,middle", "command line: multi-mnist has no task 'middle'",
      help: "its tasks are left, right"),
    WrongInput(
      "--problem multi-mnist --print-config corruptions=[contrasst]", "unknown corruption 'contrasst'",
      help: "did you mean 'contrast'?"),
    WrongInput(
      "--problem multi-mnist --resume --force",
      "--resume continues the run in the folder, --force throws it away: give one of them",
      help: "see `truce train --help`"),
    WrongInput(
      "--problem multi-mnist --checkpoint best",
      "--checkpoint says where --resume continues from: give --resume as well",
      help: "see `truce train --help`"),
    WrongInput(
      "--problem two-units --from nowhere", "nowhere: no file or folder here",
      help: "name a run's folder, a checkpoint in it, or a safetensors file", status: .missingInput),
    WrongInput(
      "--problem multi-mnist --quite", "unknown option '--quite'", help: "did you mean '--quiet'?"),
    WrongInput(
      "--config nowhere.yaml", "nowhere.yaml: no file here", help: "check the path", status: .missingInput),
    WrongInput(
      "--config unknown-key.yaml", "unknown-key.yaml:3: unknown key 'learning_rat'",
      help: "did you mean 'learning_rate'?", status: .badData),
    WrongInput(
      "--config wrong-value.yaml",
      "wrong-value.yaml:2: epochs must be a whole number, at least 1, got 'many'",
      help: "set `epochs` to a whole number, at least 1", status: .badData),
    WrongInput(
      "--config broken.yaml", "broken.yaml:3: not YAML: did not find expected node content",
      help: "check the indentation, the quotes and the brackets of that line", status: .badData),
  ]

  static let files = [
    "unknown-key.yaml": "problem: multi-mnist\nmethod: mgda\nlearning_rat: 0.1\n",
    "wrong-value.yaml": "problem: multi-mnist\nepochs: many\n",
    "broken.yaml": "problem: multi-mnist\nmethod: [\n",
  ]

  /// The CUDA devices of this machine.
  static let cardCount: Int = {
    struct Report: Decodable {
      struct Device: Decodable { let name: String }
      let devices: [Device]
    }
    let output = try? BuiltCommand("truce-engine").run(["doctor"]).output
    let report = output.flatMap { try? JSONDecoder().decode(Report.self, from: Data($0.utf8)) }
    return report?.devices.count { $0.name.hasPrefix("cuda") } ?? 0
  }()

  @Test("with an error, its fix and an exit code, and leaves nothing behind", arguments: commandLines)
  func commandLine(input: WrongInput) throws {
    let folder = try TemporaryFolder()
    for (name, text) in Self.files { try folder.write(text, to: name) }
    let words = input.arguments.split(separator: " ").map(String.init)
    let result = try Engine.run(["train"] + words, in: folder)
    result.expectFailure(input.status, input.error, help: input.help)
    #expect(folder.names == Self.files.keys.sorted())
  }
}

@Suite(
  "truce-engine train, with a run in its folder,", .serialized, .enabled(if: Engine.hasData, Engine.noData))
struct ExistingRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let result = try Engine.run(Self.training + ["--method", "cagrad", "--output", "run"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  private static let training = [
    "train", "--problem", "multi-mnist", "--problem-option", "train_samples=64", "--batch-size", "32",
    "threads=1", "max_steps=2", "--quiet",
  ]
  private static let further = [
    "train", "--config", "run/config.yaml", "--output", "run", "--resume", "--quiet",
  ]

  /// The contents of every file of the run, but for the lock, by path.
  private func contents() throws -> [String: Data] {
    let root = folder.run("run").url
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    return names.reduce(into: [:]) { contents, name in
      contents[name] = name == ".lock" ? nil : FileManager.default.contents(atPath: root.path + "/" + name)
    }
  }

  private func edit(_ name: String, _ change: (String) -> String) throws {
    let file = folder.run("run").url.appending(path: name)
    try Data(change(String(contentsOf: file, encoding: .utf8)).utf8).write(to: file)
  }

  @Test("overwrites nothing unless forced to, and not even then for a run that cannot begin")
  func existing() throws {
    let before = try contents()
    let again = Self.training + ["--method", "mgda", "--output", "run"]
    try Engine.run(again, in: folder).expectFailure(
      .usage, "run: holds a finished run",
      help: "choose another folder, or give --force to throw the old run away")
    let impossible =
      Self.training + ["--method", "sdmgrad", "gradients=features", "--output", "run", "--force"]
    try Engine.run(impossible, in: folder).expectFailure(
      .usage,
      "command line: sdmgrad: compares two batches, whose features are different tensors; "
        + "use gradients: parameters",
      help: "`truce methods` shows what each method needs")
    try Engine.run(Self.further + ["seed=3"], in: folder).expectFailure(
      .usage, "run holds another run: seed was 0, now 3",
      help: "resume with --config run/config.yaml, or begin another run in another folder with --from run")
    #expect(try contents() == before)
    #expect(try Engine.run(again + ["--force"], in: folder).status == 0)
    #expect(try folder.run("run").configuration().method == "mgda")
  }

  @Test("refuses to resume from a checkpoint that is damaged or of another method or network")
  func unusableCheckpoint() throws {
    let help = "resume with the configuration the run was started with, or start anew with --force"
    try edit("config.yaml") { $0.replacing("method: cagrad", with: "method: mgda") }
    try Engine.run(Self.further, in: folder).expectFailure(
      .badData, "run/checkpoints/last-2/learner.json: was written by 'cagrad', this is 'mgda'", help: help)
    try edit("config.yaml") {
      $0.replacing("method: mgda", with: "method: cagrad")
        .replacing("train_samples: 64", with: "train_samples: 64\n  trunk: resnet18")
    }
    let result = try Engine.run(Self.further, in: folder)
    #expect(result.status == TruceRun.ExitStatus.badData.rawValue)
    let file = "run/checkpoints/last-2/tensors.safetensors"
    #expect(result.errors.hasPrefix("truce: error: \(file): the saved state does not fit the network: "))
    #expect(result.errors.hasSuffix("\n  help: \(help)\n"))
    #expect(result.errors.count { $0 == "\n" } == 2)

    let tensors = folder.run("run").url.appending(path: "checkpoints/last-2/tensors.safetensors")
    try Data(contentsOf: tensors).prefix(1000).write(to: tensors)
    try Engine.run(Self.further, in: folder).expectFailure(
      .badData, "\(file): is not as it was written: its checksum differs",
      help: "continue from another one: --resume --checkpoint best-2")
  }

  @Test("ends in order when the disk is full, and continues once there is room")
  func fullDisk() throws {
    let longer = ["max_steps=4", "epochs=2"]
    try Engine.run(Self.further + longer, in: folder).expectFailure(
      .usage, "run holds another run: epochs was 3, now 2, max_steps was 2, now 4",
      help: "resume with --config run/config.yaml, or begin another run in another folder with --from run")
    try edit("config.yaml") {
      $0.replacing("max_steps: 2", with: "max_steps: 4").replacing("epochs: 3", with: "epochs: 2")
    }
    let further = Self.further
    let result = try Engine.run(further, limitedTo: 64, in: folder)
    #expect(result.status == TruceRun.ExitStatus.inputOutput.rawValue)
    #expect(result.errors.hasPrefix("truce: error: run/checkpoints/."))
    #expect(
      result.errors.hasSuffix(
        ": no space left to write it\n  help: free some space, then continue with --resume\n"))
    #expect(try folder.run("run").summary()?.status == .failed)
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: folder.path("run/checkpoints"))
    #expect(checkpoints.sorted() == ["best-2", "best.txt", "last-2", "last.txt"])
    #expect(try Engine.run(further, in: folder).status == 0)
    #expect(try folder.run("run").summary()?.steps == 4)
  }
}
