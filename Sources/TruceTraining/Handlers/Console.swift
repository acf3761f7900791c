public import Foundation
public import TruceRun

/// Where progress is shown, and whether that is a terminal.
///
/// What is shown is also logged, where there is a log; of a line that is drawn over, what a reader of a file needs.
public final class Console {
  /// Whether a line can be drawn over.
  public let isTerminal: Bool
  private let width: Int
  private let write: (String) -> Void
  private let log: RunLog?
  private let seconds: () -> Double
  private var isLineOpen = false
  private var lastLogged = -Double.infinity

  /// The seconds between two logged states of a line that is drawn over.
  private static let logInterval = 10.0

  /// Creates a console.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether a line can be drawn over.
  ///   - width: The characters of a line that can be drawn over.
  ///   - log: What keeps the text; nil for nothing.
  ///   - seconds: A clock.
  ///   - write: Takes the text.
  public init(
    isTerminal: Bool, width: Int = 80, log: RunLog? = nil,
    seconds: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime },
    write: @escaping (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.width = width
    self.log = log
    self.seconds = seconds
    self.write = write
  }

  /// The process's standard error, which leaves standard output to results.
  public static func standardError(log: RunLog? = nil) -> Console {
    let environment = ProcessInfo.processInfo.environment
    return Console(
      isTerminal: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
      width: terminalWidth(environment), log: log
    ) { text in StandardStreams.writeError(text) }
  }

  private static func terminalWidth(_ environment: [String: String]) -> Int {
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment["COLUMNS"].flatMap(Int.init) ?? 80
  }

  /// Replaces the open line on a terminal; elsewhere writes a line of its own.
  public func redraw(_ text: String) {
    if seconds() - lastLogged >= Self.logInterval {
      lastLogged = seconds()
      log?.append(text)
    }
    guard isTerminal else { return write(text + "\n") }
    write("\r\u{1B}[2K" + text.prefix(max(width - 1, 20)))
    isLineOpen = true
  }

  /// Writes a line that stays.
  public func line(_ text: String) {
    log?.append(text)
    write((isLineOpen ? "\r\u{1B}[2K" : "") + text + "\n")
    isLineOpen = false
  }

  /// Ends an open line.
  public func finishLine() {
    if isLineOpen { write("\r\u{1B}[2K") }
    isLineOpen = false
  }
}

/// Shares for people.
enum Text {
  /// A bar filled to a share in [0, 1].
  static func bar(_ share: Double, width: Int) -> String {
    let filled = Int((min(max(share, 0), 1) * Double(width)).rounded())
    return "[" + String(repeating: "#", count: filled) + String(repeating: "·", count: width - filled) + "]"
  }
}
