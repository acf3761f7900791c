import Foundation
import Testing
import TruceCLI
import TruceOptions
import TruceRun
import TruceTestSupport

@Suite("truce problems, trunks, architectures, metrics, optimizers and schedules")
struct CatalogueCommandsTests {
  static let kinds = ["problem", "trunk", "architecture", "metric", "optimizer", "schedule"]

  private func entries(_ kind: String) -> [any EntryDescription] {
    let catalogues = ConfigurationVocabulary.truce.catalogues
    return switch kind {
    case "problem": catalogues.problems
    case "trunk": catalogues.trunks
    case "metric": catalogues.metrics
    case "optimizer": catalogues.optimizers
    case "schedule": catalogues.schedules
    default: catalogues.architectures
    }
  }

  @Test("list every entry of the engine's catalogues, without the engine", arguments: kinds)
  func table(kind: String) throws {
    let result = try truce("\(kind)s")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == entries(kind).count + 2)
    for entry in entries(kind) { #expect(lines.contains { $0.hasPrefix(entry.name + " ") }) }
    #expect(lines.last == "\(entries(kind).count) \(kind)s; `truce \(kind)s <name>` explains one.")
  }

  @Test("list them as JSON and as Markdown", arguments: kinds)
  func machineReadable(kind: String) throws {
    let json = try truce("\(kind)s", "--format", "json").output
    let list = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(list.compactMap { $0["name"] as? String } == entries(kind).map(\.name))
    #expect(list.allSatisfy { $0["summary"] != nil && $0["parameters"] != nil && $0["source"] != nil })
    let markdown = try truce("\(kind)s", "--format", "markdown").output.split(separator: "\n")
    #expect(markdown.count == entries(kind).count + 2)
    #expect(markdown.allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") })
  }

  @Test("explain an entry with its options, their ranges and defaults", arguments: kinds)
  func explanation(kind: String) throws {
    for entry in entries(kind) {
      let text = try truce("\(kind)s", entry.name, environment: ["COLUMNS": "200"]).output
      #expect(text.hasPrefix("\(entry.name)\n\(entry.summary)"))
      for fact in entry.facts { #expect(text.contains("\n\(fact.label) ")) }
      for parameter in entry.parameters {
        let line = text.split(separator: "\n").first { $0.hasPrefix(parameter.name + " ") }
        #expect(line?.hasSuffix(parameter.summary) == true)
        #expect(line?.contains(parameter.defaultValue?.description ?? "required") == true)
      }
      #expect(try truce("\(kind)s", entry.name, "--format", "json").status == 0)
      #expect(try truce("\(kind)s", entry.name, "--format", "markdown").output.hasPrefix("# \(entry.name)\n"))
    }
  }

  @Test("answer an unknown name with the nearest one")
  func unknown() throws {
    try truce("trunks", "lennet").expectFailure(64, "unknown trunk 'lennet'", help: "did you mean 'lenet'?")
    try truce("problems", "multi-mnits").expectFailure(
      64, "unknown problem 'multi-mnits'", help: "did you mean 'multi-mnist'?")
    try truce("architectures", "soft-sharing").expectFailure(
      64, "unknown architecture 'soft-sharing'", help: "did you mean 'hard-sharing'?")
  }
}

@Suite("truce study plan --no-probe")
struct StudyPlanCheckTests {
  @Test(
    "refuses what the engine would refuse, without the engine",
    arguments: [
      (
        "problem_options: {train_sample: 100}", "multi-mnist: unknown option 'train_sample'",
        "did you mean 'train_samples'?"
      ),
      (
        "problem_options: {train_samples: 0}",
        "multi-mnist: train_samples must be a whole number, at least 1, or none, got 0", nil
      ),
      ("metrics: [acuracy]", "unknown metric 'acuracy'", "did you mean 'accuracy'?"),
      (
        "optimizers: [{name: adam, options: {beta_1: 0.5}}]", "adam: unknown option 'beta_1'",
        "did you mean 'beta1'?"
      ),
      (
        "optimizers: [{name: adam, options: {beta1: -1}}]",
        "adam: beta1 must be at least 0 and less than 1, got -1", nil
      ),
      ("schedule_options: {period: 3}", "constant: unknown option 'period'", nil),
      ("trunk: lennet", "unknown trunk 'lennet'", "did you mean 'lenet'?"),
      ("trunk: [lenet, resnet81]", "unknown trunk 'resnet81'", "did you mean 'resnet18'?"),
      ("tasks: [lefft]", "multi-mnist has no task 'lefft'", "did you mean 'left'?"),
      ("device: gpu", "device must be cpu, cuda, cuda:<index>, mps or auto, got 'gpu'", nil),
    ] as [(String, String, String?)])
  func refuses(line: String, message: String, help: String?) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "study.yaml")
    try Data("name: s\nproblem: multi-mnist\nmethods: [ew]\n\(line)\n".utf8).write(to: file)
    let result = try truce("study", "plan", file.path, "--no-probe")
    #expect(result.status == 65)
    #expect(result.errors.hasPrefix("truce: error: \(file.path):4: \(message)\n"), "\(result.errors)")
    if let help { #expect(result.errors.hasSuffix("  help: \(help)\n")) }
    #expect(result.output.isEmpty)
  }
}
