import Foundation

/// A process that was started with three pipes: requests, answers, and all that it prints.
///
/// It leads a group of its own, which Ctrl-C does not reach and which is killed as a whole with the value, or when the
/// process is found to have ended by itself. Foundation's `Process` can neither do that nor hand over a fourth descriptor.
final class ChildProcess {
  /// Where requests are written; nil once it was closed.
  private(set) var requests: PipeEnd?
  /// Where answers are read.
  let answers: PipeEnd
  /// Where what it prints is read.
  let printed: PipeEnd
  /// The system's number of the process.
  let identifier: pid_t
  private var status: Int32?
  private var hasHungUp = false

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: The program.
  ///   - arguments: Its arguments, without its name.
  ///   - environment: Its environment.
  ///   - thread: The thread that starts it.
  /// - Throws: ``WorkerFault/notStarted(reason:)``.
  init(
    _ path: String, _ arguments: [String], environment: [String: String], in thread: SpawningThread
  ) throws(WorkerFault) {
    let (request, answer, text) = (try PipeEnd.pair(), try PipeEnd.pair(), try PipeEnd.pair())
    let places = [
      (request.reading, STDIN_FILENO), (text.writing, STDOUT_FILENO), (text.writing, STDERR_FILENO),
      (answer.writing, 3),
    ].map { ($0.0.descriptor, $0.1) }
    let variables = environment.map { "\($0.key)=\($0.value)" }
    let started = withExtendedLifetime((request, answer, text)) {
      thread.run { spawn(path, [path] + arguments, variables, places) }
    }
    guard started.number == 0 else { throw .systemRefusal(started.number) }
    (requests, answers, printed, identifier) = (
      request.writing, answer.reading, text.reading, started.identifier
    )
    for end in [request.writing, answer.reading, text.reading] { end.neverWait() }
  }

  deinit { kill() }

  /// Kills the process and all that it has started, and waits for its end.
  func kill() {
    guard status == nil else { return }
    requests = nil
    killGroup(identifier)
    status = reap()
  }

  /// How the process ended, where it ends within some time; it is killed where it does not.
  func fault(within patience: Duration = .seconds(1)) -> WorkerFault {
    let end = ContinuousClock.now + patience
    while status == nil, !hasEnded, ContinuousClock.now < end { usleep(1000) }
    hasHungUp = hasHungUp || (status == nil && !hasEnded)
    kill()
    guard let status, !hasHungUp else { return .hungUp }
    // The lower seven bits are the signal, the next byte is the exit code.
    let number = status & 0x7F
    return number == 0 ? .exited((status >> 8) & 0xFF) : .killed(number)
  }

  /// Whether the process has ended; its status is left where it is.
  ///
  /// Until that is taken its number is no other's, so that the group can still be killed.
  private var hasEnded: Bool {
    var found = siginfo_t()
    let answer = waitid(P_PID, id_t(identifier), &found, WEXITED | WNOHANG | WNOWAIT)
    // Where that fails somebody else has taken the status.
    return answer == 0 ? found.si_signo == SIGCHLD : errno != EINTR
  }

  private func reap() -> Int32 {
    var found: Int32 = 0
    while true {
      if waitpid(identifier, &found, 0) == identifier { return found }
      // Somebody else has taken its status.
      if errno != EINTR { return 0 }
    }
  }
}

private func killGroup(_ identifier: pid_t) {
  _ = kill(-identifier, SIGKILL)
  _ = kill(identifier, SIGKILL)
}

/// Starts a program with some descriptors in some places, and signals as a program expects them.
private func spawn(
  _ path: String, _ arguments: [String], _ environment: [String], _ places: [(Int32, Int32)]
) -> (number: Int32, identifier: pid_t) {
  #if canImport(Darwin)
    var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?) = (nil, nil)
  #else
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  for (descriptor, place) in places { posix_spawn_file_actions_adddup2(&actions, descriptor, place) }
  var (none, usual) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  sigemptyset(&usual)
  for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&usual, number) }
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &usual)
  posix_spawnattr_setpgroup(&attributes, 0)
  let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
  posix_spawnattr_setflags(&attributes, Int16(flags))
  var identifier: pid_t = 0
  let number = withCStrings(arguments) { arguments in
    withCStrings(environment) { environment in
      posix_spawn(&identifier, path, &actions, &attributes, arguments, environment)
    }
  }
  return (number, identifier)
}

/// Calls a function with texts as C has them, followed by nil.
private func withCStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
