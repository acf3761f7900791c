import Foundation

/// The first error of several threads.
///
/// `@unchecked Sendable`, since every access to the error holds the lock.
final class FirstFailure: @unchecked Sendable {
  private let lock = NSLock()
  private var first: DataError?

  /// The error; nil as long as there is none.
  var error: DataError? { lock.withLock { first } }

  /// Keeps an error where it is the first.
  func note(_ error: DataError) {
    lock.withLock { first = first ?? error }
  }
}
