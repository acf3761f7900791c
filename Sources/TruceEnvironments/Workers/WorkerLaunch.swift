import Foundation

/// What a worker runs, and how.
struct WorkerPlan: Sendable {
  /// The family of the environments.
  let family: WorkerFamily
  /// How its process is started.
  let launch: WorkerLaunch
  /// How it is run.
  let settings: WorkerSettings
}

/// How the process of a worker is started.
struct WorkerLaunch: Sendable {
  /// The Python.
  let python: URL
  /// The program, in Python.
  let program: [UInt8]
  /// The thread that starts it.
  let thread = SpawningThread()

  /// Starts Truce's own worker, or another program in its place.
  init(python: URL, program: [UInt8] = PackageResources.truce_env_worker_py) {
    self.python = python
    self.program = program
  }

  /// What Python is told: to read so many bytes of program from its input.
  ///
  /// That leaves nothing behind on the disk and nothing long on a list of processes. What lies in the folder of work
  /// is not imported by mistake.
  static let opening = """
    import os, sys
    left, parts = int(sys.argv[2]), []
    while left > 0:
      parts.append(os.read(0, left))
      left = left - len(parts[-1]) if parts[-1] else sys.exit(1)
    sys.path[:] = [folder for folder in sys.path if folder]
    exec(compile(b''.join(parts), 'truce_env_worker.py', 'exec'))
    """

  /// The Python as a reader sees it.
  var path: String { python.path(percentEncoded: false) }

  /// Starts the process.
  ///
  /// - Throws: ``WorkerFault``.
  func start(by deadline: Deadline) throws(WorkerFault) -> WorkerChannel {
    let parent = "\(ProcessInfo.processInfo.processIdentifier)"
    let process = try ChildProcess(
      path, ["-c", Self.opening, parent, "\(program.count)"],
      environment: Self.environment(from: ProcessInfo.processInfo.environment), in: thread)
    let channel = WorkerChannel(process)
    try channel.send(program, by: deadline)
    return channel
  }

  /// One thread for each worker, an output that arrives at once, and no randomness in the order of sets.
  private static func environment(from base: [String: String]) -> [String: String] {
    let threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"].map { ($0, "1") }
    let own = threads + [("PYTHONUNBUFFERED", "1"), ("PYTHONHASHSEED", "0")]
    return base.merging(own) { $1 }
  }
}
