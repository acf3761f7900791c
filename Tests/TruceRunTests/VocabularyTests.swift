import Foundation
import Testing
import Truce
import TruceOptions
import TruceRun

/// A vocabulary of one problem, two trunks and two architectures.
private func vocabulary() throws -> ConfigurationVocabulary {
  let count = Parameter<Int>.atLeast(1, "train_samples", default: 10, "How many.")
  let extra = Parameter<Bool>.any("sum_task", default: false, "Whether.")
  let width = Parameter<Int>.atLeast(1, "width", default: 3, "How wide.")
  let depth = Parameter<Int>.atLeast(0, "depth", default: nil, "How deep.")
  return ConfigurationVocabulary(
    catalogues: CatalogueDescriptions(
      problems: [
        ProblemDescription(
          name: "pairs", summary: "two pictures", parameters: [count.description, extra.description],
          source: "a test",
          tasks: [
            TaskDescription(name: "left", summary: "the left"),
            TaskDescription(name: "sum", summary: "both", option: "sum_task"),
          ],
          network: NetworkChoice(trunk: "wide", trunkOptions: ["width": 5])),
        ProblemDescription(
          name: "maze", summary: "a maze", source: "a test", tasks: nil, agent: "walker"),
      ],
      trunks: [
        TrunkDescription(
          name: "wide", summary: "a wide one", parameters: [width.description], source: "a test",
          takes: "all",
          gives: "a vector"),
        TrunkDescription(
          name: "deep", summary: "a deep one", parameters: [depth.description], source: "a test",
          takes: "all",
          gives: "a vector"),
      ],
      architectures: [
        ArchitectureDescription(
          name: "hard-sharing", summary: "one trunk", source: "a test", shares: "the trunk"),
        ArchitectureDescription(name: "none", summary: "nothing", source: "a test", shares: "nothing"),
      ],
      agents: [
        AgentDescription(
          name: "walker", summary: "walks", parameters: [width.description], source: "a test",
          shares: "all")
      ]), foreignProblems: ["toy"])
}

@Suite("What a configuration can name")
struct VocabularyTests {
  @Test(
    "is checked before anything is read",
    arguments: [
      (["problem=pears"], "unknown problem 'pears'", "did you mean 'pairs'?"),
      (["problem=elephants"], "unknown problem 'elephants'", "known are pairs, maze"),
      (
        ["problem_options.train_sample=3"], "pairs: unknown option 'train_sample'",
        "did you mean 'train_samples'?"
      ),
      (
        ["problem_options.train_samples=0"],
        "pairs: train_samples must be a whole number, at least 1, got 0",
        "choose a value for 'train_samples' that is a whole number, at least 1"
      ),
      (
        ["problem_options.train_samples=1.5"],
        "pairs: train_samples must be a whole number, at least 1, got 1.5", nil
      ),
      (["tasks=[lefft]"], "pairs has no task 'lefft'", "did you mean 'left'?"),
      (["tasks=[everything]"], "pairs has no task 'everything'", "its tasks are left"),
      (["tasks=[sum]"], "pairs has no task 'sum'", nil),
      (["trunk=wyde"], "unknown trunk 'wyde'", "did you mean 'wide'?"),
      (["trunk_options.width=0"], "wide: width must be a whole number, at least 1, got 0", nil),
      (["trunk_options.depth=1"], "wide: unknown option 'depth'", nil),
      (["trunk=deep"], "deep: option 'depth' is required and must be a whole number, at least 0", nil),
      (["architecture=hard"], "unknown architecture 'hard'", nil),
      (["architecture_options.a=1"], "hard-sharing: unknown option 'a'", "it takes no options"),
      (["problem_options.trunk=vgg"], "unknown trunk 'vgg'", nil),
      (
        ["problem_options.trunk=deep", "trunk=wide"],
        "problem_options.trunk must be left out where `trunk` is given, got deep", nil
      ),
      (
        ["agent=walker"], "agent does not apply: a network learns the problem 'pairs'", "leave `agent` out"
      ),
      (["workers=2"], "workers does not apply: a network learns the problem 'pairs'", nil),
      (
        ["worker_step_seconds=90"],
        "worker_step_seconds does not apply: a network learns the problem 'pairs'", nil
      ),
      (
        ["problem=maze", "worker_start_seconds=0"],
        "worker_start_seconds must be a whole number, at least 1, or none, got 0", nil
      ),
      (
        ["problem=maze", "trunk=wide"], "trunk does not apply: an agent learns the problem 'maze'",
        "leave `trunk` out"
      ),
      (
        ["problem=maze", "similarity_every=5"],
        "similarity_every does not apply: an agent learns the problem 'maze'", nil
      ),
      (
        ["problem=maze", "autocast=bfloat16"],
        "autocast does not apply: an agent learns the problem 'maze'", "leave `autocast` out"
      ),
      (
        ["problem=maze", "gradient_scaling=dynamic"],
        "gradient_scaling does not apply: an agent learns the problem 'maze'", nil
      ),
      (["problem=maze", "agent=wolker"], "unknown agent 'wolker'", "did you mean 'walker'?"),
      (["problem=maze", "agent_options.speed=1"], "walker: unknown option 'speed'", nil),
      (
        ["problem=maze", "agent_options.width=0"],
        "walker: width must be a whole number, at least 1, got 0", nil
      ),
      (
        ["device=gpu"], "device must be cpu, cuda, cuda:<index>, mps or auto, got 'gpu'",
        "set `device` to cpu, cuda, cuda:<index>, mps or auto"
      ),
    ] as [([String], String, String?)])
  func refuses(overrides: [String], message: String, help: String?) throws {
    let vocabulary = try vocabulary()
    let error = #expect(throws: RunError.self) {
      try RunConfiguration(overrides: ["problem=pairs"] + overrides, vocabulary: vocabulary)
    }
    #expect(error?.description == "command line: \(message)")
    if let help { #expect(error?.help == help) }
    #expect(error?.exitStatus == .usage)
  }

  @Test(
    "is accepted where it is there",
    arguments: [
      [], ["problem_options.train_samples=3", "tasks=[left]"],
      ["problem_options.sum_task=true", "tasks=[sum, left]"], ["trunk=deep", "trunk_options.depth=2"],
      ["trunk_options.width=7"], ["architecture=none"], ["problem=toy", "problem_options.starts=code"],
      ["problem_options.trunk=wide"], ["device=cuda:3"],
      ["problem=maze"], ["problem=maze", "agent=walker", "agent_options.width=2", "workers=3"],
      ["problem=maze", "worker_start_seconds=600", "worker_step_seconds=90"],
    ])
  func accepts(overrides: [String]) throws {
    _ = try RunConfiguration(overrides: ["problem=pairs"] + overrides, vocabulary: vocabulary())
  }

  @Test("names the line of a file, and is not asked about runs that were")
  func places() throws {
    let yaml = "problem: pairs\nbatch_size: 3\ntrunk: wyde\n"
    let vocabulary = try vocabulary()
    let error = #expect(throws: RunError.self) {
      try RunConfiguration(yaml: yaml, file: "run.yaml", vocabulary: vocabulary)
    }
    #expect(error?.description == "run.yaml:3: unknown trunk 'wyde'")
    #expect(error?.exitStatus == .badData)
    #expect(try RunConfiguration(yaml: yaml, file: "run.yaml").trunk == "wyde")
  }

  @Test("survives JSON, by which programs without an engine know it")
  func json() throws {
    let catalogues = try vocabulary().catalogues
    let data = try JSONEncoder().encode(catalogues)
    #expect(try JSONDecoder().decode(CatalogueDescriptions.self, from: data) == catalogues)
  }
}

@Suite("The network a configuration asks for")
struct NetworkChoiceTests {
  private func network(_ overrides: [String]) throws -> NetworkChoice {
    let problem = try vocabulary().catalogues.problems[0]
    return try #require(
      try RunConfiguration(overrides: ["problem=pairs"] + overrides).network(for: problem))
  }

  @Test("is the problem's, with its options for that very trunk")
  func usual() throws {
    #expect(try network([]) == NetworkChoice(trunk: "wide", trunkOptions: ["width": 5]))
    #expect(try network(["trunk=wide"]).trunkOptions == ["width": 5])
    #expect(try network(["trunk_options.width=9"]).trunkOptions == ["width": 9])
    #expect(try network(["trunk=deep"]) == NetworkChoice(trunk: "deep"))
    #expect(try network(["architecture=none"]) == network([]))
  }

  @Test("is named among the problem's options by older files, with the same result")
  func former() throws {
    let problem = try vocabulary().catalogues.problems[0]
    let old = try RunConfiguration(
      overrides: ["problem=pairs", "problem_options.trunk=deep", "problem_options.train_samples=4"])
    let new = try RunConfiguration(
      overrides: ["problem=pairs", "trunk=deep", "problem_options.train_samples=4"])
    #expect(old.network(for: problem) == new.network(for: problem))
    #expect(old.options(of: problem) == new.options(of: problem))
    #expect(old.resolvedYAML.contains("  trunk: deep\n"), "an old run keeps its own words")
  }
}
