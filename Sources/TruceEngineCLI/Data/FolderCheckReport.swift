import TruceData
import TruceFiles

/// A check of a folder, as `truce data check` tells of it.
protocol FolderCheck {
  /// What a sound folder holds.
  associatedtype Contents: Encodable
  /// The folder.
  var path: String { get }
  /// The first faults.
  var faults: [FileFault] { get }
  /// The number of faults.
  var faultCount: Int { get }
  /// What the folder holds; nil where it has a fault.
  var contents: Contents? { get }
  /// The layout in which the folder was read; nil where there is no choice.
  var layoutName: String? { get }

  /// What a sound folder holds, in words.
  func text(of contents: Contents) -> String
}

extension FolderCheck {
  var layoutName: String? { nil }
}

/// What `truce data check` says of a folder.
struct FolderCheckReport<Contents: Encodable>: Encodable {
  let folder: String
  let layout: String?
  let faultCount: Int
  let faults: [FaultReport]
  let contents: Contents?

  private enum CodingKeys: String, CodingKey { case folder, layout, faultCount, faults, contents }

  /// The faults, or what the folder holds.
  let text: String

  init<Check: FolderCheck>(_ check: Check) where Check.Contents == Contents {
    folder = check.path
    layout = check.layoutName
    faultCount = check.faultCount
    faults = check.faults.map(FaultReport.init)
    contents = check.contents
    text = check.contents.map(check.text(of:)) ?? check.faults.text(total: check.faultCount)
  }
}
