import Foundation
import Testing
import TruceCLI
import TruceShell
import TruceTestSupport

@Suite("truce doctor")
struct DoctorCommandTests {
  /// A copy of `truce` in a folder of its own, beside a program that answers as the engine would.
  private func doctor(engine: String?, _ arguments: String...) throws -> BuiltCommand.Result {
    let folder = try TemporaryFolder()
    let program = try folder.installTruce()
    if let engine {
      let path = try folder.file("truce-engine", "#!/bin/sh\n\(engine)\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let sets = folder.location.appending(path: "sets/mnist")
    try FileManager.default.createDirectory(at: sets, withIntermediateDirectories: true)
    return try BuiltCommand(at: program).run(
      ["doctor"] + arguments, environment: ["TRUCE_DATA": folder.path("sets")], in: folder.location)
  }

  private static let answer =
    #"{"libtorch_version": "2.13.0", "libtorch_path": "/opt/libtorch", "blas": "MKL", "threads": 2, "#
    + #""devices": [{"name": "cpu", "description": "2 cores"}], "interop_threads": 1, "#
    + #""cuda_available": false, "mode": "release"}"#

  @Test("What the engine says of itself is part of the report")
  func engine() throws {
    let result = try doctor(engine: "[ \"$*\" = 'doctor --format json' ] && echo '\(Self.answer)'")
    #expect(result.status == 0)
    for text in ["libtorch      2.13.0 in /opt/libtorch", "BLAS          MKL", "devices       cpu (2 cores)"]
    {
      #expect(result.output.contains(text))
    }
    #expect(result.output.contains(": mnist"))
  }

  @Test("A data folder that can be reached in two ways is listed once")
  func linkedFolders() throws {
    let folder = try TemporaryFolder()
    for name in ["data/mnist", ".truce"] {
      try FileManager.default.createDirectory(
        at: folder.location.appending(path: name), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(".truce/data"), withDestinationPath: folder.path("data"))
    let object = try BuiltCommand("truce").run(
      ["doctor", "--format", "json"], environment: ["TRUCE_DATA": folder.path("data")], in: folder.location
    ).object()
    let folders = try #require(object["data_folders"] as? [[String: Any]]).compactMap {
      $0["path"] as? String
    }
    #expect(folders.filter { $0.contains(folder.location.lastPathComponent) } == [folder.path("data")])
  }

  @Test("A missing engine is a problem with its fix")
  func noEngine() throws {
    let object = try doctor(engine: nil, "--format", "json").object()
    let problems = try #require(object["problems"] as? [[String: String]])
    #expect(
      problems.contains(["problem": "libtorch is not set up", "fix": "`make setup`, then `make release`"]))
    #expect(object["engine"] is NSNull)
  }

  @Test("An engine that fails is quoted")
  func brokenEngine() throws {
    let object = try doctor(engine: "echo 'libtorch.so: not found' >&2; exit 127", "--format", "json")
      .object()
    let problems = try #require(object["problems"] as? [[String: String]])
    #expect(problems.contains { $0["problem"] == "truce-engine does not answer: libtorch.so: not found" })
  }

  /// The line on environments, where a Python has these packages; it is as good as installed what says so itself.
  private func environmentsLine(_ packages: [String: String], python: String) throws -> String {
    let folder = try TemporaryFolder()
    for (name, version) in packages {
      let about = folder.location.appending(path: "\(name)-\(version).dist-info")
      try FileManager.default.createDirectory(at: about, withIntermediateDirectories: true)
      try Data("Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n".utf8)
        .write(to: about.appending(path: "METADATA"))
    }
    let result = try BuiltCommand("truce").run(
      ["doctor"], environment: ["TRUCE_RL_PYTHON": python, "PYTHONPATH": folder.path("")],
      in: folder.location)
    let line = result.output.split(separator: "\n").first { $0.contains(" environments ") }
    return try #require(line).trimmingCharacters(in: .whitespaces)
  }

  @Test(
    "What environments need is told with versions, or with what is missing and its fix",
    .enabled(if: SystemPython.isThere, Comment(rawValue: SystemPython.missing)))
  func environments() throws {
    let python = try #require(SystemPython.location).path(percentEncoded: false)
    let all = ["metaworld": "3.1.1", "mujoco": "3.3.0", "gymnasium": "1.4.0", "numpy": "2.0"]
    let ready = try environmentsLine(all, python: python)
    #expect(
      ready.hasPrefix(
        "environments  gymnasium 1.4.0, metaworld 3.1.1, mujoco 3.3.0, numpy 2.0, protocol 2, python 3."))
    #expect(ready.hasSuffix(" in \(python)"))
    let fix = "where that is wanted, run `Scripts/setup rl`, or set TRUCE_RL_PYTHON to a Python"
    #expect(
      try environmentsLine(all.merging(["mujoco": "3.4"]) { $1 }, python: python)
        == "environments  not ready: Metaworld needs mujoco 3.3.0, and \(python) has 3.4; "
        + "\(fix) with metaworld 3.1.1 and mujoco 3.3.0")
    #expect(
      try environmentsLine([:], python: "/no/python")
        == "environments  not ready: Metaworld runs in Python, and there is none at /no/python; "
        + "\(fix) that has the packages")
  }

  @Test("The engine's report survives JSON")
  func contract() throws {
    let report = try JSONDecoder().decode(EngineReport.self, from: Data(Self.answer.utf8))
    #expect(report.devices == [EngineReport.Device(name: "cpu", description: "2 cores")])
    let copy = try JSONDecoder().decode(EngineReport.self, from: JSONEncoder().encode(report))
    #expect(copy == report)
  }
}
