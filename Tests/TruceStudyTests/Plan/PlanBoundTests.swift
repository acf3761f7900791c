import Foundation
import Testing
import Truce
import TruceRun

@testable import TruceStudy

@Suite("What a study file may grow to")
struct PlanBoundTests {
  func plan(_ lines: String) throws -> StudyPlan {
    try StudyPlan(yaml: "name: a\nproblem: multi-mnist\n\(lines)\n", file: "a.yaml")
  }

  func refusal(_ lines: String) throws -> String {
    let error = #expect(throws: (any Error).self) { try plan(lines) }
    return "\(try #require(error))"
  }

  @Test func aliasesAreCountedAsOftenAsTheyAreUsed() throws {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    let chain = zip(names.dropFirst(), names).map { name, before in
      "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ","))]"
    }
    let text = (["a: &a [1,1,1,1,1,1,1,1,1,1]"] + chain).joined(separator: "\n") + "\nmethods: [ew]"
    let error = #expect(throws: RunError.self) { try plan(text) }
    #expect(error?.description.hasSuffix("the file grows to more than 200000 values") == true)
    #expect(error?.help.contains("aliases") == true && error?.exitStatus == .badData)
  }

  @Test(arguments: ["? *h\n: 1", "*h : 1", "{[*h]: 1}", "x: {*h : 1}"])
  func aliasesOfAliasesAreNoKeys(line: String) throws {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
    let chain = zip(names.dropFirst(), names).map { name, before in
      "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ","))]"
    }
    let text = (["a: &a [1,1,1,1,1,1,1,1,1,1]"] + chain + [line]).joined(separator: "\n")
    let error = #expect(throws: RunError.self) { try StudyPlan(yaml: text, file: "a.yaml") }
    #expect(error?.description == "a.yaml: the file uses many aliases, and lists or mappings as keys")
  }

  @Test func anAliasOrTwoIsFine() throws {
    let plan = try plan(
      "learning_rates: &rates [0.1, 0.2]\nmethods: [ew]\nbaselines: {tasks: [left], learning_rates: *rates}")
    #expect(plan.cells.count == 4)
  }

  @Test func nestingHasAnEnd() throws {
    let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
    #expect(try refusal("methods: [ew]\nquestion: \(deep)").contains("nests more than 100 levels deep"))
  }

  @Test(arguments: [
    ("methods: [ew]\nlearning_rates: RATES\nbatch_size: COUNTS\nepochs: COUNTS", 1_000_000),
    ("methods: [{name: cagrad, options: {c: RATES, rescale: RATES, x: RATES}}]", 1_000_000),
    ("cells: [{method: ew}]\nbatch_size: COUNTS\nepochs: COUNTS\nmax_steps: COUNTS", 1_000_000),
    ("methods: [ew]\nlearning_rates: RATES\nbatch_size: COUNTS\nbaselines: {tasks: [a, b]}", 10_200),
  ])
  func cellsAreCountedBeforeTheyAreMade(lines: String, count: Int) throws {
    let rates = (1...100).map { "\(Double($0) / 1000)" }.joined(separator: ", ")
    let counts = (1...100).map(String.init).joined(separator: ", ")
    let text = lines.replacing("RATES", with: "[\(rates)]").replacing("COUNTS", with: "[\(counts)]")
    #expect(try refusal(text) == "a.yaml:1: the plan has \(count) cells, the budget allows 10000")
  }

  @Test func seedsMayBeRanges() throws {
    #expect(try plan("methods: [ew]\nseeds: 0-4").cells[0].seeds == [0, 1, 2, 3, 4])
    #expect(try plan("methods: [ew]\nseeds: [0-1, 7]").cells[0].seeds == [0, 1, 7])
    #expect(try plan("cells: [{method: ew, seeds: 3-3}]").cells[0].seeds == [3])
    let alone = try plan("methods: [ew]\nbaselines: {tasks: [left], seeds: 1-2}").cells[0]
    #expect(alone.seeds == [1, 2])
  }

  @Test(arguments: [
    ("seeds: 4-0", "seeds must be a whole number, at least 0, or a range such as 0-4, got '4-0'"),
    ("seeds: [0-x]", "seeds[0] must be a whole number, at least 0, or a range such as 0-4, got '0-x'"),
    ("seeds: -1", "seeds must be a whole number, at least 0, or a range such as 0-4, got -1"),
    ("seeds: [1, 0-2]", "seeds[1] must be a seed that is not in the list already, got '0-2'"),
    ("seeds: 0-2000000000", "seeds must be a list of at most 1000 seeds, got '0-2000000000'"),
    ("learning_rates: []", "learning_rates must be a list of at least one learning rate, got a list"),
    (
      "optimizers: [{name: sgd, learning_rates: []}]",
      "optimizers[0].learning_rates must be a list of at least one learning rate, got a list"
    ),
    (
      "baselines: {tasks: [left], learning_rates: []}",
      "baselines.learning_rates must be a list of at least one learning rate, got a list"
    ),
    ("baselines: {tasks: []}", "baselines.tasks must be a list of at least one task, got a list"),
    ("batch_size: []", "batch_size must be a list of at least one value, got a list"),
  ])
  func emptyAndWrongListsAreRefused(line: String, message: String) throws {
    #expect(try refusal("methods: [ew]\n\(line)") == "a.yaml:4: \(message)")
  }

  @Test func emptyOptionsAndCellsAreRefused() throws {
    #expect(
      try refusal("methods: [{name: cagrad, options: {c: []}}]")
        == "a.yaml:3: methods[0].options.c must be a list of at least one value, got a list")
    #expect(try refusal("cells: []") == "a.yaml:3: cells must be a list of at least one cell, got a list")
  }
}
