import Foundation
import Testing
import TruceTestSupport

@testable import TruceEnvironments

@Suite("Workers that do not keep to the protocol", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct FakeWorkerTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// What a fake worker begins with: one task of two numbers and an action of one.
  private static let opening = """
    import json, os, signal, struct, sys, time
    open(PIDS, "a").write(str(os.getpid()) + "\\n")
    def bytes_of(count):
        data = b""
        while len(data) < count:
            part = os.read(0, count - len(data))
            if not part:
                sys.exit(0)
            data += part
        return data
    def take():
        magic, kind, number, length = struct.unpack("<4sIII", bytes_of(16))
        return kind, number, bytes_of(length)
    def frame(kind, number, content, magic=b"TRCE", length=None):
        length = len(content) if length is None else length
        return struct.pack("<4sIII", magic, kind, number, length) + content
    def floats(*numbers):
        return struct.pack("<%df" % len(numbers), *numbers)
    def put(data):
        while data:
            data = data[os.write(3, data):]
    hello = {"protocol": \(workerProtocol), "python": "3.0", "packages": {}}
    made = {"tasks": ["a"], "observation_size": 2, "action_size": 1, "step_limit": None, "goals": [[[0.5]]]}
    def child():
        import subprocess
        open(PIDS, "a").write(str(subprocess.Popen(["sleep", "600"]).pid) + "\\n")
    def start():
        put(frame(1, take()[1], json.dumps(hello).encode()))
        put(frame(2, take()[1], json.dumps(made).encode()))
    def begin():
        start()
        put(frame(3, take()[1], floats(1, 2)))

    """

  private func environments(
    _ program: String, start: Duration = .seconds(60), step: Duration = .seconds(20), restarts: Int = 0,
    versions: [String: String] = [:]
  ) throws -> WorkerEnvironments {
    let python = try #require(PlainPython.location)
    let text = "PIDS = \"\(folder.path("processes"))\"\n" + Self.opening + program
    let family = WorkerFamily(name: "fakes", className: "fake", versions: versions)
    return try WorkerEnvironments(
      family, tasks: ["a"], goalCount: 1,
      EnvironmentRequest(workers: PlainPython.quick(start: start, step: step, restarts: restarts)),
      launch: WorkerLaunch(python: python, program: Array(text.utf8)))
  }

  /// Starts a worker, begins an episode and takes two steps.
  private func play(_ program: String, step: Duration = .seconds(20), restarts: Int = 0) throws
    -> [VectorStep]
  {
    let environments = try environments(program, step: step, restarts: restarts)
    return try environments.episode(steps: 2)
  }

  private func expectNoProcess(at place: SourceLocation = #_sourceLocation) throws {
    let lines = try String(contentsOfFile: folder.path("processes"), encoding: .utf8).split(separator: "\n")
    #expect(!lines.isEmpty)
    for process in lines.compactMap({ Int32($0) }) {
      // What a worker has started is killed with it, and waited for by nobody.
      let end = ContinuousClock.now + .seconds(10)
      while isAlive(process), ContinuousClock.now < end { usleep(2000) }
      #expect(!isAlive(process), "\(process) lives on", sourceLocation: place)
      if isAlive(process) { kill(process, SIGKILL) }
    }
  }

  private static let printed = "read what it printed; memory may be short, see `--workers`"

  @Test(
    "Nonsense is named and ends the worker",
    arguments: [
      ("put(frame(4, take()[1], floats(1, 2, 0, 0, 0), magic=b'HTTP'))", "it begins with 'HTTP'"),
      ("take(); put(bytes(range(16)))", "it begins with the bytes [0, 1, 2, 3]"),
      ("put(frame(9, take()[1], b''))", "it is of kind 9"),
      ("put(frame(3, take()[1], floats(1, 2)))", "it is of kind 3, asked was kind 4"),
      (
        "put(frame(4, take()[1], b'', length=1 << 24 | 1))",
        "it has 16777217 bytes, at most 16777216 are allowed"
      ),
      ("put(frame(4, take()[1], floats(1, 2, 3)))", "it has 12 bytes, 20 are expected"),
      ("put(frame(4, take()[1] + 1, floats(1, 2, 0, 0, 0)))", "it answers request 5, asked was 4"),
      ("put(frame(255, take()[1], b'{'))", "it cannot be read as ErrorAnswer"),
    ])
  func nonsense(program: String, reason: String) throws {
    expect(
      throws: "the worker of a sent something that is no answer: \(reason)", help: Self.printed
    ) { try play("begin(); \(program); time.sleep(600)") }
    try expectNoProcess()
  }

  @Test(
    "A false configuration is no configuration",
    arguments: [
      ("made['tasks'] = ['b']", "it is for the tasks [\"b\"], asked was for [\"a\"]"),
      ("del made['goals']", "it cannot be read as ConfigureAnswer"),
      ("hello = 3", "it cannot be read as HelloAnswer"),
    ])
  func falseConfiguration(program: String, reason: String) throws {
    expect(
      throws: "the worker of a sent something that is no answer: \(reason)", help: Self.printed
    ) { try play("\(program); start(); time.sleep(600)") }
    try expectNoProcess()
  }

  @Test("Frames in pieces and frames together are read alike")
  func pieces() throws {
    let slow = """
      def slowly(data):
          for byte in data:
              put(bytes([byte]))
              time.sleep(0.0005)
      one, other = take()[1], take()[1]
      put(frame(1, one, json.dumps(hello).encode()) + frame(2, other, json.dumps(made).encode()))
      slowly(frame(3, take()[1], floats(1, 2)))
      slowly(frame(4, take()[1], floats(3, 4, 5, 1, 0)))
      put(frame(4, take()[1], floats(6, 7, 8, 0, 1)))
      take()
      """
    let steps = try play(slow)
    #expect(steps.map(\.observations) == [[1, 2], [3, 4], [6, 7]])
    #expect(steps.map(\.rewards) == [[0], [5], [8]])
    #expect(steps.map(\.successes) == [[false], [true], [false]])
    #expect(steps.map(\.terminated) == [[false], [false], [true]])
    try expectNoProcess()
  }

  @Test("Whatever is printed disturbs nothing, however much it is")
  func printing() throws {
    let steps = try play(
      """
      print("x" * 300000, flush=True)
      begin()
      for _ in range(2):
          number = take()[1]
          print("y" * 300000, flush=True)
          print("z" * 300000, file=sys.stderr, flush=True)
          put(frame(4, number, floats(3, 4, 5, 1, 0)))
      take()
      """)
    #expect(steps.last?.observations == [3, 4])
    try expectNoProcess()
  }

  @Test(
    "A worker that ends or falls silent is named with how it did, and takes along what it has started",
    arguments: [
      ("begin(); take(); os._exit(0)", "ended with exit code 0"),
      ("begin(); sys.exit(3)", "ended with exit code 3"),
      (
        "begin(); put(frame(4, take()[1], floats(1, 2, 0, 0, 0))[:21]); os.kill(os.getpid(), 9)",
        "was killed by signal 9"
      ),
      ("begin(); os.close(3); time.sleep(600)", "closed its output"),
      ("start(); os.close(0); os.close(3); time.sleep(600)", "closed its output"),
      ("begin(); child(); take(); os._exit(0)", "ended with exit code 0"),
      ("begin(); child(); take(); os.kill(os.getpid(), 9)", "was killed by signal 9"),
      ("begin(); child(); os.close(3); time.sleep(600)", "closed its output"),
    ])
  func ends(program: String, how: String) throws {
    expect(throws: "the worker of a \(how)", help: Self.printed) { try play(program) }
    try expectNoProcess()
  }

  @Test("A worker that is too slow is given up in time")
  func slowness() throws {
    let clock = ContinuousClock()
    let begin = clock.now
    expect(
      throws: "the worker of a gave no answer within 300 ms while taking a step, after 1 new start",
      help: "give it more seconds with `worker_step_seconds`, or look at what it waits for"
    ) { try play("begin(); time.sleep(600)", step: .milliseconds(300), restarts: 1) }
    #expect(begin.duration(to: clock.now) < .seconds(20))
    try expectNoProcess()
  }

  @Test("A worker that does not stand in time is given up with the key that gives it more")
  func lateStart() throws {
    expect(
      throws: "the worker of a gave no answer within 300 ms while making the environments",
      help: "give it more seconds with `worker_start_seconds`, or look at what it waits for"
    ) {
      try environments(
        "put(frame(1, take()[1], json.dumps(hello).encode())); take(); time.sleep(600)",
        start: .milliseconds(300))
    }
    try expectNoProcess()
  }

  @Test(
    "A worker that does not even begin is not started again",
    arguments: [
      ("sys.exit('no memory')", "ended with exit code 1; it said: no memory"),
      ("sys.exit(0)", "ended with exit code 0"),
      ("1 +", "ended with exit code 1; it said: 1 + / ^ / SyntaxError: invalid syntax"),
    ])
  func earlyEnd(program: String, how: String) throws {
    var text = "the worker of a \(how)"
    do {
      _ = try play(program, restarts: 3)
      Issue.record("nothing was thrown")
    } catch let error as EnvironmentError {
      // A program that cannot be read says where, in words that differ between versions.
      if program == "1 +" { text = error.description.contains("SyntaxError") ? error.description : text }
      #expect(error.description == text)
    }
  }

  @Test("Another protocol and other packages are refused with both versions")
  func versions() throws {
    expect(
      throws: "the worker speaks version 1 of the protocol, this Truce version 2",
      help: "use the worker that comes with this Truce"
    ) { try play("hello['protocol'] = 1; start(); time.sleep(600)") }
    let python = PlainPython.location?.path(percentEncoded: false) ?? ""
    let help = "install it for that Python, or set TRUCE_RL_PYTHON to one that has it"
    let program = "hello['packages'] = {'physics': '3.4', 'other': '1'}; start(); time.sleep(600)"
    expect(throws: "fakes needs physics 3.3, and \(python) has 3.4", help: help) {
      try environments(program, versions: ["physics": "3.3"])
    }
    expect(throws: "fakes needs the package gym, physics, which \(python) does not have", help: help) {
      try play("hello['packages'] = {'physics': None, 'gym': None}; start(); time.sleep(600)")
    }
    let agreed = try environments(program.replacing("3.4", with: "3.3"), versions: ["physics": "3.3"])
    #expect(agreed.about.versions == ["physics": "3.3", "other": "1", "python": "3.0", "protocol": "2"])
    agreed.close()
    try expectNoProcess()
  }

  @Test("What is no program cannot be started")
  func noProgram() throws {
    let file = try folder.write("", to: "python3")
    expect(
      throws: "the worker of a could not be started: permission denied",
      help: "set TRUCE_RL_PYTHON to a Python that can be run"
    ) {
      try WorkerEnvironments(
        WorkerFamily(name: "fakes", className: "fake"), tasks: ["a"], goalCount: 1, EnvironmentRequest(),
        launch: WorkerLaunch(python: URL(filePath: file), program: []))
    }
  }
}
