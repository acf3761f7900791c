public import Foundation

/// Where the running program lies.
public enum ProgramLocation {
  /// The program, links resolved.
  public static var program: URL {
    let running = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments.first ?? "")
    return running.resolvingSymlinksInPath()
  }

  /// The folder of Truce's sources in which the program was built; nil where it was installed elsewhere.
  public static var packageFolder: URL? { packageFolder(of: program) }

  static func packageFolder(of program: URL) -> URL? {
    var folder = program.deletingLastPathComponent()
    while folder.pathComponents.count > 1 {
      let marks = ["Package.swift", "Scripts/setup"].map { folder.appending(path: $0).path }
      if marks.allSatisfy(FileManager.default.fileExists) { return folder.standardizedFileURL }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}
