public import ArgumentParser
public import Foundation
import TruceOptions
public import TruceRun
public import TruceShell
import TruceStudy

/// What the program around a command has for it: what configurations can name, and who trains.
public struct Program: Sendable {
  private let makeVocabulary: @Sendable () -> ConfigurationVocabulary
  /// The program that does a study's runs.
  public let trainer: URL
  /// Asks the engine about itself, where it is part of this program; nil where it is a program of its own.
  public let engineReport: (@Sendable () -> EngineReport)?

  /// Creates the facts about a program.
  public init(
    vocabulary: @autoclosure @escaping @Sendable () -> ConfigurationVocabulary, trainer: URL,
    engineReport: (@Sendable () -> EngineReport)? = nil
  ) {
    makeVocabulary = vocabulary
    self.trainer = trainer
    self.engineReport = engineReport
  }

  /// The program that runs, links resolved.
  public static var running: URL { ProgramLocation.program }

  /// The facts about `truce`, whose engine is the program beside it.
  public static var truce: Program {
    Program(vocabulary: .truce, trainer: SiblingProgram.engine.url)
  }

  /// What configurations can name, the toy included, which needs no engine.
  public var vocabulary: ConfigurationVocabulary {
    var vocabulary = makeVocabulary()
    vocabulary.foreignProblems.insert(ToyWorker.problem)
    return vocabulary
  }

  /// What is known about the entries of the catalogues.
  var descriptions: CatalogueDescriptions { vocabulary.catalogues }

  /// Runs a parsed command for this program.
  public func execute(_ parsed: any ParsableCommand) async throws {
    guard var command = parsed as? any ProgramCommand else { return try await Launcher.execute(parsed) }
    try await command.run(in: self)
  }
}

/// A command that needs to know the program it is part of.
public protocol ProgramCommand: ParsableCommand {
  /// Runs the command.
  mutating func run(in program: Program) async throws
}
