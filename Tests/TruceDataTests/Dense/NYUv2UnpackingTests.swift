import Foundation
import Testing
import TruceTestSupport

@testable import TruceData

/// A Python with the packages of `Tools/unpack-nyuv2.py`, where this machine has one.
private enum Python {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let tool = package.appending(path: "Tools/unpack-nyuv2.py").path
  static let missing: Comment = "no python3 with h5py, scipy and Pillow: run Scripts/install-test-tools"

  /// The interpreter; nil where there is none.
  static let interpreter: URL? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let places = [package.appending(path: ".truce/test-venv/bin").path] + folders
    return places.map { URL(filePath: "\($0)/python3") }.first { place in
      guard FileManager.default.isExecutableFile(atPath: place.path) else { return false }
      return (try? BuiltCommand(at: place).run(["-c", "import h5py, numpy, scipy.io, PIL"]))?.status == 0
    }
  }()

  static func run(_ arguments: [String]) throws -> BuiltCommand.Result {
    try BuiltCommand(at: #require(interpreter)).run(arguments)
  }
}

@Suite("Taking NYUv2's labelled file apart", .enabled(if: Python.interpreter != nil, Python.missing))
struct NYUv2UnpackingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes three pictures of 6 × 8 pixels with MATLAB's order of axes, and the files beside them.
  private func writeOriginals() throws {
    let script = """
      import sys, h5py, numpy
      from scipy.io import savemat
      place = numpy.arange(48).reshape(6, 8)
      with h5py.File(sys.argv[1] + "/nyu_depth_v2_labeled.mat", "w") as file:
          pictures = [numpy.stack([place + n, 2 * place, 255 - place]) for n in range(3)]
          file["images"] = numpy.stack([p.transpose(0, 2, 1) for p in pictures]).astype("uint8")
          file["depths"] = numpy.stack([(place / 4 + n).T for n in range(3)]).astype("float32")
          file["labels"] = numpy.stack([(place % 6 if n == 1 else place * 0).T for n in range(3)]).astype("uint16")
      savemat(sys.argv[1] + "/splits.mat", {"trainNdxs": [[3], [1]], "testNdxs": [[2]]})
      savemat(sys.argv[1] + "/classMapping40.mat", {"mapClass": [[40, 3, 3, 22, 5]]})
      savemat(sys.argv[1] + "/class13Mapping.mat", {"classMapping13": {"labels13": [[n % 13 + 1 for n in range(40)]]}})
      """
    let result = try Python.run(["-c", script, folder.path])
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("gives pictures, depths, classes and the official split, which are read as they are")
  func whole() throws {
    try writeOriginals()
    let result = try Python.run([Python.tool, folder.path, folder.path + "/unpacked"])
    #expect(result.status == 0, "\(result.errors)")
    let originals = try NYUv2Originals(
      in: folder.path + "/unpacked", unpackingInto: folder.path + "/unpacked/.unpacked")
    #expect(originals.numbers == [.train: [3, 1], .val: [2]])
    #expect(originals.classes == [-1] + (0..<40).map { $0 % 13 })
    let places = (0..<48).map { UInt8($0) }
    let picture = try originals.picture(2)
    #expect((picture.height, picture.width) == (6, 8))
    #expect(picture.samples == places.flatMap { [$0 + 1, 2 * $0, 255 - $0] })
    // 25.5 steps a metre, rounded to the even one where two are as near, and no more than 255.
    #expect(
      try originals.depth(1).samples
        == places.map { UInt8(min((Double($0) / 4 * 25.5).rounded(.toNearestOrEven), 255)) })
    #expect(try originals.labels(2).samples == places.map { [0, 40, 3, 3, 22, 5][Int($0) % 6] })
    #expect(try originals.labels(1).samples == places.map { _ in 0 })
  }

  @Test("names what is missing or of another kind, with the fix")
  func faults() throws {
    func errors() throws -> String {
      let result = try Python.run([Python.tool, folder.path, folder.path + "/unpacked"])
      #expect(result.status == 1)
      return result.errors.replacing(folder.path + "/", with: "")
    }
    try writeOriginals()
    try folder.write("nyu_depth_v2_labeled.mat", [1, 2, 3])
    #expect(
      try errors() == """
        unpack-nyuv2: nyu_depth_v2_labeled.mat: it is no HDF5 file, or was copied in part
          help: get the file again

        """)
    try FileManager.default.removeItem(atPath: folder.path + "/classMapping40.mat")
    #expect(try errors().hasPrefix("unpack-nyuv2: classMapping40.mat: there is no such file\n  help: "))
    try FileManager.default.copyItem(
      atPath: folder.path + "/splits.mat", toPath: folder.path + "/classMapping40.mat")
    #expect(
      try errors().hasPrefix("unpack-nyuv2: classMapping40.mat: it holds no 'mapClass' as MATLAB's version 5")
    )
  }
}
