import Foundation

extension BuiltCommand {
  private static let setpriv = "/usr/bin/setpriv"
  private static let isRoot = getuid() == 0

  /// Whether a program can be run by a user whom permissions of files stop.
  public static var canRunUnprivileged: Bool {
    !isRoot || FileManager.default.isExecutableFile(atPath: setpriv)
  }

  /// Runs the program to its end as a user whom permissions of files stop: this one, or one without rights in place of
  /// root.
  public func runUnprivileged(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    guard Self.isRoot else { return try run(arguments, environment: environment) }
    let words = ["--reuid=65534", "--regid=65534", "--clear-groups", location.path] + arguments
    return try BuiltCommand(at: URL(filePath: Self.setpriv)).run(words, environment: environment)
  }
}
