#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the process was asked to stop by SIGINT, SIGTERM or SIGHUP.
///
/// A program that watches is no longer ended by these signals: it looks at ``requests`` between two pieces
/// of work, saves what it has and ends with ``ExitStatus/interrupted``. A signal that was ignored when the program
/// started, as `nohup` or a shell's `&` leave it, stays ignored.
public enum Interruption {
  /// The signals that ask a program to stop.
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  // A signal belongs to the whole process, and its handler may touch nothing but such variables.
  private nonisolated(unsafe) static var count: sig_atomic_t = 0
  private nonisolated(unsafe) static var last: sig_atomic_t = 0

  /// Starts counting the requests to stop; once it counts, nothing changes.
  ///
  /// Child processes begin with the signals' usual effect, as handlers do not outlive `exec`.
  public static func watch() {
    for number in signals where !isIgnored(number) {
      signal(number) { number in
        Interruption.count += 1
        Interruption.last = sig_atomic_t(number)
      }
    }
  }

  /// Gives the signals their usual effect back, which one that has arrived meanwhile then has.
  public static func stopWatching() {
    for number in signals where !isIgnored(number) { signal(number, SIG_DFL) }
    if count > 0 { kill(getpid(), Int32(last)) }
  }

  /// Whether the process pays no attention to a signal.
  public static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #elseif canImport(Musl)
      let handler = action.__sa_handler.sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Holds all signals back in this thread, and in the program by which it replaces the process, until either lets
  /// them through.
  public static func holdSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, nil)
  }

  /// Lets all signals through, those that were held back meanwhile at once.
  public static func releaseSignals() {
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// Calls a function that starts a child process, so that the child can be reached by signals.
  ///
  /// The threads of Swift's pool block all signals, and a child inherits that from the thread that starts it.
  package static func withSignalsUnblocked<Value>(_ body: () throws -> Value) rethrows -> Value {
    var none = sigset_t()
    var old = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &old)
    defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
    return try body()
  }

  /// How often the process was asked to stop since it began to watch.
  public static var requests: Int { Int(count) }
}
