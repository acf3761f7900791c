import ArgumentParser
import Foundation

/// The script by which a shell completes what is typed: that of `truce`, with the engine's commands as the engine
/// describes them.
///
/// `truce` knows nothing of their options, which it hands over untouched, so both programs are asked and the parts put
/// together.
public struct CompletionScript {
  private let shell: CompletionShell
  private let own: String
  private let engine: String?

  /// The commands that are the engine's.
  private static let commands = ["train", "rl", "diagnose", "data", "verify"]

  /// Puts scripts together.
  ///
  /// - Parameters:
  ///   - shell: The shell.
  ///   - own: The script of `truce`.
  ///   - engine: That of the engine; nil where there is none.
  init(for shell: CompletionShell, own: String, engine: String?) {
    self.shell = shell
    self.own = own
    self.engine = engine
  }

  /// The script that arguments ask for; nil where they ask for something else.
  public init?(askedForBy arguments: [String]) {
    let option = "--generate-completion-script"
    let name =
      switch arguments.count {
      case 2 where arguments[0] == option: arguments[1]
      case 1 where arguments[0].hasPrefix(option + "="): String(arguments[0].dropFirst(option.count + 1))
      default: ""
      }
    guard let shell = CompletionShell(rawValue: name) else { return nil }
    self.init(
      for: shell, own: TruceCommand.completionScript(for: shell),
      engine: SiblingProgram.engine.output(of: [option, name]))
  }

  /// The script.
  public var text: String {
    guard let engine else { return own }
    return shell == .fish ? Self.fish(own, engine) : Self.functions(own, engine)
  }

  /// Puts scripts for bash or zsh together, in which each command is a function.
  private static func functions(_ own: String, _ engine: String) -> String {
    let theirs = blocks(of: engine)
    return blocks(of: own).map { block in
      guard let command = commands.first(where: { block.name == "_truce_\($0)" }) else { return block.text }
      let replaced = theirs.filter {
        $0.name == "_truce_\(command)" || $0.name.hasPrefix("_truce_\(command)_")
      }
      return replaced.isEmpty ? block.text : replaced.map(\.text).joined(separator: "\n\n")
    }.joined(separator: "\n")
  }

  /// The functions of a script with their names, and what stands between them without one.
  private static func blocks(of script: String) -> [(name: String, text: String)] {
    var blocks: [(name: String, lines: [Substring])] = [("", [])]
    for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasSuffix("() {"), !line.hasPrefix(" ") { blocks.append((String(line.dropLast(4)), [])) }
      blocks[blocks.count - 1].lines.append(line)
      if line == "}" { blocks.append(("", [])) }
    }
    return blocks.filter { !$0.lines.isEmpty }.map { ($0.name, $0.lines.joined(separator: "\n")) }
  }

  // MARK: fish

  /// Puts scripts for fish together, in which a command is a case of a switch and lines that name it.
  private static func fish(_ own: String, _ engine: String) -> String {
    let (mine, theirs) = (FishScript(own), FishScript(engine))
    return
      (mine.switching(to: theirs, for: commands) + mine.lines(without: commands)
      + theirs.lines(with: commands))
      .joined(separator: "\n") + "\n"
  }
}

/// A script for fish.
private struct FishScript {
  private let functions: [Substring]
  private let completions: [Substring]

  private static let indent = "        "

  init(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    functions = lines.filter { !$0.hasPrefix("complete -c") }
    completions = lines.filter { $0.hasPrefix("complete -c") }
  }

  /// The functions with the cases of commands taken from another script.
  func switching(to other: FishScript, for commands: [String]) -> [Substring] {
    var lines: [Substring] = []
    var isReplaced = false
    for line in functions {
      if Self.ends(line) {
        let command = commands.first { line == Self.heading($0) }
        let theirs = command.map(other.case) ?? []
        isReplaced = !theirs.isEmpty
        lines += theirs
      }
      if !isReplaced { lines.append(line) }
    }
    return lines
  }

  /// The lines of a command's case.
  private func `case`(_ command: String) -> [Substring] {
    guard let start = functions.firstIndex(of: Self.heading(command)[...]) else { return [] }
    let rest = functions[(start + 1)...].prefix { !Self.ends($0) }
    return [functions[start]] + rest
  }

  private static func heading(_ command: String) -> String { "\(indent)case '\(command)'" }

  /// Whether a line is the next case, or the end of them.
  private static func ends(_ line: Substring) -> Bool {
    line.hasPrefix(indent + "case '") || line == indent + "end"
  }

  func lines(with commands: [String]) -> [Substring] { completions.filter { Self.names($0, commands) } }

  func lines(without commands: [String]) -> [Substring] { completions.filter { !Self.names($0, commands) } }

  private static func names(_ line: Substring, _ commands: [String]) -> Bool {
    commands.contains { line.contains("\"truce \($0)\"") || line.contains("\"truce \($0) ") }
  }
}
