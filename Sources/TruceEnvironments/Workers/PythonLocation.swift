public import Foundation
import TruceRun

/// Where the Python lies that runs environments.
public struct PythonLocation: Equatable, Sendable {
  /// How it was found.
  public enum Origin: String, Codable, Sendable {
    /// `TRUCE_RL_PYTHON` names it.
    case variable
    /// `Scripts/setup rl` made it.
    case setup
    /// It is the `python3` on the search path.
    case searchPath
  }

  /// The program.
  public let program: URL
  /// How it was found.
  public let origin: Origin

  /// Creates a location.
  public init(program: URL, origin: Origin) {
    self.program = program
    self.origin = origin
  }

  /// The variable that names a Python.
  public static let variable = "TRUCE_RL_PYTHON"

  /// Looks for Python: where `TRUCE_RL_PYTHON` says, or else in `.truce/rl` of some folders.
  ///
  /// - Parameters:
  ///   - family: What needs it, for the message.
  ///   - environment: The environment of this process.
  ///   - folders: The folders; by default the one of work and the one that Truce was built in.
  ///   - takesAny: Whether the `python3` on the search path will do, for what needs no package.
  /// - Throws: ``EnvironmentError/noPython(family:searched:)``.
  public static func found(
    for family: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    folders: [URL] = usualFolders, takingAny takesAny: Bool = false
  ) throws(EnvironmentError) -> PythonLocation {
    if let named = environment[variable], !named.isEmpty {
      let location = PythonLocation(program: URL(filePath: named), origin: .variable)
      guard location.isThere else { throw .noPython(family: family, searched: [named]) }
      return location
    }
    let made = folders.map {
      PythonLocation(program: $0.appending(path: ".truce/rl/bin/python3"), origin: .setup)
    }
    let paths = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let others = paths.map {
      PythonLocation(program: URL(filePath: $0).appending(path: "python3"), origin: .searchPath)
    }
    if let found = (made + (takesAny ? others : [])).first(where: \.isThere) { return found }
    throw .noPython(family: family, searched: made.map { $0.program.path(percentEncoded: false) })
  }

  /// The folder of work and the folder that Truce was built in.
  public static var usualFolders: [URL] {
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    return [here, ProgramLocation.packageFolder].compactMap { $0?.standardizedFileURL }
      .reduce(into: []) { folders, folder in
        if !folders.contains(where: { $0.path == folder.path }) { folders.append(folder) }
      }
  }

  private var isThere: Bool {
    FileManager.default.isExecutableFile(atPath: program.path(percentEncoded: false))
  }
}
