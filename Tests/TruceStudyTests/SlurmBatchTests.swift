import Foundation
import Testing
import TruceRun
import TruceStudy

@Suite("The script of a job array")
struct SlurmBatchTests {
  private let folder: URL
  private let batch: SlurmBatch

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "truce-\(UUID().uuidString)/it's my #1 study")
    let yaml = "name: s\nproblem: nothing\nmethods: [ew]\nlearning_rates: [0.1]\nseeds: [0, 1, 2]\n"
    let plan = try StudyPlan(yaml: yaml, file: "s.yaml")
    let study = StudyFolder(folder)
    try study.prepare(plan)
    batch = SlurmBatch(
      plan, in: study, retriesFailedRuns: false,
      options: SlurmOptions(
        partition: "main", further: ["--comment=two words; $HOME", "-C fast nodes", "--exclusive"]),
      command: ["/bin/sh", "-c", "exit 130", "a 'b' $c"])
  }

  /// Runs the script where `scontrol` writes down what it is told and ends with a code.
  private func run(scontrol code: Int) throws -> (status: Int32, errors: String, told: String) {
    let scontrol = folder.appending(path: "scontrol")
    try Data("#!/bin/sh\necho \"$@\" > told\nexit \(code)\n".utf8).write(to: scontrol)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scontrol.path)
    let script = folder.appending(path: "job.sh")
    try Data(batch.script(log: folder.path).utf8).write(to: script)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script.path]
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": folder.path + ":/usr/bin:/bin", "SLURM_JOB_ID": "71", "SLURM_ARRAY_JOB_ID": "71",
      "SLURM_ARRAY_TASK_ID": "2",
    ]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let told = try String(contentsOf: folder.appending(path: "told"), encoding: .utf8)
    return (process.terminationStatus, text, told)
  }

  @Test("An element queues itself again and no other, though it has the array's number")
  func requeue() throws {
    let (status, errors, told) = try run(scontrol: 0)
    #expect(status == 130 && errors.isEmpty)
    #expect(told == "requeue 71_2\n")
  }

  @Test("A scontrol that fails is reported with what to do")
  func failure() throws {
    let (status, errors, _) = try run(scontrol: 3)
    #expect(status == 130)
    #expect(
      errors == """
        truce: error: scontrol requeue ended with 3: this element is not queued again
          help: submit what is left with: truce study resume \(folder.path.shellWord) --launcher slurm

        """)
  }

  @Test("What a user named is one word wherever it stands")
  func quoting() {
    let lines = batch.script(log: folder.appending(path: "100%").path).split(separator: "\n").map(String.init)
    for line in [
      "#SBATCH --job-name='truce-it'\\''s my #1 study'", "#SBATCH --partition=main",
      "#SBATCH --comment='two words; $HOME'", "#SBATCH -C 'fast nodes'", "#SBATCH --exclusive",
      "#SBATCH --output='\(folder.path.replacing("'", with: "'\\''"))/100%%/%a.log'",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(
      lines.contains { $0.hasPrefix("/bin/sh -c 'exit 130' 'a '\\''b'\\'' $c' \"$SLURM_ARRAY_TASK_ID\" 3 &") }
    )
  }
}

@Suite("The folder of a study is its own")
struct StudyFolderTests {
  @Test("A folder with other files is left alone")
  func foreignFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let yaml = "name: s\nproblem: nothing\nmethods: [ew]\n"
    let plan = try StudyPlan(yaml: yaml, file: "s.yaml")
    let study = StudyFolder(folder)
    for (name, text) in [("thesis.tex", "x"), ("study.yaml", "title: the syllabus\n")] {
      let file = folder.appending(path: name)
      try Data(text.utf8).write(to: file)
      let error = StudyError.occupied(path: folder.relativePath, example: name)
      #expect(throws: error) { try study.prepare(plan) }
      #expect(error.exitStatus == .usage)
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
      try FileManager.default.removeItem(at: file)
    }
    try Data("x".utf8).write(to: folder.appending(path: "thesis.tex"))
    try study.prepare(plan, replacing: true)
    #expect(try study.plan() == plan)
    try study.prepare(plan)
  }

  @Test("Runs of the plan that were copied there count; those of another plan are foreign")
  func copiedRuns() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let plan = try StudyPlan(yaml: "name: s\nproblem: nothing\nmethods: [ew]\n", file: "s.yaml")
    let study = StudyFolder(folder)
    let run = study.directory(of: try #require(plan.runs.first)).url
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    #expect(try study.prepare(plan) == plan)
    #expect(FileManager.default.fileExists(atPath: run.path))

    try FileManager.default.removeItem(at: study.studyFile)
    let other = try StudyPlan(yaml: "name: s\nproblem: nothing\nmethods: [cagrad]\n", file: "s.yaml")
    let cell = run.deletingLastPathComponent().lastPathComponent
    #expect(throws: StudyError.occupied(path: folder.relativePath, example: cell)) {
      try study.prepare(other)
    }
  }
}
