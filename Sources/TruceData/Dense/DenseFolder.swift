import Foundation
import TruceFiles

/// A folder of pictures and maps in the layout of the release of MTAN, found and compared; the pixels are read when
/// asked for.
public struct DenseFolder: Sendable {
  /// The two halves, as their folders are called.
  public enum Part: String, CaseIterable, Codable, Sendable {
    /// The pictures to learn from.
    case train
    /// The pictures to report on.
    case val
  }

  /// The files of one half.
  struct Files: Sendable {
    /// The folder of the pictures.
    let images: String
    /// The folder of each map, in the layout's order.
    let maps: [String]
    /// The names that all folders have, in the order of their numbers.
    let names: [String]
  }

  /// The folder that holds `train` and `val`.
  public let root: String
  /// Which maps there are.
  public let layout: DenseLayout
  private let parts: [Part: Files]

  /// Finds the files.
  ///
  /// - Parameters:
  ///   - root: The folder that holds `train` and `val`.
  ///   - layout: Which maps there are.
  ///   - faults: Receives every folder that is missing and every file that has no counterpart.
  /// - Returns: Nil where anything is wrong.
  public init?(_ root: String, _ layout: DenseLayout, noting faults: FaultList) {
    self.root = root
    self.layout = layout
    faults.attempting { () throws(FileFault) in try Self.checkRoot(root, layout) }
    guard faults.isEmpty else { return nil }
    var parts: [Part: Files] = [:]
    for part in Part.allCases {
      parts[part] = DensePartReader(folder: "\(root)/\(part.rawValue)", layout: layout, faults: faults)
        .files()
    }
    guard faults.isEmpty else { return nil }
    self.parts = parts
  }

  /// Finds the files, and compares their numbers and the halves' sizes.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with everything that is wrong.
  public init(_ root: String, _ layout: DenseLayout) throws(DataError) {
    let faults = FaultList()
    let folder = DenseFolder(root, layout, noting: faults)
    folder?.compare(noting: faults)
    guard let folder, faults.isEmpty else { throw .faults(faults.faults, total: faults.total) }
    self = folder
  }

  /// Compares the numbers and the sizes of the pictures: the halves with each other, and both with the record of their
  /// preparation where there is one.
  func compare(noting faults: FaultList) { DenseSizes(root: root, parts: parts).compare(noting: faults) }

  private static func checkRoot(_ root: String, _ layout: DenseLayout) throws(FileFault) {
    guard isFolder(root) else {
      throw FileFault(
        kind: .missing, path: root, reason: "there is no such folder", help: layout.origin)
    }
    guard let record = try PreparationRecord.read(from: root), !record.isComplete else { return }
    throw FileFault(
      path: root, reason: "its preparation was not finished",
      help: "run the command that prepared it once more: it goes on where it stopped")
  }

  /// The examples of one half.
  public func samples(of part: Part) -> DenseSamples {
    guard let files = parts[part] else { preconditionFailure("a folder without \(part.rawValue)") }
    return DenseSamples(files, layout)
  }

  /// The layout that a folder seems to have: the one its record names, or the one whose maps are there, which is
  /// Cityscapes' where neither half has normals.
  public static func likelyLayout(of root: String) -> DenseLayout {
    if let record = try? PreparationRecord.read(from: root),
      let known = DenseLayout.all.first(where: { $0.name == record.dataset })
    {
      return known
    }
    let has = { (folder: String) in Part.allCases.contains { isFolder("\(root)/\($0.rawValue)/\(folder)") } }
    return !has("normal") && (has("label_7") || has("label")) ? .cityscapes : .nyuv2
  }
}

/// Finds the files of one half and compares the folders.
private struct DensePartReader {
  let folder: String
  let layout: DenseLayout
  let faults: FaultList

  func files() -> DenseFolder.Files? {
    guard isFolder(folder) else {
      missing(folder)
      return nil
    }
    let images = "\(folder)/\(DenseLayout.imageFolder)"
    guard let names = names(in: images) else { return nil }
    let maps = layout.maps.compactMap { self.folder(of: $0) }
    for map in maps { compare(map, with: names) }
    guard maps.count == layout.maps.count else { return nil }
    return DenseFolder.Files(images: images, maps: maps, names: names)
  }

  private func folder(of map: DenseMap) -> String? {
    let paths = map.folders.map { "\(folder)/\($0)" }
    guard let path = paths.first(where: isFolder) else {
      missing(paths[0], other: map.folders.dropFirst().first, task: map.task)
      return nil
    }
    return path
  }

  private func missing(_ path: String, other: String? = nil, task: String? = nil) {
    let alternative = other.map { ", nor one called \($0)" } ?? ""
    let fix = task.map { "copy it again, or leave the task \($0) out" } ?? layout.origin
    faults.append(
      FileFault(kind: .missing, path: path, reason: "there is no such folder\(alternative)", help: fix))
  }

  /// The names of the files that are numbered, in the order of their numbers; nil where there are none.
  private func names(in path: String) -> [String]? {
    guard isFolder(path) else {
      missing(path)
      return nil
    }
    let names = Self.numbered(in: path)
    if names.isEmpty {
      faults.append(
        FileFault(
          path: path, reason: "it has no files 0.npy, 1.npy, …", help: "copy the folder again, with its files"
        ))
    }
    return names.isEmpty ? nil : names
  }

  private static func numbered(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let numbered = names.compactMap { name -> (Int, String)? in
      guard name.hasSuffix(".npy"), let number = Int(name.dropLast(4)), number >= 0 else { return nil }
      return (number, name)
    }
    return numbered.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
  }

  private func compare(_ path: String, with images: [String]) {
    let found = Self.numbered(in: path)
    let (missing, extra) = (difference(images, found), difference(found, images))
    if !missing.isEmpty {
      faults.append(
        FileFault(
          path: path,
          reason:
            "it lacks \(list(missing)) of the \(images.count) files that \(DenseLayout.imageFolder) has",
          help: "the folder was copied in part: copy it again"))
    }
    if !extra.isEmpty {
      faults.append(
        FileFault(
          path: path, reason: "it has \(list(extra)), which \(DenseLayout.imageFolder) lacks",
          help: "copy the folder \(DenseLayout.imageFolder) again, or remove what does not belong here"))
    }
  }

  private func difference(_ some: [String], _ others: [String]) -> [String] {
    let others = Set(others)
    return some.filter { !others.contains($0) }
  }

  private func list(_ names: [String]) -> String {
    names.count > 3
      ? "\(names.count) files (\(names[0]), \(names[1]), …)" : names.joined(separator: ", ")
  }
}
