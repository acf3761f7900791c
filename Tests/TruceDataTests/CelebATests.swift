import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

@Suite("CelebA's official files")
struct CelebATests {
  private let folder: TemporaryFolder

  /// Four pictures of 6 × 4 pixels; the first attribute is a yes of the even ones, the last of all.
  init() throws {
    folder = try TemporaryFolder()
    for number in 1...4 {
      let picture = Tensor.full([3, 6, 4], Float(number) / 10)
      try folder.write("Img/img_align_celeba/00000\(number).jpg", [UInt8](#require(PNG.data(of: picture))))
    }
    try writeAttributes(named: CelebAFolder.attributes)
    try folder.write(
      "Eval/list_eval_partition.txt", Array("000001.jpg 0\n000002.jpg 0\n000003.jpg 1\n000004.jpg 2\n".utf8))
  }

  private func writeAttributes(
    named names: [String], lastRow: String? = nil, promising count: Int = 4
  ) throws {
    let rows = (1...4).map { number in
      let answers = (0..<40).map { $0 == 39 || ($0 == 0 && number % 2 == 0) ? " 1" : "-1" }
      return "00000\(number).jpg \(answers.joined(separator: " "))"
    }
    let text = (["\(count)", names.joined(separator: " ")] + rows + (lastRow.map { [$0] } ?? [])).joined(
      separator: "\n")
    try folder.write("Anno/list_attr_celeba.txt", Array((text + "\n").utf8))
  }

  @Test("are read by the official partition, at any size")
  func reading() throws {
    let faces = try CelebAFolder(folder.path)
    let counts = Split.allCases.map { faces.samples(of: $0, attributes: nil, side: 8).count }
    #expect(counts == [2, 1, 1])
    let train = faces.samples(of: .training, attributes: nil, side: 8)
    #expect(train.name(ofSample: 1) == folder.path + "/Img/img_align_celeba/000002.jpg")
    let sample = try train.sample(at: 1)
    #expect(sample[input: "image"]?.shape == [3, 8, 8])
    #expect(sample.targets.count == 40 && sample.targets[0].task == "5_o_clock_shadow")
    #expect(
      sample.targets.map { $0.values.elements(as: Float.self)[0] } == [1] + Array(repeating: 0, count: 38) + [
        1
      ])
    #expect(try train.sample(at: 0).targets[0].values.elements(as: Float.self) == [0])
    let some = faces.samples(of: .test, attributes: ["young", "bald"], side: 4)
    #expect(try some.sample(at: 0).targets.map(\.task) == ["bald", "young"])
  }

  @Test("are refused with file and line where they are not the official ones")
  func faults() throws {
    func text() -> String? {
      let error = #expect(throws: DataError.self) { _ = try CelebAFolder(folder.path) }
      return error?.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
    try writeAttributes(named: CelebAFolder.attributes, lastRow: "000004.jpg 1 1")
    #expect(text() == "Anno/list_attr_celeba.txt:7: no picture's name with forty times 1 or -1")
    try writeAttributes(named: CelebAFolder.attributes.reversed())
    #expect(
      text() == "Anno/list_attr_celeba.txt:2: the attributes are not the forty official ones in their order")
    try writeAttributes(named: CelebAFolder.attributes)
    try folder.write("Eval/list_eval_partition.txt", Array("000001.jpg 3\n".utf8))
    #expect(text() == "Eval/list_eval_partition.txt:1: no picture's name with 0, 1 or 2")
    try folder.write("Eval/list_eval_partition.txt", Array("000009.jpg 0\n".utf8))
    #expect(text() == "Eval/list_eval_partition.txt:1: the picture 000009.jpg has no attributes")
    try folder.write("Eval/list_eval_partition.txt", Array("000001.jpg 0\n".utf8))
    #expect(text() == "Eval/list_eval_partition.txt: it has no picture for validation")
    let whole = "000001.jpg 0\n000002.jpg 0\n000003.jpg 1\n000004.jpg 2\n"
    try folder.write("Eval/list_eval_partition.txt", Array((whole + "000002.jpg 2\n").utf8))
    #expect(text() == "Eval/list_eval_partition.txt:5: the picture 000002.jpg for the second time")
    try folder.write("Eval/list_eval_partition.txt", Array(whole.dropFirst(13).utf8))
    #expect(text() == "Eval/list_eval_partition.txt: it has 3 pictures, the list of attributes 4")
    try folder.write("Eval/list_eval_partition.txt", Array(whole.utf8))
    try writeAttributes(named: CelebAFolder.attributes, promising: 5)
    #expect(text() == "Anno/list_attr_celeba.txt:1: it promises 5 pictures, and has 4")
    try writeAttributes(named: CelebAFolder.attributes)
    #expect(throws: Never.self) { _ = try CelebAFolder(folder.path) }
    try FileManager.default.removeItem(atPath: folder.path + "/Eval")
    #expect(
      text()
        == "Eval/list_eval_partition.txt: there is no such file or folder, nor list_eval_partition.txt")
  }

  @Test("name a picture that cannot be read")
  func pictures() throws {
    try folder.write("Img/img_align_celeba/000004.jpg", [1, 2])
    let samples = try CelebAFolder(folder.path).samples(of: .test, attributes: nil, side: 8)
    let error = #expect(throws: DataError.self) { _ = try samples.sample(at: 0) }
    #expect(
      error?.description
        == "\(folder.path)/Img/img_align_celeba/000004.jpg: it is neither a PNG nor a JPEG")
  }

  @Test("are checked as a whole, and looked at before training")
  func check() throws {
    #expect(
      CelebAFolder.looksLikeOne(folder.path)
        && !CelebAFolder.looksLikeOne(folder.path + "/Img/img_align_celeba"))
    let sound = CelebACheck(of: folder.path)
    #expect(sound.faultCount == 0)
    #expect(sound.contents?.examples == ["training": 2, "validation": 1, "test": 1])
    #expect(sound.contents?.attributes.map(\.share) == [0.5] + Array(repeating: 0, count: 38) + [1])
    try FileManager.default.removeItem(atPath: folder.path + "/Img/img_align_celeba/000001.jpg")
    try folder.write("Img/img_align_celeba/000004.jpg", [0xFF, 0xD8, 0xFF, 1, 2])
    let check = CelebACheck(of: folder.path)
    #expect(check.contents == nil)
    let names = check.faults.map { $0.path.suffix(10) }
    #expect(names == ["000001.jpg", "000004.jpg"])
    let faces = try CelebAFolder(folder.path)
    let error = #expect(throws: DataError.self) { try faces.glance(at: Split.allCases) }
    #expect(
      error?.description
        == "\(folder.path)/Img/img_align_celeba/000001.jpg: there is no such file (and 1 more)")
    #expect(throws: Never.self) { try faces.glance(at: [.validation]) }
    try FileManager.default.removeItem(atPath: folder.path + "/Img")
    try FileManager.default.removeItem(atPath: folder.path + "/Anno")
    #expect(CelebACheck(of: folder.path).faults.map(\.kind) == [.missing, .missing])
  }
}
