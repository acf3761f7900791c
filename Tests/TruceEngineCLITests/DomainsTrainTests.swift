import Foundation
import Testing
import Torch
import TruceData
import TruceRun
import TruceTestSupport

@Suite("truce-engine train on pictures of several domains", .serialized)
struct DomainsTrainTests {
  private let folder: TemporaryFolder

  /// Three domains of unequally many pictures of 8×8, whose class is the channel that is bright.
  init() throws {
    folder = try TemporaryFolder()
    let sizes = [("art", 10), ("photo", 16), ("real world", 8)]
    for (domain, count) in sizes {
      for (place, name) in ["blue", "green", "red"].enumerated() {
        for number in 0..<count {
          try draw("office/\(domain)/\(name)/\(number).png", channel: 2 - place, number)
        }
      }
    }
  }

  private func draw(_ path: String, channel: Int, _ number: Int) throws {
    let file = folder.location.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    // Values of 0.6 and more in the bright channel, below 0.4 in the others.
    let values = (0..<192).map { place in
      place / 64 == channel
        ? 0.6 + Float((number * 7 + place) % 100) / 250 : Float((number * 5 + place) % 90) / 250
    }
    try #require(PNG.data(of: Tensor(values, shape: [3, 8, 8]))).write(to: file)
  }

  private func arguments(_ output: String, _ more: [String] = []) -> [String] {
    [
      "train", "--problem", "domains", "--problem-option", "data=office", "--problem-option", "side=8",
      "--trunk", "mlp", "--trunk-option", "widths=[16]", "--method", "cagrad", "--batch-size", "4",
      "--epochs", "8",
      "learning_rate=0.01", "threads=1", "log_every=1", "checkpoint_every_steps=1", "--output", output,
      "--quiet",
    ] + more
  }

  @Test("learns a task for each domain and leaves what it says about pictures of each")
  func training() throws {
    let result = try Engine.run(arguments("run"), in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let summary = try #require(try folder.run("run").summary())
    for name in ["art", "photo", "real_world"] {
      for split in ["validation", "test"] {
        #expect(try #require(summary.values["\(split)/\(name)/accuracy"]) > 0.9, "\(split) \(name)")
      }
    }
    // Of 30, 48 and 24 pictures 18, 28 and 14 are to learn from, in batches of 4: the longest stream has 7.
    #expect(summary.steps == 8 * 7)
    let record = try #require(try folder.run("run").predictions())
    #expect(record.samples.count == 12 && record.omissions.isEmpty)
    let words = Set(record.samples.flatMap { $0.answers.values.flatMap { [$0.label, $0.prediction] } })
    #expect(words.isSubset(of: ["blue", "green", "red"]) && words.count > 1)
    let encoding = try JSONDecoder().decode(
      TableEncoding.self, from: Data(contentsOf: folder.run("run").encodingFile))
    #expect(encoding.tasks.map(\.name) == ["art", "photo", "real_world"])
  }

  @Test(
    "goes on where it was stopped and ends with the same weights in every bit",
    arguments: ["restart", "stop"])
  func resumption(ending: String) throws {
    let choice = [
      "--problem-option", "ending=\(ending)", "--problem-option", "mirror=true", "--epochs", "12",
    ]
    let whole = try Engine.run(arguments("whole", choice), in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let run = folder.run("stopped")
    let stopped = try Engine.run(
      arguments("stopped", choice), in: folder, sending: SIGTERM, to: run, atStep: 6)
    #expect(stopped.status == TruceRun.ExitStatus.interrupted.rawValue, "\(stopped.errors)")
    let rest = try Engine.run(
      ["train", "--config", "stopped/config.yaml", "--output", "stopped", "--resume", "--quiet"], in: folder)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try run.lastTensors() == folder.run("whole").lastTensors())
    #expect(try run.eventsWithoutTimes() == folder.run("whole").eventsWithoutTimes())
    #expect(try run.predictions() == folder.run("whole").predictions())
    // 18, 28 and 14 pictures to learn from, in batches of 4.
    #expect(try folder.run("whole").summary()?.steps == 12 * (ending == "stop" ? 4 : 7))
  }

  @Test("one domain alone keeps the classes of all, so that it can be compared")
  func alone() throws {
    let result = try Engine.run(arguments("run", ["--tasks", "real_world", "--method", "ew"]), in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let record = try #require(try folder.run("run").predictions())
    #expect(
      record.samples.count == 4 && record.samples.allSatisfy { Array($0.answers.keys) == ["real_world"] })
  }

  @Test("refuses what it cannot learn from, with the path and the fix")
  func refusals() throws {
    let fix = "give training_share above 0 and both together below 1"
    try Engine.run(arguments("run", ["--problem-option", "training_share=0.9"]), in: folder).expectFailure(
      .usage, "training_share 0.9 and validation_share 0.2 leave one of the splits nothing", help: fix)
    try Engine.run(arguments("run", ["--tasks", "arts"]), in: folder).expectFailure(
      .usage, "the problem has no task 'arts'", help: "the tasks are art, photo, real_world")
    let broken = "office/photo/green/3.png"
    try folder.write("no picture", to: broken)
    let options = ["--problem-option", "workers=0"]
    let result = try Engine.run(arguments("broken", options), in: folder)
    #expect(result.status == TruceRun.ExitStatus.badData.rawValue)
    #expect(result.errors.contains("\(broken): it is neither a PNG nor a JPEG"))
    #expect(result.errors.hasSuffix("\n  help: convert the picture to PNG or JPEG, or leave it out\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.run("broken").configurationFile.path))
    // Begins and ends as a picture does, so that only decoding finds the damage.
    let inside = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array("no picture IEND".utf8))
    try inside.write(to: folder.location.appending(path: broken))
    let late = try Engine.run(arguments("late", options), in: folder)
    #expect(late.status == TruceRun.ExitStatus.badData.rawValue)
    #expect(late.errors.contains("\(broken): the picture is damaged"))
    try Engine.run(arguments("run", ["--problem-option", "domains=[art,photo,art]"]), in: folder)
      .expectFailure(
        .badData, "office/art: the domain is named twice", help: "name each domain once in `domains`")
    try FileManager.default.removeItem(at: folder.location.appending(path: "office/photo/green"))
    try Engine.run(arguments("run"), in: folder).expectFailure(
      .missingInput, "office/photo/green: the domain 'photo' has no class 'green', which 'art' has",
      help: "add the folder, or set `unmatched: skip` to leave out classes that not all domains have")
  }

  @Test("is summed up by data check, or shown with every fault")
  func check() throws {
    let sound = try Engine.run(["data", "check", "office"], in: folder)
    #expect(sound.status == 0 && sound.errors.isEmpty)
    let lines = sound.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines[..<2] == ["office: sound, 3 domains", "classes: 3 (blue, green, red)"])
    #expect(lines[2] == "domain training validation test left out most frequent class")
    #expect(lines[3].hasPrefix("art 18 6 6 0 ") && lines[5].hasPrefix("real_world 14 5 5 0 "))
    try folder.write("no picture", to: "office/photo/green/3.png")
    let faulty = try Engine.run(["data", "check", "office"], in: folder)
    #expect(faulty.status == 65)
    #expect(faulty.output.hasPrefix("office/photo/green/3.png: it is neither a PNG nor a JPEG\n  help: "))
    #expect(
      faulty.errors == "truce: error: 1 fault in office and its files\n  help: correct them and check again\n"
    )
    let lists = try Engine.run(["data", "check", "office", "--lists", "office"], in: folder)
    #expect(lists.status == 66 && lists.output.hasPrefix("office/art_train.txt: there is no list"))
    try Engine.run(["data", "check", "office/art", "--skip-unmatched"], in: folder).expectFailure(
      .usage, "office/art is no folder of domains", help: "leave --lists and --skip-unmatched out")
  }
}
