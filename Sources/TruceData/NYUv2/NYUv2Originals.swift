import Foundation
import TruceFiles

/// NYUv2's pictures, depths and labels as a user has them: three archives or folders, the split and the map of classes.
///
/// | name | what |
/// |---|---|
/// | `…rgb….tar.xz`, or a folder `rgb` | 1449 pictures, 0001.jpg … 1449.jpg or PNG |
/// | `…depth….tar.xz`, or a folder `depth` | depths as grey PNG, 255 being 10 m |
/// | `…label40….tar.xz`, or a folder `label40` | the 40 classes as grey PNG, 0 for none |
/// | `split_train_795.txt`, `split_test_654.txt` | the numbers of the official split, one a line |
/// | `map40to13.json` | the 13 classes of each of the 40, under `map`, from 1 on |
public final class NYUv2Originals: Sendable {
  /// The kinds of pictures.
  enum Kind: String, CaseIterable {
    case rgb, depth, label40
  }

  /// The numbers of the pictures to learn from and to report on.
  public let numbers: [DenseFolder.Part: [Int]]
  /// The class 0 … 12 of each of the 40 classes, -1 for the first, which is none.
  let classes: [Int]
  /// The files that were read, by name and sum.
  public let sources: [PreparationRecord.Source]
  private let folders: [Kind: String]
  private let scratch: String

  /// Finds the files, and unpacks what is packed.
  ///
  /// - Parameters:
  ///   - folder: The folder with the files.
  ///   - scratch: A folder for unpacked pictures, which is removed when the value is let go.
  ///   - tools: Runs `tar`.
  /// - Throws: ``DataError`` that names the file and the fix.
  public init(
    in folder: String, unpackingInto scratch: String, tools: any ToolRunner = ProcessRunner()
  ) throws(DataError) {
    try Self.refuseMATLAB(in: folder)
    let reader = NYUv2Reader(folder: folder)
    numbers = [
      .train: try reader.numbers("split_train_795.txt"), .val: try reader.numbers("split_test_654.txt"),
    ]
    classes = try reader.classes("map40to13.json")
    var sources: [PreparationRecord.Source] = []
    for name in ["split_train_795.txt", "split_test_654.txt", "map40to13.json"] {
      sources.append(try reader.source(name))
    }
    var folders: [Kind: String] = [:]
    self.scratch = scratch
    for kind in Kind.allCases {
      guard let archive = try reader.archive(of: kind) else {
        folders[kind] = try reader.unpackedFolder(of: kind)
        continue
      }
      sources.append(try reader.source(URL(filePath: archive).lastPathComponent))
      folders[kind] = try Self.unpacked(archive, kind, into: scratch, tools)
    }
    self.sources = sources
    self.folders = folders
  }

  deinit { try? FileManager.default.removeItem(atPath: scratch) }

  /// The labelled file of the data set's site is HDF5, and a library for that one file would burden every build.
  private static func refuseMATLAB(in folder: String) throws(DataError) {
    let name = "nyu_depth_v2_labeled.mat"
    let path = folder.hasSuffix(".mat") ? folder : "\(folder)/\(name)"
    if isThere(path), !isThere("\(folder)/map40to13.json") {
      throw .faults(
        [
          FileFault(
            path: path, reason: "a MATLAB file of version 7.3 is HDF5, which Truce does not read",
            help:
              "take it apart with `Tools/unpack-nyuv2.py` (Python with h5py) and give the folder that it makes after "
              + "--from, or get the release of MTAN, which needs no preparation")
        ], total: 1)
    }
    guard isFolder(folder) else {
      throw .missing(path: folder, fix: "give the folder with NYUv2's files after --from")
    }
  }

  private static func unpacked(
    _ archive: String, _ kind: Kind, into scratch: String, _ tools: any ToolRunner
  ) throws(DataError) -> String {
    let target = "\(scratch)/\(kind.rawValue)"
    try Place.makeFolder(target)
    do throws(OriginFailure) {
      // Both paths may start from the folder one works in.
      _ = try tools.run(
        ["tar", "-xf", archive, "-C", target], in: FileManager.default.currentDirectoryPath)
    } catch {
      throw .damaged(
        path: archive,
        reason: "tar cannot unpack it (\(error.reason)); it needs tar and, for .tar.xz, xz-utils")
    }
    guard let found = NYUv2Reader.folder(named: kind.rawValue, under: target) else {
      throw .foreign(path: archive, reason: "it holds no folder '\(kind.rawValue)'")
    }
    return found
  }

  // MARK: Pictures

  /// The picture of a number.
  func picture(_ number: Int) throws(DataError) -> Picture<UInt8> {
    try read(.rgb, number, ["jpg", "png", "jpeg"]) { (path) throws(FileFault) in
      try PictureFile.read(path).converted(toChannels: 3)
    }
  }

  /// The depth of a number in metres, 0 for none, with its height and width.
  func depth(_ number: Int) throws(DataError) -> Picture<UInt8> {
    try read(.depth, number, ["png"]) { (path) throws(FileFault) in try Self.grey(path) }
  }

  /// The classes 0 … 40 of a number.
  func labels(_ number: Int) throws(DataError) -> Picture<UInt8> {
    try read(.label40, number, ["png"]) { (path) throws(FileFault) in
      let picture = try Self.grey(path)
      guard let place = picture.samples.firstIndex(where: { $0 > 40 }) else { return picture }
      throw FileFault(
        path: path, reason: "the label \(picture.samples[place]), where the classes are 0 … 40",
        help: "give the labels of the 40 classes")
    }
  }

  /// A grey picture of eight bits.
  private static func grey(_ path: String) throws(FileFault) -> Picture<UInt8> {
    let deep = try PictureFile.readDeep(path)
    guard deep.channels == 1, deep.samples.allSatisfy({ $0 < 256 }) else {
      throw FileFault(
        path: path, reason: "it is no grey picture of eight bits",
        help: "convert it to a grey PNG of eight bits")
    }
    return Picture(
      height: deep.height, width: deep.width, channels: 1, samples: deep.samples.map { UInt8($0) })
  }

  private func read<Pixels>(
    _ kind: Kind, _ number: Int, _ endings: [String], _ body: (String) throws(FileFault) -> Pixels
  ) throws(DataError) -> Pixels {
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let paths = endings.map { "\(folders[kind] ?? "")/\(name).\($0)" }
    guard let path = paths.first(where: isThere) else {
      throw .missing(path: paths[0], fix: "the split names it: get the archive of '\(kind.rawValue)' again")
    }
    do throws(FileFault) { return try body(path) } catch { throw .faults([error], total: 1) }
  }
}

/// Finds the parts of NYUv2 in a folder.
struct NYUv2Reader {
  let folder: String

  func source(_ name: String) throws(DataError) -> PreparationRecord.Source {
    PreparationRecord.Source(file: name, sha256: try Checksum.sha256(ofFile: "\(folder)/\(name)"))
  }

  private func text(_ name: String) throws(DataError) -> String {
    let path = "\(folder)/\(name)"
    guard isThere(path) else { throw .missing(path: path, fix: "copy it beside the archives") }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .unreadable(path: path, reason: "it is no text")
    }
    return text
  }

  /// Whole numbers, one a line, each once.
  func numbers(_ name: String) throws(DataError) -> [Int] {
    let lines = try text(name).split(whereSeparator: \.isWhitespace)
    let numbers = lines.compactMap { Int($0) }
    guard !numbers.isEmpty, numbers.count == lines.count, Set(numbers).count == numbers.count,
      numbers.allSatisfy({ $0 > 0 })
    else {
      throw .damaged(path: "\(folder)/\(name)", reason: "it is no list of numbers, each once, from 1 on")
    }
    return numbers
  }

  /// The class of each of the 40 classes, counted from 0, and -1 for none in front.
  func classes(_ name: String) throws(DataError) -> [Int] {
    struct File: Decodable { let map: [String: Int] }
    let file = try? JSONDecoder().decode(File.self, from: Data(text(name).utf8))
    let classes = (1...40).map { file?.map["\($0)"] ?? 0 }
    guard classes.allSatisfy({ (1...DenseLayout.indoorClasses.count).contains($0) }) else {
      throw .damaged(
        path: "\(folder)/\(name)", reason: "its 'map' does not give each of 1 … 40 a class 1 … 13")
    }
    return [DenseMap.ignoredLabel] + classes.map { $0 - 1 }
  }

  /// The archive of a kind; nil where there is none.
  func archive(of kind: NYUv2Originals.Kind) throws(DataError) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let endings = [".tar.xz", ".tar.gz", ".tar.bz2", ".tar"]
    let found = names.sorted().filter { name in
      name.contains(kind.rawValue) && endings.contains { name.hasSuffix($0) }
    }
    guard found.count < 2 else {
      throw .foreign(
        path: folder, reason: "several archives of '\(kind.rawValue)': \(found.joined(separator: ", "))")
    }
    return found.first.map { "\(folder)/\($0)" }
  }

  func unpackedFolder(of kind: NYUv2Originals.Kind) throws(DataError) -> String {
    if let found = Self.folder(named: kind.rawValue, under: folder) { return found }
    throw .missing(
      path: "\(folder)/\(kind.rawValue)",
      fix: "copy the folder there, or an archive with '\(kind.rawValue)' in its name")
  }

  /// A folder of this name, or in the only folder there is.
  static func folder(named name: String, under root: String) -> String? {
    if isFolder("\(root)/\(name)") { return "\(root)/\(name)" }
    let inner = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
    return inner.map { "\(root)/\($0)/\(name)" }.first(where: isFolder)
  }
}
