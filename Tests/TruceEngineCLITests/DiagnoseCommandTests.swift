import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("truce-engine diagnose", .serialized, .enabled(if: Engine.hasData, Engine.noData))
struct DiagnoseCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let subset = [
    "--problem", "multi-mnist", "--problem-option", "train_samples=64",
  ]

  /// What is read of the JSON form.
  private struct Report: Decodable, Equatable {
    struct Comparison: Decodable, Equatable {
      let tasks: [String]
      let comparisons: Int
      let cosine: [String: Double]
      let conflict_share: Double
    }
    let parameters: Int
    let samples: Int
    let between_tasks: [Comparison]
    let between_samples: [Comparison]
  }

  private func report(_ arguments: String...) throws -> Report { try report(arguments) }

  private func report(_ arguments: [String]) throws -> Report {
    let result = try Engine.run(["diagnose"] + arguments + ["--format", "json"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  @Test("measures a fresh network and ends in plain words")
  func freshNetwork() throws {
    let result = try Engine.run(["diagnose"] + Self.subset, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(
      lines[0] == "multi-mnist, a fresh network: 4 × 8 training samples, 14,730 shared parameters")
    #expect(lines[1] == "Between tasks, for the same sample: mean (2.5 … 97.5 percentile)")
    #expect(lines[3].hasPrefix("left ~ right  "))
    #expect(lines.contains("In plain words"))
    #expect(result.output.contains("in direction"))
    #expect(result.output.contains("in size"))
    #expect(folder.names.isEmpty)
  }

  @Test("looks at each shared layer by itself")
  func byLayer() throws {
    let result = try Engine.run(["diagnose", "--by-layer"] + Self.subset, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    let title = try #require(
      lines.firstIndex(of: "Layer by layer, between tasks and between samples: means"))
    #expect(lines[title + 1].contains("samples' cosine"))
    let layers = lines[(title + 2)...].prefix { $0.contains("%") }
    #expect(layers.count > 1 && layers.allSatisfy { $0.hasPrefix("trunk.") }, "\(layers)")
    let json = try Engine.run(["diagnose", "--by-layer", "--format", "json"] + Self.subset, in: folder)
    #expect(json.output.contains("\"by_layer\" : ["))
  }

  @Test("measures what a run left, found by its folder, a checkpoint or the file")
  func checkpoint() throws {
    let training = try Engine.run(
      ["train"] + Self.subset + [
        "--batch-size", "32", "--output", "run", "--quiet", "max_steps=2", "seed=5",
      ],
      in: folder)
    #expect(training.status == 0, "\(training.errors)")
    let byRun = try report("--checkpoint", "run")
    #expect(byRun.parameters == 14730)
    #expect(byRun.between_tasks.map(\.tasks) == [["left", "right"]])
    #expect(byRun.between_tasks[0].comparisons == 32)
    #expect(byRun.between_samples.map(\.comparisons) == [112, 112])
    for path in ["run/checkpoints", "run/checkpoints/last-2", "run/checkpoints/last-2/tensors.safetensors"] {
      #expect(try report("--checkpoint", path) == byRun)
    }
    // Away from its run the file needs to be told what it is for.
    let file = folder.run("run").url.appending(path: "checkpoints/last-2/tensors.safetensors")
    try FileManager.default.copyItem(
      at: file, to: folder.location.appending(path: "alone.safetensors"))
    let alone = try report(
      "--checkpoint", "alone.safetensors", "--problem", "multi-mnist", "--problem-option",
      "train_samples=64", "--seed", "5")
    #expect(alone == byRun)
    #expect(
      try report("--problem", "multi-mnist", "--problem-option", "train_samples=64", "--seed", "5") != byRun)

    try Engine.run(["diagnose", "--checkpoint", "alone.safetensors"], in: folder).expectFailure(
      .usage, "it is not known what the network is for",
      help: "give --problem, or --checkpoint with the folder of a run")
    try expectForeign()
    try expectDamaged(file)
  }

  /// A checkpoint of another network than the one asked for.
  private func expectForeign() throws {
    let result = try Engine.run(
      ["diagnose", "--checkpoint", "run", "--problem-option", "trunk=resnet18"], in: folder)
    #expect(result.status == TruceRun.ExitStatus.badData.rawValue)
    #expect(
      result.errors.hasPrefix(
        "truce: error: run/checkpoints/last-2/tensors.safetensors: the saved state does not fit the network: "
      ))
    #expect(
      result.errors.hasSuffix("\n  help: give the problem and the options the network was trained with\n"))
    #expect(result.errors.count { $0 == "\n" } == 2)
  }

  private func expectDamaged(_ file: URL) throws {
    try Data(contentsOf: file).prefix(1000).write(to: file)
    let result = try Engine.run(["diagnose", "--checkpoint", "run"], in: folder)
    #expect(result.status == TruceRun.ExitStatus.badData.rawValue)
    #expect(result.errors.contains(": is not as it was written: its checksum differs\n"))
    #expect(
      result.errors.hasSuffix(
        "\n  help: take another checkpoint; a run keeps its last two and its best one\n"))
  }

  @Test("looks at as many samples of as many layers as it is asked to")
  func choices() throws {
    let subset = ["--problem", "multi-mnist", "--problem-option", "train_samples=64"]
    let few = try report(
      subset[0], subset[1], subset[2], subset[3], "--samples", "3", "--batches", "1", "--layers",
      "trunk.conv1, trunk.linear.bias", "--tasks", "right")
    #expect((few.parameters, few.samples) == (460, 3))
    #expect(few.between_tasks.isEmpty)
    #expect(few.between_samples.map(\.comparisons) == [3])
    let seeds = try ["1", "2"].map {
      try report(subset[0], subset[1], subset[2], subset[3], "--seed", $0)
    }
    #expect(seeds[0] != seeds[1])
  }

  @Test("looks at a cross-stitch network whole, at its units alone, and at one trunk")
  func stitched() throws {
    let made = try Engine.run(
      ["data", "make", "rooms", "--train", "4", "--val", "1", "--size", "32x32", "--output", "rooms"],
      in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let training = try Engine.run(
      [
        "train", "--problem", "nyuv2", "--problem-option", "data=rooms", "--trunk-option", "width=8",
        "--architecture", "cross-stitch", "--batch-size", "2", "--output", "run", "--quiet", "max_steps=1",
      ], in: folder)
    #expect(training.status == 0, "\(training.errors)")
    let choices = ["--checkpoint", "run", "--samples", "2", "--batches", "1"]
    let layers = [nil, "units", "columns.depth.encoder_block"].map { $0.map { ["--layers", $0] } ?? [] }
    let found = try layers.map { try report(choices + $0) }
    #expect(found.map(\.between_tasks.count) == [3, 3, 3])
    // Four units before the encoder's levels and five before the decoder's, a number of each for each task.
    #expect(found[1].parameters == 27)
    #expect(found[0].parameters > found[1].parameters + found[2].parameters && found[2].parameters > 0)
    #expect(found[1].between_tasks.allSatisfy { $0.cosine["mean"].map(\.isFinite) == true })
  }

  static let wrongInputs: [WrongInput] = [
    WrongInput(
      "", "it is not known what the network is for",
      help: "give --problem, or --checkpoint with the folder of a run"),
    WrongInput(
      "--problem multi-mnits", "command line: unknown problem 'multi-mnits'",
      help: "did you mean 'multi-mnist'?"),
    WrongInput(
      "--problem multi-mnist --samples 0", "--samples must be at least 1, got 0",
      help: "leave it out for the default"),
    WrongInput(
      "--problem multi-mnist --batches 0", "--batches must be at least 1, got 0",
      help: "leave it out for the default"),
    WrongInput(
      "--problem multi-mnist --layers trunk.conv3", "no shared parameter belongs to a layer 'trunk.conv3'",
      help: "did you mean 'trunk.conv1'?"),
    WrongInput(
      "--checkpoint nowhere", "nowhere: no file or folder here",
      help: "name a run's folder, a checkpoint in it, or a safetensors file", status: .missingInput),
    WrongInput(
      "--checkpoint .", ".: holds no checkpoint",
      help: "a run leaves a checkpoint every `checkpoint_every` epochs; name a folder that holds one",
      status: .missingInput),
  ]

  @Test("refuses what it cannot work with", arguments: wrongInputs)
  func refusal(input: WrongInput) throws {
    let words = input.arguments.split(separator: " ").map(String.init)
    try Engine.run(["diagnose"] + words, in: folder).expectFailure(
      input.status, input.error, help: input.help)
  }
}
