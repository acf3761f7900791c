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
    let faults = FaultList()
    guard let folder = CelebAFolder(root, noting: faults) else {
      throw .faults(faults.faults, total: faults.total)
    }
    self = folder
  }

  /// Reads the lists, and looks for the pictures' folder.
  ///
  /// - Parameters:
  ///   - root: The folder.
  ///   - faults: Receives what is wrong with each of the three.
  /// - Returns: Nil where anything is.
  public init?(_ root: String, noting faults: FaultList) {
    let images = faults.attempting { () throws(FileFault) in try Self.place(.images, of: root) }
    let answers = faults.attempting { () throws(FileFault) in
      try CelebAAttributeList(contentsOf: Self.place(.attributes, of: root)).answers
    }
    let partition = faults.attempting { () throws(FileFault) in try Self.place(.partition, of: root) }
    guard let images, let answers, let partition else { return nil }
    let faces = faults.attempting { () throws(FileFault) in
      try CelebAPartition(contentsOf: partition, answers).faces
    }
    guard let faces else { return nil }
    (self.images, self.faces) = (images, faces)
  }

  /// Whether a folder has any of the official files.
  public static func looksLikeOne(_ root: String) -> Bool {
    Content.allCases.contains { content in content.places(in: root).contains(where: isThere) }
  }

  /// Looks at the first and the last bytes of each picture of some splits, which takes no decoding.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` that names those that are missing, of another format or cut short. What is
  ///   damaged inside is found by ``CelebACheck``.
  public func glance(at splits: [Split]) throws(DataError) {
    let faults = FaultList()
    for split in splits {
      for face in faces[split] ?? [] {
        faults.attempting { () throws(FileFault) in
          try PictureFile.glance(at: "\(images)/\(face.name)")
        }
      }
    }
    try faults.check()
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

  /// What the folder holds.
  private enum Content: String, CaseIterable {
    case images = "img_align_celeba"
    case attributes = "list_attr_celeba.txt"
    case partition = "list_eval_partition.txt"

    private var folder: String {
      switch self {
      case .images: "Img"
      case .attributes: "Anno"
      case .partition: "Eval"
      }
    }

    func places(in root: String) -> [String] { ["\(root)/\(folder)/\(rawValue)", "\(root)/\(rawValue)"] }
  }

  private static func place(_ content: Content, of root: String) throws(FileFault) -> String {
    let places = content.places(in: root)
    if let found = places.first(where: isThere) { return found }
    throw FileFault(
      kind: .missing, path: places[0], reason: "there is no such file or folder, nor \(places[1])",
      help: "get it from the site of CelebA and unpack it there")
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
