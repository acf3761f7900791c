import Foundation
import Testing
import Truce
import TruceRun
import TruceTestSupport

@Suite("truce-engine rl", .serialized)
struct ReinforcementCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Four short epochs of three tasks on a point mass.
  private static let training = [
    "rl", "train", "--problem", "point-tasks", "--method", "cagrad", "--option", "c=0.4", "--epochs", "4",
    "agent_options.widths=[16]", "agent_options.batch_size=48", "agent_options.horizon=20",
    "agent_options.random_steps=40", "agent_options.epoch_steps=60", "agent_options.evaluation_episodes=2",
    "threads=1", "log_every=1", "checkpoint_every_steps=7", "conflict_every=10",
  ]

  private func train(_ name: String, _ more: [String] = []) throws -> BuiltCommand.Result {
    try Engine.run(Self.training + more + ["--output", name], in: folder)
  }

  private func trained() throws -> RunDirectory {
    let result = try train("points")
    try #require(result.status == 0, "\(result.errors)")
    return folder.run("points")
  }

  @Test("killed at any moment and resumed, ends with the same weights, metrics and replay in every bit")
  func kill() throws {
    let whole = try trained()
    let run = folder.run("killed")
    var source = RandomSource(seed: 4)
    var step = 0
    for _ in 0..<3 {
      step += Int.random(in: 20...60, using: &source)
      let ending = try Engine.run(
        Self.training + ["--output", "killed", "--resume"], in: folder, sending: SIGKILL, to: run,
        atStep: step, afterMicroseconds: UInt32.random(in: 0...20_000, using: &source))
      #expect(ending.status == SIGKILL)
      step = max(step, try MetricLog.events(in: run).last?.step ?? 0)
    }
    let last = try train("killed", ["--resume"])
    #expect(last.status == 0, "\(last.errors)")
    #expect(try run.lastTensors() == whole.lastTensors())
    #expect(try run.eventsWithoutTimes() == whole.eventsWithoutTimes())
    #expect(try run.summary()?.metrics == whole.summary()?.metrics)
    let replays = try [run, whole].map { try Data(contentsOf: $0.experience.appending(path: "replay.bin")) }
    #expect(replays[0] == replays[1])
  }

  @Test("on a full disk stops with what is on it, and resumed ends with the same weights")
  func fullDisk() throws {
    // More rows than a checkpoint has bytes beside them.
    let quiet = [
      "log_every=1000", "agent_options.replay_capacity=4000", "agent_options.epoch_steps=240",
      "agent_options.random_steps=760", "checkpoint_every_steps=60",
    ]
    let whole = try train("whole", quiet)
    #expect(whole.status == 0, "\(whole.errors)")
    let arguments = Self.training + quiet + ["--output", "full", "--quiet"]
    // Too little for the last rows of the replay, enough for each checkpoint.
    let replay = try Data(contentsOf: folder.run("whole").experience.appending(path: "replay.bin"))
    let result = try Engine.run(arguments, limitedTo: replay.count / 1024, in: folder)
    #expect(result.status == TruceRun.ExitStatus.inputOutput.rawValue)
    #expect(
      result.errors == """
        truce: error: full/experience/replay.bin: no space left to write it
          help: free some space, then continue with --resume

        """)
    #expect(try folder.run("full").summary()?.status == .failed)
    #expect(try Engine.run(arguments + ["--resume"], in: folder).status == 0)
    #expect(try folder.run("full").lastTensors() == folder.run("whole").lastTensors())
  }

  @Test("records under which conditions the agent was tried")
  func conditions() throws {
    let conditions = try RunRecord(trained()).conditions
    #expect(
      conditions?.text
        == "action cost 0.2, angle 120, count 3, evaluation episodes 2, goals 10, horizon 20, momentum 0.5, "
        + "reward normalization none, reward scale 1")
  }

  @Test("counts the successes of what was learned, of the best policy and of none")
  func evaluation() throws {
    _ = try trained()
    let expert = try Engine.run(
      ["rl", "evaluate", "points", "--policy", "expert", "--episodes", "5", "--horizon", "60"], in: folder)
    #expect(expert.status == 0, "\(expert.errors)")
    let lines = expert.output.split(separator: "\n")
    let heading =
      "point-tasks, policy expert, goals of the run, action cost 0.2, angle 120, count 3, evaluation episodes 5, "
      + "goals 10, horizon 60, momentum 0.5"
    #expect(lines.first.map(String.init) == heading)
    #expect(lines.last?.split(separator: " ") == ["all", "1.00", "0.80…1.00", "15"])

    let learned = try Engine.run(
      ["rl", "evaluate", "points", "--episodes", "3", "--format", "json"], in: folder)
    #expect(learned.status == 0 && learned.output.contains("\"policy\" : \"learned\""))
    #expect(
      learned.output.contains("\"checkpoint\" : \"last\"")
        && learned.output.contains("\"momentum\" : \"0.5\""))
    #expect(try Engine.run(["rl", "evaluate", "points", "--policy", "random"], in: folder).status == 0)
  }

  /// The rows of an evaluation by the first word, without the heading.
  private func rows(_ arguments: [String]) throws -> [[Substring]] {
    let result = try Engine.run(["rl", "evaluate"] + arguments, in: folder)
    try #require(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").dropFirst(2).map { $0.split(separator: " ") }
  }

  @Test("plays each task's own goals in whatever order tasks are named, and some of them alone")
  func goals() throws {
    _ = try trained()
    for policy in ["expert", "learned"] {
      let arguments = ["points", "--policy", policy, "--episodes", "4"]
      let all = try rows(arguments)
      let some = try rows(arguments + ["--tasks", "turn3,turn1"])
      #expect(some.map(\.first) == ["turn3", "turn1", "all"], "\(policy)")
      for row in some.dropLast() { #expect(all.contains(row), "\(policy)") }
    }
  }

  @Test("draws goals anew where a seed is given")
  func seeds() throws {
    _ = try trained()
    let arguments = ["points", "--policy", "expert", "--episodes", "4"]
    let recorded = try rows(arguments)
    let drawn = try rows(arguments + ["--seed", "8"])
    #expect(drawn != recorded)
    #expect(try rows(arguments + ["--seed", "8"]) == drawn)
    let own = try rows([
      "--problem", "point-tasks", "--policy", "expert", "--episodes", "4", "--horizon", "20", "--seed", "8",
    ])
    #expect(own == drawn)
    let text = try Engine.run(["rl", "evaluate"] + arguments + ["--seed", "8"], in: folder).output
    #expect(text.hasPrefix("point-tasks, policy expert, goals of seed 8, action cost 0.2"))
  }

  @Test("says which tasks have recorded goals where others are asked for")
  func unrecorded() throws {
    let result = try train("two", ["tasks=[turn1,turn2]", "agent_options.batch_size=32"])
    try #require(result.status == 0, "\(result.errors)")
    let arguments = ["rl", "evaluate", "two", "--policy", "expert", "--tasks", "turn3"]
    try Engine.run(arguments, in: folder).expectFailure(
      .usage, "no goals are recorded for 'turn3', only for turn1, turn2",
      help: "name tasks among these, or draw goals anew with --seed")
    #expect(try Engine.run(arguments + ["--seed", "1"], in: folder).status == 0)
    try Engine.run(["rl", "evaluate", "two", "--tasks", "turn3"], in: folder).expectFailure(
      .usage, "the run has no task 'turn3'", help: "did you mean 'turn1'?")
  }

  @Test("shows an episode as a picture")
  func watching() throws {
    _ = try trained()
    let result = try Engine.run(
      [
        "rl", "watch", "points", "--frames", "3", "--size", "32", "--horizon", "10", "--output", "points.png",
      ],
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").last == "steps 0, 5, 10 in points.png")
    let file = try Data(contentsOf: folder.location.appending(path: "points.png"))
    #expect(Array(file.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    // Three pictures of 32 with gaps of 4 and beyond; three rows, each with a title of 16.
    #expect(Array(file[16..<24]) == [0, 0, 0, 112, 0, 0, 0, 160])
  }

  @Test(
    "says before it begins what cannot be",
    arguments: [
      (
        ["rl", "evaluate"], TruceRun.ExitStatus.usage, "give the folder of a run, or --problem",
        "see `truce rl evaluate --help`"
      ),
      (
        ["rl", "evaluate", "nowhere"], .missingInput, "nowhere: no run here", "check the path"
      ),
      (
        ["rl", "evaluate", "--problem", "point-tasks"], .usage,
        "nothing is learned without a run: give --policy expert or --policy random",
        "see `truce rl evaluate --help`"
      ),
      (
        ["rl", "watch", "--problem", "scaled-tanh", "--policy", "random", "--output", "a.png"], .usage,
        "scaled-tanh has labelled data and no environments to act in",
        "name a problem with environments, such as point-tasks"
      ),
      (
        [
          "rl", "watch", "--problem", "point-tasks", "--policy", "expert", "--tasks", "turn9", "--output",
          "a.png",
        ],
        .usage, "point-tasks has no task 'turn9'", "did you mean 'turn1'?"
      ),
      (
        [
          "rl", "watch", "--problem", "point-tasks", "--policy", "expert", "--goal", "99", "--output",
          "a.png",
        ],
        .usage, "turn1: there is no goal 99 among 10, counted from 0",
        "choose a goal below that, or more `goals`"
      ),
      (
        ["rl", "watch", "--problem", "point-tasks", "--policy", "expert", "--output", "no/a.png"],
        .inputOutput, "cannot write no/a.png: its folder does not exist",
        "choose a folder that exists, is writable and has space"
      ),
    ])
  func refusals(arguments: [String], status: TruceRun.ExitStatus, error: String, help: String) throws {
    try Engine.run(arguments, in: folder).expectFailure(status, error, help: help)
  }
}
