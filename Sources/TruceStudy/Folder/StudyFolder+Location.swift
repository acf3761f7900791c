import Foundation

extension StudyFolder {
  /// Where a study lives unless it is told otherwise: `runs/<name>`.
  public static func standard(for plan: StudyPlan) -> StudyFolder {
    StudyFolder(URL(filePath: "runs").appending(path: plan.file.name))
  }

  /// The folder that a user means by the name of a study's folder or file.
  ///
  /// - Throws: What is wrong with the study file, where it is one that is named.
  public init(named name: String) throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
    self =
      exists && !isFolder.boolValue
      ? .standard(for: try StudyPlan(contentsOf: URL(filePath: name))) : StudyFolder(URL(filePath: name))
  }
}
