import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

@Suite("Rooms")
struct RoomsTests {
  private func rooms(seed: UInt64 = 3) throws -> RoomsPreparation {
    try RoomsPreparation(train: 3, val: 2, height: 48, width: 64, seed: seed)
  }

  @Test("follow from the seed, the half and the number alone")
  func determinism() throws {
    let one = try rooms().example(.train, 1)
    #expect(try rooms().example(.train, 1).maps == one.maps && rooms().example(.train, 1).image == one.image)
    #expect(try rooms().example(.train, 2).maps != one.maps)
    #expect(try rooms().example(.val, 1).maps != one.maps)
    #expect(try rooms(seed: 4).example(.train, 1).maps != one.maps)
  }

  @Test("have classes, metres, unit normals on the camera's side, and holes")
  func values() throws {
    var (classes, holes) = (Set<Float>(), 0)
    for number in 0..<12 {
      let example = try rooms().example(.train, number)
      #expect(example.image.count == 3 * 48 * 64 && example.image.allSatisfy { (0...1).contains($0) })
      classes.formUnion(example.maps[0])
      holes += example.maps[1].count { $0 == 0 }
      #expect(example.maps[1].allSatisfy { $0 == 0 || (0.05...12).contains($0) })
      let normals = example.maps[2]
      #expect(
        (0..<(48 * 64)).allSatisfy { pixel in
          let n = normals[(3 * pixel)..<(3 * pixel + 3)]
          return abs(n.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4
        })
    }
    #expect(classes.isSubset(of: Set((-1...12).map { Float($0) })) && classes.count > 9)
    #expect(holes > 0 && holes < 12 * 48 * 64 / 10)
  }

  @Test("are exact: depths of a surface lie on the plane that its normal names")
  func planes() throws {
    for number in 0..<6 {
      let example = try rooms().example(.val, number)
      let (depths, normals) = (example.maps[1], example.maps[2])
      let focal = 0.81 * 64
      func point(_ row: Int, _ column: Int) -> [Double] {
        let z = Double(depths[row * 64 + column])
        return [(Double(column) - 31.5) / focal * z, (Double(row) - 23.5) / focal * z, z]
      }
      var planar = 0
      for row in 0..<47 {
        for column in 0..<63 {
          let (here, there) = (row * 64 + column, (row + 1) * 64 + column + 1)
          let n = (0..<3).map { Double(normals[3 * here + $0]) }
          let isSame = (0..<3).allSatisfy { abs(normals[3 * here + $0] - normals[3 * there + $0]) < 1e-6 }
          let (a, b) = (point(row, column), point(row + 1, column + 1))
          guard isSame, depths[here] > 0, depths[there] > 0, example.maps[0][here] == example.maps[0][there]
          else { continue }
          // The normal points to the camera's side of the surface.
          #expect(zip(n, a).reduce(0) { $0 + $1.0 * $1.1 } < 1e-4)
          let off = zip(n, zip(a, b)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
          if abs(off) < 2e-3 { planar += 1 }
        }
      }
      // Two surfaces that are parallel and of one class are rare.
      #expect(planar > 1500, "only \(planar) pairs of neighbours lie on their plane")
    }
  }

  @Test("are made in a folder like NYUv2's, once, and are found again")
  func folders() throws {
    let folder = try TemporaryFolder()
    let made = try rooms().made(in: folder.path)
    let data = try DenseFolder(made, .rooms)
    #expect(data.samples(of: .train).count == 3 && data.samples(of: .val).count == 2)
    let sample = try data.samples(of: .val).sample(at: 1)
    #expect(try sample.targets[1].values.elements(as: Float.self) == rooms().example(.val, 1).maps[1])
    #expect(DenseFolder.likelyLayout(of: made) == .rooms)
    let camera = try String(contentsOfFile: made + "/camera.json", encoding: .utf8)
    #expect(camera.contains("\"cx\" : 31.5"))
    #expect(try rooms().made(in: folder.path) == made)
    // What is missing of a folder that was stopped is made.
    var record = try #require(try PreparationRecord.read(from: made))
    record.isComplete = false
    try record.write(to: made)
    try FileManager.default.removeItem(atPath: made + "/train/label/2.npy")
    #expect(try rooms().made(in: folder.path) == made)
    #expect(try DenseFolder(made, .rooms).samples(of: .train).count == 3)
    #expect(throws: DataError.self) { try rooms().run(into: made, replacing: false) }
    try rooms(seed: 9).run(into: made, replacing: true)
    #expect(try PreparationRecord.read(from: made)?.seed == 9)
  }

  @Test("may be of any shape", arguments: [(16, 48), (48, 16), (8, 8), (33, 31)])
  func shapes(height: Int, width: Int) throws {
    let rooms = try RoomsPreparation(train: 1, val: 1, height: height, width: width, seed: 11)
    for number in 0..<40 {
      let example = rooms.example(.train, number)
      #expect(example.maps[1].count == height * width && example.maps[1].contains { $0 > 0 })
    }
  }

  @Test("refuse sizes and numbers that make none")
  func refusals() {
    let error = #expect(throws: DataError.self) {
      _ = try RoomsPreparation(train: 0, val: 1, height: 48, width: 64, seed: 0)
    }
    #expect(error?.description == "the number of rooms to learn from must be at least 1, got 0")
    #expect(throws: DataError.self) {
      _ = try RoomsPreparation(train: 1, val: 1, height: 4, width: 64, seed: 0)
    }
  }
}

@Suite("Checks and sheets of folders of maps")
struct DenseCheckTests {
  @Test("sum up a sound folder")
  func sound() throws {
    let small = try SmallDenseFolder()
    let check = DenseCheck(of: small.path)
    #expect(check.faultCount == 0 && check.layout == .nyuv2)
    let contents = try #require(check.contents)
    #expect(contents.examples == ["train": 2, "val": 1] && contents.size == [4, 6])
    #expect(contents.maps.map(\.kind) == ["classes", "depth", "normals"])
    // Of each example's 24 pixels: the depths at 0, 5, 10, 15, 20 and the normals at 0, 7, 14, 21 are missing.
    #expect(abs(contents.maps[1].labelled - 19.0 / 24) < 1e-12)
    #expect(abs(contents.maps[2].labelled - 20.0 / 24) < 1e-12)
    #expect(zip(contents.maps[1].range, [1.1, 5.3]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(abs(contents.maps[0].classes.values.reduce(0, +) - 1) < 1e-12)
  }

  @Test("list every fault")
  func faults() throws {
    let small = try SmallDenseFolder()
    try small.write([1], [1], to: "train/depth/1.npy")
    try small.write(Array(repeating: .nan, count: 72), [4, 6, 3], to: "val/image/0.npy")
    try small.write(Array(repeating: 0.5, count: 72), [6, 4, 3], to: "train/image/0.npy")
    let check = DenseCheck(of: small.path)
    #expect(check.contents == nil && check.faultCount == 4)
    #expect(
      check.faults.map { $0.path.replacingOccurrences(of: small.path + "/", with: "") } == [
        "train/image/0.npy", "train/label/0.npy", "train/depth/1.npy", "val/image/0.npy",
      ])
    #expect(DenseCheck(of: small.path, keeping: 1).faults.count == 1)
  }

  @Test("draw examples with their maps side by side")
  func sheets() throws {
    let small = try SmallDenseFolder()
    let samples = try DenseFolder(small.path, .nyuv2).samples(of: .train)
    let data = try ContactSheet(of: samples, .nyuv2, at: [0, 1]).png()
    let file = small.folder.path + "/sheet.png"
    try data.write(to: URL(filePath: file))
    let picture = try PictureFile.read(file)
    // Four columns of 6 pixels with gaps of 4, two rows of 4, and a line of the legend for each entry.
    #expect(picture.width == 4 * 10 + 4 && picture.channels == 3)
    #expect(picture.height == 2 * 8 + 4 + 15 * 14 + 4)
    func pixel(_ row: Int, _ column: Int) -> [UInt8] {
      let start = 3 * (row * picture.width + column)
      return Array(picture.samples[start..<(start + 3)])
    }
    #expect(pixel(0, 0) == [255, 255, 255])
    let first = SmallDenseFolder.example(0, .nyuv2).image.prefix(3).map { UInt8(($0 * 255).rounded()) }
    #expect(pixel(4, 4) == first)
    // The first pixel has no class, no depth and no normal.
    #expect([14, 24, 34].allSatisfy { pixel(4, $0) == [0, 0, 0] })
    #expect(pixel(4, 35) == [204, 128, 25])
    #expect(throws: DataError.self) { _ = try ContactSheet(of: samples, .nyuv2, at: []) }
  }
}
