import Foundation
import Testing
import TruceTestSupport

@testable import TruceStudy

@Suite("truce study keys")
struct StudyKeysTests {
  @Test("Every mapping and key is explained, in a table, as Markdown and as JSON")
  func everything() throws {
    let (table, markdown) = (try truce("study", "keys"), try truce("study", "keys", "--format", "markdown"))
    let json = try truce("study", "keys", "--format", "json")
    #expect([table, markdown, json].allSatisfy { $0.status == 0 && $0.errors.isEmpty })
    for group in StudyKeys.groups {
      #expect(!group.keys.isEmpty && Set(group.keys.map(\.name)).count == group.keys.count)
      for key in group.keys {
        #expect(table.output.contains("\n\(key.name)  ") && table.output.contains(key.summary))
        #expect(markdown.output.contains("\n| `\(key.name)` | "), "\(key.name)")
        #expect(key.summary.hasSuffix(".") && !key.rule.isEmpty)
      }
    }
    let groups = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(groups.map { $0["place"] as? String ?? "" } == StudyKeys.groups.map(\.place))
  }

  @Test("A name chooses a key or a mapping; an unknown one is told the closest")
  func names() throws {
    let epochs = try truce("study", "keys", "epochs")
    #expect(
      epochs.output.contains("report:") && epochs.output.contains("A run")
        && !epochs.output.contains("budget"))
    let budget = try truce("study", "keys", "budget")
    #expect(budget.output.contains(#/max_cells +a whole number, at least 1 +10000 /#))
    try truce("study", "keys", "epoch").expectFailure(
      64, "no key is called 'epoch'", help: "did you mean 'epochs'? `truce study keys` lists them all")
  }

  @Test(
    "The tables are those that a study file is read by: a key or a value beside them is refused with their words"
  )
  func tables() throws {
    let folder = try TemporaryFolder()
    func refusal(_ lines: String) throws -> String {
      let file = try folder.file("s.yaml", "name: s\nproblem: toy\nmethods: [ew]\n\(lines)\n")
      let result = try truce("study", "plan", "--no-probe", file)
      #expect(result.status != 0)
      return result.errors
    }
    #expect(
      try refusal("xyzzy: 1").contains("help: `truce study keys` explains every key of a run and of a study"))
    #expect(try refusal("retries: -1").contains(StudyKey.retries.rule))
    #expect(try refusal("report: {epochs: 0}").contains(StudyKey.reportEpochs.rule))
    #expect(try refusal("report: never").contains(ReportingRuleName.list))
    #expect(try refusal("budget: {max_cells: 0}").contains(StudyKey.maxCells.rule))
    #expect(try refusal("budget: {max_second: 1}").contains("did you mean 'max_seconds'?"))
    #expect(try refusal("baselines: {task: [a]}").contains("did you mean 'tasks'?"))
    #expect(try refusal("optimizers: [{nam: sgd}]").contains("did you mean 'name'?"))
  }

  private static func ownFiles() throws -> [URL] {
    let studies = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Studies", directoryHint: .isDirectory).standardized
    return try FileManager.default.contentsOfDirectory(at: studies, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }
  }

  @Test("The study files that come with Truce can be planned where their data are not")
  func ownPlans() throws {
    for file in try Self.ownFiles() {
      let plan = try truce("study", "plan", "--no-probe", file.path)
      #expect(plan.status == 0 && plan.errors.isEmpty, "\(file.lastPathComponent): \(plan.errors)")
    }
  }

  @Test("The study files that come with Truce use explained keys only")
  func ownStudies() throws {
    let files = try Self.ownFiles()
    #expect(files.count >= 7)
    let known = (StudyKeys.own + StudyKeys.shared).names
    for file in files {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard let end = line.firstIndex(of: ":"), line.first?.isLetter == true else { continue }
        #expect(known.contains(String(line[..<end])), "\(file.lastPathComponent): \(line)")
      }
    }
  }
}
