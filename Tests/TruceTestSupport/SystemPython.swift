public import Foundation

/// The Python of this machine, for tests of what runs in one; no package is expected of it.
public enum SystemPython {
  /// Where it lies; nil where there is none on the search path.
  public static let location: URL? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let programs = folders.map { URL(filePath: "\($0)/python3") }
    guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }),
      // What is found may be a script that looks for the real one each time.
      let asked = try? BuiltCommand(at: program).run(["-c", "import sys; print(sys.executable)"]),
      asked.status == 0
    else { return nil }
    return URL(filePath: asked.output.trimmingCharacters(in: .newlines))
  }()

  /// Whether there is one.
  public static let isThere = location != nil
  /// What a skipped test says.
  public static let missing =
    "there is no python3 on the search path: install Python 3.10 or newer"
}

/// Whether there is a process of this number that has not ended; one that nobody asks for its status has.
public func isAlive(_ process: Int32) -> Bool {
  guard kill(process, 0) == 0 else { return false }
  let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
  return status?.split(separator: ")").last?.hasPrefix(" Z") != true
}
