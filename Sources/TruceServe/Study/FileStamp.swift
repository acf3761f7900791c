import Foundation

/// What tells a file apart from the one that replaced it, without reading either.
struct FileStamp: Equatable {
  private let modified: Date?
  private let size: Int?
  private let number: Int?

  /// Looks at a file; nil where there is none.
  init?(of file: URL) {
    guard let values = try? FileManager.default.attributesOfItem(atPath: file.path) else { return nil }
    modified = values[.modificationDate] as? Date
    size = values[.size] as? Int
    number = values[.systemFileNumber] as? Int
  }
}
