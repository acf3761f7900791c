public import ArgumentParser
import Foundation

/// The studies that a shell offers where one is to be named: folders below `runs`, study files, and what else the word
/// begins to name.
public enum StudyNames {
  /// The completion of an argument that names a study's folder or file.
  public static let completion = CompletionKind.custom { _, _, prefix in
    offers(for: prefix, in: FileManager.default.currentDirectoryPath)
  }

  /// The completion of an argument that names a study file.
  public static let fileCompletion = CompletionKind.custom { _, _, prefix in
    offers(for: prefix, in: FileManager.default.currentDirectoryPath).filter {
      !$0.hasPrefix("runs/") || isStudyFile($0)
    }
  }

  /// The paths that begin with a prefix, in alphabetical order.
  static func offers(for prefix: String, in folder: String) -> [String] {
    let started = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let found = studies(in: folder) + children(of: started, in: folder)
    return Set(found.filter { $0.hasPrefix(prefix) }).sorted()
  }

  /// Folders of studies below `runs`, and study files here and in `Studies`.
  private static func studies(in folder: String) -> [String] {
    children(of: "runs/", in: folder).filter { isFile("\(folder)/\($0)study.yaml") }
      + (children(of: "", in: folder) + children(of: "Studies/", in: folder)).filter(isStudyFile)
  }

  /// Folders, with a slash behind them, and study files in a folder.
  private static func children(of place: String, in folder: String) -> [String] {
    let path = place.hasPrefix("/") ? place : "\(folder)/\(place)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.compactMap { name in
      if isFolder("\(path)/\(name)") { return "\(place)\(name)/" }
      return isStudyFile(name) ? place + name : nil
    }
  }

  private static func isStudyFile(_ name: String) -> Bool {
    name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }
}
