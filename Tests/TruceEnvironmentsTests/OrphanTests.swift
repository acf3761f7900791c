import Foundation
import Testing
import TruceTestSupport

@testable import TruceEnvironments

/// What becomes of workers when the program that started them is killed.
@Suite("Orphans", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct OrphanTests {
  /// A program that starts a worker, lets it begin a step that takes ten minutes, and says so.
  private static let parent = """
    import json, os, struct, subprocess, sys
    program, carts, how = sys.argv[1:]
    code = open(program, "rb").read()
    requests, answers = os.pipe(), os.pipe()
    def place():
        os.dup2(requests[0], 0)
        os.dup2(answers[1], 3)
    worker = subprocess.Popen(
        [sys.executable, "-c", open(program + ".opening").read(), str(os.getpid()), str(len(code))],
        preexec_fn=place, pass_fds=(3,), close_fds=True)
    number = 0
    def ask(kind, content, waits=True):
        global number
        number += 1
        frame = struct.pack("<4sIII", b"TRCE", kind, number, len(content)) + content
        while frame:
            frame = frame[os.write(requests[1], frame):]
        if waits:
            magic, kind, answered, length = struct.unpack("<4sIII", os.read(answers[0], 16))
            assert (magic, answered) == (b"TRCE", number)
            content = os.read(answers[0], length)
            assert kind != 255, content
    os.write(requests[1], code)
    ask(1, json.dumps({"protocol": 2, "family": carts + ":Carts"}).encode())
    ask(2, json.dumps({"tasks": ["heavy"], "lists_only": False, "seeds": [1], "goal_count": 1, "goals": None,
                       "options": {"how": how}, "draws": False}).encode())
    ask(3, struct.pack("<f", 0))
    ask(4, struct.pack("<2f", 0, 0), waits=False)
    os.read(answers[0], 1)
    """

  private static func carts(pidFile: String) -> String {
    """
    import ctypes, os, time
    class Carts:
        tasks = ["heavy"]
        observation_size, action_size = 1, 2
        def __init__(self, task, seed, how):
            self.how = how
        def goals(self, count):
            return [[]]
        def reset(self, goal):
            return [0.0]
        def step(self, action):
            with open("\(pidFile).new", "w") as file:
                file.write(str(os.getpid()))
            os.rename("\(pidFile).new", "\(pidFile)")
            if self.how == "python":
                time.sleep(600)
            else:
                ctypes.PyDLL(None).sleep(600)
    """
  }

  #if os(Linux)
    private static let ways = ["python", "a library that keeps Python's lock"]
  #else
    private static let ways = ["python"]
  #endif

  @Test("A worker ends with a parent that was killed, even in the middle of a step", arguments: ways)
  func killedParent(way: String) throws {
    let folder = try ScratchFolder()
    let worker = try folder.write(
      String(decoding: PackageResources.truce_env_worker_py, as: UTF8.self), to: "worker.py")
    _ = try folder.write(WorkerLaunch.opening, to: "worker.py.opening")
    let carts = try folder.write(Self.carts(pidFile: folder.path("pid")), to: "carts.py")
    let process = Process()
    process.executableURL = PlainPython.location
    process.arguments = ["-c", Self.parent, worker, carts, way]
    try process.run()
    defer { process.terminate() }
    let identifier = try #require(
      try waited { Int32(try String(contentsOfFile: folder.path("pid"), encoding: .utf8)) })
    #expect(isAlive(identifier))
    kill(process.processIdentifier, SIGKILL)
    let isGone = waited { isAlive(identifier) ? nil : true }
    #expect(isGone == true, "the worker lives on without its parent")
    if isGone != true { kill(identifier, SIGKILL) }
  }

  /// What a function gives once it gives something; nil after some seconds.
  private func waited<Value>(_ body: () throws -> Value?) rethrows -> Value? {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if let value = try? body() { return value }
      usleep(20_000)
    }
    return nil
  }
}
