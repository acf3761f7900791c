import Foundation
import Testing
import TruceTestSupport

/// A Python for which there is Metaworld.
private enum MetaworldVersions {
  static let hasPython: Bool = {
    guard let python = SystemPython.location else { return false }
    let program = "import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))"
    return (try? BuiltCommand(at: python).run(["-c", program]).status) == 0
  }()
  static let missing: Comment = "there is no python3 from 3.10 to 3.13 on the search path"
}

/// `Scripts/setup rl` with a `pip` that installs what a test says, in a folder of its own.
@Suite(
  "The set-up of environments", .enabled(if: MetaworldVersions.hasPython, MetaworldVersions.missing))
struct SetupTests {
  private let folder: ScratchFolder

  /// Stands in for pip: installs, fails, or kills whoever called it.
  private static let pip = """
    import glob, os, signal, sys
    does = os.environ["FAKE_PIP"]
    if does == "fails":
        sys.exit("WARNING: slow\\nERROR: No matching distribution found for metaworld==3.1.1")
    python = sys.argv[sys.argv.index("--python") + 1]
    site, = glob.glob(os.path.join(os.path.dirname(os.path.dirname(python)), "lib", "python*", "site-packages"))
    open(os.path.join(site, "half.py"), "w").close()
    if does == "is killed":
        os.kill(os.getppid(), signal.SIGKILL)
        sys.exit(1)
    if does == "installs":
        open(os.path.join(site, "metaworld.py"), "w").close()
    """

  init() throws {
    folder = try ScratchFolder()
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for name in ["Scripts", "fakes/pip"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    for name in ["Scripts/setup", "Scripts/rl.lock"] {
      try FileManager.default.copyItem(
        at: package.appending(path: name), to: folder.url.appending(path: name))
    }
    _ = try folder.write("", to: "fakes/pip/__init__.py")
    _ = try folder.write(Self.pip, to: "fakes/pip/__main__.py")
  }

  private func setUp(pip: String) throws -> BuiltCommand.Result {
    try BuiltCommand(at: #require(SystemPython.location)).run(
      [folder.path("Scripts/setup"), "rl"],
      environment: ["FAKE_PIP": pip, "PYTHONPATH": folder.path("fakes"), "TRUCE_RL_PYTHON": ""])
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.path(name)) }

  @Test("makes the whole folder, once")
  func whole() throws {
    let made = try setUp(pip: "installs")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("Metaworld is in .truce/rl/"))
    let python = BuiltCommand(at: folder.url.appending(path: ".truce/rl/bin/python3"))
    #expect(try python.run(["-c", "import metaworld"]).status == 0)
    // Nothing is asked of pip any more.
    #expect(try setUp(pip: "fails").status == 0)
    // Another lock makes another folder.
    try Data("other".utf8).write(to: folder.url.appending(path: "Scripts/rl.lock"))
    #expect(try setUp(pip: "fails").status == 69)
    #expect(try python.run(["-c", "import metaworld"]).status == 0)
  }

  @Test("makes none where it fails, and says why")
  func failure() throws {
    let failed = try setUp(pip: "fails")
    #expect(failed.status == 69)
    #expect(
      failed.errors.contains(
        """
        setup: error: pip could not install Metaworld: No matching distribution found for metaworld==3.1.1
          help: check the network or set PIP_INDEX_URL to an index you can reach; \
        or install metaworld==3.1.1 and packaging yourself and set TRUCE_RL_PYTHON to that Python
        """))
    let incomplete = try setUp(pip: "forgets")
    #expect(incomplete.status == 69)
    #expect(
      incomplete.errors.contains(
        """
        setup: error: Metaworld was installed but cannot be imported: \
        ModuleNotFoundError: No module named 'metaworld'
          help: try it with another Python
        """))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(".truce")).isEmpty)
  }

  @Test("makes none where it is killed, and the whole one after that")
  func killed() throws {
    #expect(try setUp(pip: "is killed").status == SIGKILL)
    #expect(!exists(".truce/rl"))
    #expect(try setUp(pip: "installs").status == 0)
    #expect(exists(".truce/rl/origin.json"))
  }
}
