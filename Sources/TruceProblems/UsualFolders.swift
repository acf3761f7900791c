import Foundation
import TruceData
import TruceTasks

extension ProblemRequest {
  /// The folders in which data are looked for.
  var dataFolders: DataFolders { dataFolder.map { .usual(requested: $0.path) } ?? .usual() }

  /// The folder of a data set in the usual places.
  ///
  /// - Parameters:
  ///   - name: The folder's name.
  ///   - content: What lies in the folder that is meant; nil where the name is enough.
  ///   - fix: What to do where there is none.
  /// - Throws: `DataError` that names where it would be.
  func usualFolder(named name: String, holding content: String? = nil, fix: String) throws(DataError)
    -> String
  {
    let folders = dataFolders
    let inside = content.map { "/\($0)" } ?? ""
    let places = folders.paths.map { "\($0)/\(name)" }
    if let found = places.first(where: { FileManager.default.fileExists(atPath: $0 + inside) }) {
      return found
    }
    throw .missing(
      path: "\(folders.target)/\(name)\(inside)", fix: "\(fix) with the problem's option `data`")
  }
}
