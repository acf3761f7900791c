import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("Completion scripts")
struct CompletionTests {
  /// A copy of `truce` in a folder of its own, beside an engine that answers with these scripts.
  private func script(for shell: String, engine answers: [String: String]) throws -> String {
    let folder = try TemporaryFolder()
    let program = try folder.installTruce()
    for (shell, text) in answers { _ = try folder.file("script.\(shell)", text) }
    let engine = try folder.file(
      "truce-engine", "#!/bin/sh\n[ \"$1\" = --generate-completion-script ] && cat \"${0%/*}/script.$2\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: engine)
    let result = try BuiltCommand(at: program).run(["--generate-completion-script", shell])
    #expect(result.status == 0 && result.errors.isEmpty)
    return result.output
  }

  /// What bash offers for a line, from the script.
  private func offers(
    _ script: String, _ words: String..., in given: TemporaryFolder? = nil
  ) throws -> [String] {
    let folder = try given ?? TemporaryFolder()
    let program = try BuiltCommand("truce").location.deletingLastPathComponent().path
    let line = words.joined(separator: " ")
    let list = words.map(\.shellWord).joined(separator: " ")
    let driver = """
      PATH='\(program)':$PATH; source '\(try folder.file("script", script))'
      COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.count)
      COMPREPLY=(); _truce truce '\(words[words.count - 1])' '\(words[words.count - 2])'
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try BuiltCommand(at: URL(filePath: "/bin/bash")).run(["-c", driver], in: folder.location)
    return result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The engine's answer for a command with an option that has names, as the parser's library writes it.
  private func bash(of command: String, option: String) throws -> String {
    let own = try truce("--generate-completion-script", "bash").output
    let methods = try #require(own.range(of: "_truce_methods() {"))
    let end = try #require(own.range(of: "\n}\n", range: methods.lowerBound..<own.endIndex))
    return String(own[methods.lowerBound..<end.upperBound])
      .replacing("_truce_methods", with: "_truce_\(command)").replacing("--format", with: option)
  }

  @Test("The engine's commands are completed with the engine's options and names")
  func engineCommands() throws {
    let answer = try bash(of: "train", option: "--problem") + "\n" + bash(of: "data_fetch", option: "--data")
    let merged = try script(for: "bash", engine: ["bash": answer])
    #expect(try offers(merged, "truce", "train", "--pro") == ["--problem"])
    #expect(try offers(merged, "truce", "train", "--problem", "ma") == ["markdown"])
    #expect(merged.contains("_truce_diagnose() {") && !merged.contains("_truce_data_fetch() {\n\n"))
    #expect(merged.hasSuffix("complete -o filenames -F _truce truce\n"))
  }

  @Test("Names are completed: methods, optimizers, formats")
  func names() throws {
    let own = try truce("--generate-completion-script", "bash").output
    #expect(try offers(own, "truce", "aggregate", "--method", "cag") == ["cagrad", "cagrad-fast"])
    #expect(try offers(own, "truce", "methods", "nash") == ["nash-mtl"])
    #expect(try offers(own, "truce", "toy", "--optimizer", "a") == ["adam"])
    #expect(try offers(own, "truce", "aggregate", "--for") == ["--force", "--format"])
  }

  @Test("Studies are completed: folders of runs, study files, and the options of the page's server")
  func studies() throws {
    let own = try truce("--generate-completion-script", "bash").output
    let folder = try TemporaryFolder()
    for place in ["runs/demo", "runs/other", "Studies"] {
      try FileManager.default.createDirectory(
        at: folder.location.appending(path: place), withIntermediateDirectories: true)
    }
    for name in ["runs/demo/study.yaml", "Studies/demo.yaml", "mine.yml", "notes.txt"] {
      _ = try folder.file(name, "name: x\n")
    }
    func offered(_ words: String...) throws -> [String] {
      try offers(own, "truce", "study", words[0], words[1], in: folder)
    }
    for command in ["status", "resume", "report", "table", "compare", "serve"] {
      #expect(try offered(command, "runs/d") == ["runs/demo/"], "\(command)")
      #expect(try offered(command, "m") == ["mine.yml"])
    }
    #expect(try offered("status", "r") == ["runs/", "runs/demo/"])
    #expect(try offered("status", "n").isEmpty)
    for command in ["run", "plan"] {
      #expect(try offered(command, "Stu") == ["Studies/", "Studies/demo.yaml"])
    }
    #expect(try offered("serve", "--p") == ["--port"])
    #expect(try offered("keys", "batch") == ["batch_size"])
  }

  @Test("For fish the case and the lines of a command are the engine's")
  func fish() throws {
    let engine = """
      function __truce_parse_tokens -S
          switch $unparsed_tokens[1]
          case 'truce'
              switch $unparsed_tokens[1]
              case 'train'
                  __truce_parse_subcommand 0 'problem=' 'h/help'
              case 'benchmark'
                  __truce_parse_subcommand 0 'steps='
              end
          end
      end
      complete -c 'truce' -n '__truce_should_offer "truce train" problem' -l 'problem' -rfka 'multi-mnist'
      complete -c 'truce' -n '__truce_should_offer "truce benchmark" steps' -l 'steps'
      """
    let merged = try script(for: "fish", engine: ["fish": engine])
    #expect(
      merged.contains(
        "        case 'train'\n            __truce_parse_subcommand 0 'problem=' 'h/help'\n        case 'rl'\n"
      ))
    #expect(merged.contains("-l 'problem' -rfka 'multi-mnist'") && !merged.contains("benchmark"))
    #expect(!merged.contains("\"truce train\" version'"))
    #expect(merged.contains("case 'diagnose'\n            __truce_parse_subcommand -r 1"))
  }

  @Test("Without an engine the script is that of the other commands")
  func noEngine() throws {
    for shell in ["bash", "zsh", "fish"] {
      let folder = try TemporaryFolder()
      let program = try folder.installTruce()
      let result = try BuiltCommand(at: program).run(["--generate-completion-script=\(shell)"])
      #expect(result.status == 0 && result.output.contains("cagrad"))
    }
    #expect(try truce("--generate-completion-script", "tcsh").status == 64)
  }
}
