import Foundation
import TruceRun

/// What a program does when it meets a defect of its own.
enum CrashReport {
  /// The signals by which a defect ends a process, for which Swift's runtime starts a program that draws up a report.
  private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT]

  /// Leaves Swift's report out of optimised programs, where it takes many seconds and names no lines, unless
  /// `SWIFT_BACKTRACE` says something about it.
  static func leaveOutUnlessAsked() {
    #if !DEBUG
      guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] == nil else { return }
      for number in signals where !Interruption.isIgnored(number) { signal(number, SIG_DFL) }
    #endif
  }
}
