public import ArgumentParser
import Foundation
import Torch
import TruceData
import TruceRun
import TruceShell
import TruceTasks
import TruceTorch
public import TruceTraining

/// `truce diagnose`: whether a model's tasks conflict, in direction or in size, and which methods address that.
public struct DiagnoseCommand: CatalogueCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Measure whether a model's tasks conflict, and which methods address it.",
    discussion: """
      Compares the gradients of the shared parameters sample by sample: of different tasks for the same sample, and, \
      as a yardstick, of different samples for the same task. The samples are drawn from the training data.

        truce diagnose --problem multi-mnist
        truce diagnose --checkpoint runs/cagrad --samples 16 --layers trunk.conv1,trunk.conv2
        truce diagnose --checkpoint runs/cagrad --by-layer
      """)

  /// How a diagnosis is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(
    help: ArgumentHelp(
      "The problem: data and tasks; a run's checkpoint brings its own.", valueName: "name"))
  var problem: String?
  @Option(
    name: .customLong("problem-option"),
    help: ArgumentHelp("An option of the problem.", valueName: "key=value"))
  var problemOptions: [String] = []
  @Option(help: ArgumentHelp("The tasks, separated by commas; all by default.", valueName: "names"))
  var tasks: String?
  @Option(
    help: ArgumentHelp(
      "A run's folder, a checkpoint in it, or a safetensors file; a fresh network without.",
      valueName: "path"))
  var checkpoint: String?
  @Option(help: ArgumentHelp("Samples that are compared with one another.", valueName: "count"))
  var samples = 8
  @Option(help: ArgumentHelp("How often so many samples are drawn.", valueName: "count"))
  var batches = 4
  @Option(
    help: ArgumentHelp(
      "The shared layers to look at, separated by commas, as their parameters' names begin.",
      valueName: "names"))
  var layers: String?
  @Flag(help: "Look at each shared layer by itself too.")
  var byLayer = false
  @Option(help: ArgumentHelp("The seed of the draws and of a fresh network.", valueName: "number"))
  var seed: Int?
  @Option(help: ArgumentHelp("cpu, cuda, cuda:<index>, mps or auto.", valueName: "name"))
  var device: String?
  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  /// Creates the command.
  public init() {}

  /// Measures and prints.
  public func run(with catalogues: Catalogues) throws {
    guard samples >= 1, batches >= 1 else {
      let (name, value) = samples < 1 ? ("--samples", samples) : ("--batches", batches)
      throw CommandFailure.usage(
        "\(name) must be at least 1, got \(value)", help: "leave it out for the default")
    }
    let saved = try checkpoint.map { try NetworkCheckpoint(at: URL(filePath: $0)) }
    let configuration = try configuration(of: saved, catalogues.vocabulary)
    let diagnosis = try TensorFailure.explaining { try diagnose(configuration, saved, catalogues) }
    switch format {
    case .text: print(DiagnosisText(diagnosis).text(on: .current))
    case .json: print(try Output.json(diagnosis))
    }
  }

  private func diagnose(
    _ configuration: RunConfiguration, _ saved: NetworkCheckpoint?, _ catalogues: Catalogues
  ) throws -> Diagnosis {
    let subject = try NetworkUnderTest(configuration, catalogues: catalogues, checkpoint: saved)
    let probe = try SimilarityProbe(of: subject.supervisedNetwork, layers: layers.map(Self.names))
    let training = subject.problem.trainingLoader
    let draws = try (0..<batches).map {
      try training.randomBatch(of: samples, seed: UInt64(configuration.seed), number: $0)
    }
    let measurement = try SimilarityMeasurement(
      of: draws, tasks: subject.problem.tasks.map(\.name), using: probe, byLayer: byLayer)
    return Diagnosis(
      measurement, problem: configuration.problem, checkpoint: saved?.file.relativePath,
      layers: layers.map(Self.names))
  }

  /// What the checkpoint's run was told, changed by the flags.
  private func configuration(
    of saved: NetworkCheckpoint?, _ vocabulary: ConfigurationVocabulary
  ) throws -> RunConfiguration {
    let changes = overrides
    guard let before = saved?.configuration else {
      guard problem != nil else {
        throw CommandFailure.usage(
          "it is not known what the network is for",
          help: "give --problem, or --checkpoint with the folder of a run")
      }
      return try RunConfiguration(overrides: changes, vocabulary: vocabulary)
    }
    // Another problem has other options and tasks, and a method's rotations belong to the run's own.
    guard problem == nil || problem == before.problem else {
      return try RunConfiguration(overrides: changes, vocabulary: vocabulary)
    }
    return try RunConfiguration(
      yaml: before.resolvedYAML, file: "the run's configuration", overrides: changes,
      vocabulary: vocabulary)
  }

  private var overrides: [String] {
    let single: [(String, String?)] = [
      ("problem", problem), ("tasks", tasks.map { "[\($0)]" }), ("seed", seed.map(String.init)),
      ("device", device),
    ]
    return single.compactMap { key, value in value.map { "\(key)=\($0)" } }
      + problemOptions.map { "problem_options.\($0)" }
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
