import Foundation
import Testing
import TruceRun

@Suite("What a process begins with")
struct ProcessTests {
  @Test(
    "Waiting is bounded unless something is said about it",
    arguments: ["GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "KMP_BLOCKTIME"])
  func waiting(_ variable: String) {
    #expect(StartVariables.settled(["A": "b"])["GOMP_SPINCOUNT"] == "10000")
    #expect(
      StartVariables.settled([variable: "1"])["GOMP_SPINCOUNT"] == (variable == "GOMP_SPINCOUNT" ? "1" : nil))
    #expect(StartVariables.waiting.description(in: ["A": "b"]) == nil)
    #expect(StartVariables.waiting.description(in: [variable: "1", "A": "b"]) == "\(variable)=1")
  }

  @Test(
    "Freed memory is kept unless something is said about it",
    arguments: ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_ARENA_MAX", "GLIBC_TUNABLES"])
  func heap(_ variable: String) {
    let settled = StartVariables.settled([variable: "1"])
    #expect(settled[variable] == "1")
    #expect(settled.keys.filter { StartVariables.heap.names.contains($0) } == [variable])
    #expect(settled["GOMP_SPINCOUNT"] == "10000")
    let kept = "MALLOC_MMAP_THRESHOLD_=134217728 MALLOC_TRIM_THRESHOLD_=1073741824"
    #expect(StartVariables.heap.description(in: StartVariables.settled([:])) == kept)
    #expect(StartVariables.settled(settled) == settled)
  }

  @Test("A study's workers do not spin for long either")
  func workers() {
    let environment = WorkerCommand.environment(threads: 2, from: [:])
    #expect(environment["GOMP_SPINCOUNT"] == "10000" && environment["OMP_NUM_THREADS"] == "2")
    #expect(
      WorkerCommand.environment(threads: 1, from: ["OMP_WAIT_POLICY": "active"])["GOMP_SPINCOUNT"] == nil)
  }

  @Test("A worker is told among how many the memory is shared", arguments: [1, 4])
  func jobs(_ count: Int) {
    let environment = WorkerCommand.environment(threads: 1, jobs: count, from: ["TRUCE_JOBS": "9"])
    #expect(WorkerCommand.jobs(in: environment) == count)
    #expect(WorkerCommand.jobs(in: [:]) == 1 && WorkerCommand.jobs(in: ["TRUCE_JOBS": "-3"]) == 1)
    #expect(WorkerCommand.jobs(in: ["TRUCE_JOBS": "many"]) == 1)
  }

  @Test(
    "Words are quoted for a shell where they must be",
    arguments: [
      ("runs/demo-1_x.y", "runs/demo-1_x.y"), ("my runs", "'my runs'"), ("it's", "'it'\\''s'"), ("", "''"),
      ("$HOME", "'$HOME'"), ("a;b", "'a;b'"), ("größe", "'größe'"), ("a\nb", "'a\nb'"),
    ])
  func shellWords(_ word: String, _ expected: String) {
    #expect(word.shellWord == expected)
  }
}

@Suite("The folder of a run is its own")
struct RunFolderTests {
  @Test("A folder with other files is left alone")
  func foreignFiles() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url)
    try Data("x".utf8).write(to: folder.url.appending(path: "thesis.tex"))
    for opening in [RunDirectory.Opening.new, .resume] {
      #expect(throws: RunError.occupied(path: directory.url.relativePath, example: "thesis.tex")) {
        try directory.open(opening)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["thesis.tex"])
    try directory.open(.force)
    #expect(FileManager.default.fileExists(atPath: folder.url.appending(path: "thesis.tex").path))
  }

  @Test("A run that has begun is continued whatever was put beside it")
  func notes() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url)
    try directory.open(.new)
    _ = try MetricLog(in: directory)
    try Data("x".utf8).write(to: folder.url.appending(path: "notes.txt"))
    try directory.open(.resume)
    #expect(throws: RunError.exists(path: directory.url.relativePath, isFinished: false)) {
      try directory.open(.new)
    }
  }

  @Test("What killed processes left half-written goes with the next start, and nothing else does")
  func remains() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url)
    try directory.open(.new)
    let dead = Process()
    dead.executableURL = URL(filePath: "/bin/sh")
    dead.arguments = ["-c", "exit 0"]
    try dead.run()
    dead.waitUntilExit()
    let own = ProcessInfo.processInfo.processIdentifier
    let names = [
      ".last.txt.\(dead.processIdentifier).part", ".last.txt.\(own).part", ".last-7.part", "a.1.part",
    ]
    for name in names { try Data().write(to: directory.checkpoints.appending(path: name)) }
    try Data().write(to: folder.url.appending(path: ".summary.json.\(dead.processIdentifier).part"))
    try directory.open(.resume)
    let left = try FileManager.default.contentsOfDirectory(atPath: directory.checkpoints.path)
    #expect(left.sorted() == names.dropFirst().sorted())
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: folder.url.path).contains { $0.hasSuffix(".part") }
    )
  }

  @Test("The log has a line with the time for each that was printed, over all parts of a run")
  func log() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url.appending(path: "run"))
    let first = RunLog(in: directory) { Date(timeIntervalSince1970: 0) }
    first.append("too early")
    try directory.open(.new)
    first.append("epoch 1/2\n  left 0.5\n")
    RunLog(in: directory) { Date(timeIntervalSince1970: 3600) }.append("epoch 2/2")
    #expect(
      try String(contentsOf: directory.logFile, encoding: .utf8) == """
        1970-01-01T00:00:00Z  epoch 1/2
        1970-01-01T00:00:00Z    left 0.5
        1970-01-01T01:00:00Z  epoch 2/2

        """)
  }
}
