import Foundation
import Torch
import TruceFiles

/// CelebA as its authors publish it: aligned pictures, forty attributes of each, and the official partition.
///
/// | path from the folder | what |
/// |---|---|
/// | `Img/img_align_celeba/000001.jpg` or `img_align_celeba/…` | 178 × 218 pixels |
/// | `Anno/list_attr_celeba.txt` or `list_attr_celeba.txt` | a number, the attributes' names, and for each picture 1 or -1 |
/// | `Eval/list_eval_partition.txt` or `list_eval_partition.txt` | 0 to learn from, 1 to choose by, 2 to report on |
public struct CelebAFolder: Sendable {
  /// A picture with its answers.
  struct Face: Sendable {
    let name: String
    /// A bit for each attribute, the first the lowest.
    let answers: UInt64
  }

  /// The forty attributes in their official order.
  public static let attributes = [
    "5_o_Clock_Shadow", "Arched_Eyebrows", "Attractive", "Bags_Under_Eyes", "Bald", "Bangs", "Big_Lips",
    "Big_Nose", "Black_Hair", "Blond_Hair", "Blurry", "Brown_Hair", "Bushy_Eyebrows", "Chubby",
    "Double_Chin", "Eyeglasses", "Goatee", "Gray_Hair", "Heavy_Makeup", "High_Cheekbones", "Male",
    "Mouth_Slightly_Open", "Mustache", "Narrow_Eyes", "No_Beard", "Oval_Face", "Pale_Skin", "Pointy_Nose",
    "Receding_Hairline", "Rosy_Cheeks", "Sideburns", "Smiling", "Straight_Hair", "Wavy_Hair",
    "Wearing_Earrings", "Wearing_Hat", "Wearing_Lipstick", "Wearing_Necklace", "Wearing_Necktie", "Young",
  ]

  /// The folder of the pictures.
  private let images: String
  private let faces: [Split: [Face]]

  /// Reads the lists, and looks for the pictures' folder; the pixels are read when asked for.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` that names the file and the line.
  public init(_ root: String) throws(DataError) {
    do throws(FileFault) {
      images = try Self.place("img_align_celeba", in: "Img", of: root)
      let answers = try AttributeList(
        contentsOf: Self.place("list_attr_celeba.txt", in: "Anno", of: root)
      ).answers
      faces = try Self.faces(
        answers, partition: Self.place("list_eval_partition.txt", in: "Eval", of: root))
    } catch {
      throw .faults([error], total: 1)
    }
  }

  /// The examples of a split.
  ///
  /// - Parameters:
  ///   - split: The split.
  ///   - attributes: The attributes that are asked for, as ``taskName(of:)`` calls them; nil for all.
  ///   - side: The height and width that pictures are brought to, whatever their shape.
  public func samples(of split: Split, attributes: [String]?, side: Int) -> CelebASamples {
    let wanted = Self.attributes.indices.filter { place in
      attributes.map { $0.contains(Self.taskName(of: Self.attributes[place])) } ?? true
    }
    return CelebASamples(images: images, faces: faces[split] ?? [], attributes: wanted, side: side)
  }

  /// The name of an attribute's task.
  public static func taskName(of attribute: String) -> String { attribute.lowercased() }

  private static func place(_ name: String, in folder: String, of root: String) throws(FileFault) -> String {
    let places = ["\(root)/\(folder)/\(name)", "\(root)/\(name)"]
    if let found = places.first(where: isThere) { return found }
    throw FileFault(
      kind: .missing, path: places[0], reason: "there is no such file or folder, nor \(places[1])",
      help: "get it from the site of CelebA and unpack it there")
  }

  private static func faces(
    _ answers: [String: UInt64], partition path: String
  ) throws(FileFault) -> [Split: [Face]] {
    var faces: [Split: [Face]] = [:]
    for (number, line) in try TextLines(path).lines.enumerated() where !line.isEmpty {
      let words = line.split(separator: " ")
      let split: Split? =
        switch words.last {
        case "0": .training
        case "1": .validation
        case "2": .test
        default: nil
        }
      guard words.count == 2, let split else {
        throw FileFault(
          path: path, line: number + 1, reason: "no picture's name with 0, 1 or 2", help: "get the file again"
        )
      }
      let name = String(words[0])
      guard let bits = answers[name] else {
        throw FileFault(
          path: path, line: number + 1, reason: "the picture \(name) has no attributes",
          help: "get both lists again")
      }
      faces[split, default: []].append(Face(name: name, answers: bits))
    }
    for split in Split.allCases where faces[split] == nil {
      throw FileFault(
        path: path, reason: "it has no picture for \(split.rawValue)", help: "get the file again")
    }
    return faces
  }
}

/// The list of attributes.
private struct AttributeList {
  /// The answers of each picture by its name.
  private(set) var answers: [String: UInt64] = [:]

  init(contentsOf path: String) throws(FileFault) {
    let lines = try TextLines(path).lines
    func fault(_ line: Int, _ reason: String) -> FileFault {
      FileFault(path: path, line: line + 1, reason: reason, help: "get the file again")
    }
    guard lines.count > 2, Int(lines[0].filter { !$0.isWhitespace }) != nil else {
      throw fault(0, "it does not begin with the number of pictures")
    }
    guard lines[1].split(separator: " ").map(String.init) == CelebAFolder.attributes else {
      throw fault(1, "the attributes are not the forty official ones in their order")
    }
    for (number, line) in lines.enumerated().dropFirst(2) where !line.isEmpty {
      let words = line.split(separator: " ")
      guard words.count == CelebAFolder.attributes.count + 1,
        words.dropFirst().allSatisfy({ $0 == "1" || $0 == "-1" })
      else { throw fault(number, "no picture's name with forty times 1 or -1") }
      let bits = words.dropFirst().enumerated().reduce(UInt64(0)) { bits, word in
        word.element == "1" ? bits | 1 << UInt64(word.offset) : bits
      }
      guard answers.updateValue(bits, forKey: String(words[0])) == nil else {
        throw fault(number, "the picture \(words[0]) for the second time")
      }
    }
  }
}

/// The faces of one split, read one by one by the threads of a loader.
///
/// The input `image` is [3, side, side], 0 … 1, resized without keeping the shape, as Pillow's `BILINEAR` does; each
/// attribute is a target [1] of 0 or 1.
public struct CelebASamples: SampleSource {
  let images: String
  let faces: [CelebAFolder.Face]
  let attributes: [Int]
  let side: Int

  /// The number of faces.
  public var count: Int { faces.count }

  /// The picture's file.
  public func name(ofSample position: Int) -> String { "\(images)/\(faces[position].name)" }

  /// Reads a face and its answers.
  public func sample(at position: Int) throws(DataError) -> Sample {
    let picture: Picture<UInt8>
    do throws(FileFault) {
      picture = try PictureFile.read(name(ofSample: position)).converted(toChannels: 3)
    } catch {
      throw .faults([error], total: 1)
    }
    let pixels = picture.resized(height: side, width: side).tensor.toArray(as: UInt8.self)
    return Sample(
      inputs: [Sample.Input("image", HostArray(pixels.map { Float($0) / 255 }, shape: [3, side, side]))],
      targets: attributes.map { target(of: $0, at: position) })
  }

  /// A face's answer to a task, without the picture.
  public func target(ofTask name: String, at position: Int) -> Sample.Target? {
    attributes.first { CelebAFolder.taskName(of: CelebAFolder.attributes[$0]) == name }
      .map { target(of: $0, at: position) }
  }

  private func target(of attribute: Int, at position: Int) -> Sample.Target {
    Sample.Target(
      CelebAFolder.taskName(of: CelebAFolder.attributes[attribute]),
      HostArray([Float(faces[position].answers >> UInt64(attribute) & 1)]))
  }
}
