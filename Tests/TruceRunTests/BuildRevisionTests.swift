import Foundation
import Testing
import TruceRun

@Suite(
  "The revision that a run was made with",
  .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/git"), "needs git"))
struct BuildRevisionTests {
  private let folder: TemporaryFolder
  private let sources: URL
  private let program: URL

  /// A repository that looks like Truce's, with a program in its build folder.
  private init() throws {
    folder = try TemporaryFolder()
    sources = folder.url.appending(path: "truce")
    program = sources.appending(path: ".build/release/truce")
    for path in ["Scripts", ".build/release"] {
      try FileManager.default.createDirectory(
        at: sources.appending(path: path), withIntermediateDirectories: true)
    }
    for path in ["Package.swift", "Scripts/setup"] { try Data().write(to: sources.appending(path: path)) }
    try Self.commit(in: sources)
    try Data().write(to: program)
  }

  private static func commit(in folder: URL) throws {
    for arguments in [
      ["init", "-q"], ["add", "-A"],
      ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first"],
    ] {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/git")
      process.arguments = ["-C", folder.path] + arguments
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }
  }

  private func environment(in working: URL) -> RunEnvironment {
    RunEnvironment(
      device: "cpu", threads: 1, libtorchVersion: nil, repository: GitState(of: working),
      build: .ofProgram(program), startedAt: Date(timeIntervalSince1970: 0))
  }

  @Test("It is that of Truce's sources, with the user's repository beside it")
  func both() throws {
    let thesis = folder.url.appending(path: "thesis")
    try FileManager.default.createDirectory(at: thesis, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: thesis.appending(path: "thesis.tex"))
    try Self.commit(in: thesis)
    let environment = environment(in: thesis)
    #expect(environment.gitRevision == GitState(of: sources)?.revision)
    #expect(environment.gitIsDirty == false)
    #expect(environment.userGitRevision == GitState(of: thesis)?.revision)
    #expect(environment.userGitIsDirty == false)
    #expect(environment.gitRevision != environment.userGitRevision)
  }

  @Test("In Truce's own folder there is no other; elsewhere there is none")
  func one() throws {
    #expect(environment(in: sources).userGitRevision == nil)
    #expect(environment(in: sources).gitRevision != nil)
    let installed = folder.url.appending(path: "bin/truce")
    #expect(GitState.ofProgram(installed) == nil)
    #expect(environment(in: folder.url).userGitRevision == nil)
  }

  @Test("A program older than the revision, or among changed sources, counts as changed")
  func changes() throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1000)], ofItemAtPath: program.path)
    #expect(GitState.ofProgram(program)?.isDirty == true)
    try Data().write(to: program)
    #expect(GitState.ofProgram(program)?.isDirty == false)
    try Data("// more".utf8).write(to: sources.appending(path: "Package.swift"))
    #expect(GitState.ofProgram(program)?.isDirty == true)
  }

  @Test("A package inside some other repository has no revision of its own")
  func inside() throws {
    try FileManager.default.removeItem(at: sources.appending(path: ".git"))
    try Self.commit(in: folder.url)
    #expect(GitState.ofProgram(program) == nil)
  }
}
