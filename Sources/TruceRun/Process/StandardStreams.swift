#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three streams that a process begins with.
public enum StandardStreams {
  /// Puts something in the place of streams that were closed when the process started.
  ///
  /// Otherwise the first file that is opened would take the place, and get what is meant for the terminal. Reading and
  /// writing still fail, since each is opened the other way round.
  public static func open() {
    for (stream, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)] {
      guard fcntl(stream, F_GETFD) < 0, errno == EBADF else { continue }
      // The lowest free number is taken, and those below this one are in use.
      _ = openDevice(mode)
    }
  }

  private static func openDevice(_ mode: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.open("/dev/null", mode)
    #elseif canImport(Musl)
      Musl.open("/dev/null", mode)
    #else
      Darwin.open("/dev/null", mode)
    #endif
  }

  /// Writes text to standard error; what cannot be written, because the stream is closed or its disk is full, is
  /// dropped.
  ///
  /// Nothing that is told may decide how a program ends.
  public static func writeError(_ text: String) {
    withoutPipeSignal { write(Array(text.utf8), to: STDERR_FILENO) }
  }

  /// Writes text to standard output at once, for a reader who waits for it; what cannot be written is dropped.
  public static func writeOutput(_ text: String) {
    fflush(nil)
    withoutPipeSignal { write(Array(text.utf8), to: STDOUT_FILENO) }
  }

  private static func write(_ bytes: [UInt8], to stream: Int32) {
    var remaining = bytes[...]
    while !remaining.isEmpty {
      let count = remaining.withUnsafeBytes { writeSome($0, to: stream) }
      if count >= 0 {
        remaining = remaining.dropFirst(count)
      } else if errno == EAGAIN {
        var place = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        guard poll(&place, 1, 1000) > 0 else { return }
      } else if errno != EINTR {
        return
      }
    }
  }

  private static func writeSome(_ bytes: UnsafeRawBufferPointer, to stream: Int32) -> Int {
    #if canImport(Glibc)
      Glibc.write(stream, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(stream, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(stream, bytes.baseAddress, bytes.count)
    #endif
  }

  /// Calls a function in which a pipe without a reader is an error and not a signal.
  package static func withoutPipeSignal<Value>(_ body: () -> Value) -> Value {
    var pipe = sigset_t()
    var old = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &old)
    let value = body()
    sigpending(&pending)
    if !wasPending, sigismember(&pending, SIGPIPE) == 1 {
      var number: Int32 = 0
      sigwait(&pipe, &number)
    }
    pthread_sigmask(SIG_SETMASK, &old, nil)
    return value
  }
}
