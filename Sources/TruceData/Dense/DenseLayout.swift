/// One kind of map that a data set has for each picture: a number or a vector for each pixel.
public struct DenseMap: Equatable, Sendable {
  /// What a map says.
  public enum Content: Equatable, Sendable {
    /// A class for each pixel, by number; -1 for none.
    case classes([String])
    /// A depth in metres, or its inverse; 0 for none.
    case depth(isInverse: Bool)
    /// The direction of the surface; (0, 0, 0) for none.
    case normals
  }

  /// The task that learns it.
  public let task: String
  /// The folders it may lie in; the first that is there is read.
  public let folders: [String]
  /// What it says.
  public let content: Content

  /// Creates a description.
  public init(task: String, folders: [String], content: Content) {
    self.task = task
    self.folders = folders
    self.content = content
  }

  /// The label of pixels without a class.
  public static let ignoredLabel = -1

  /// The channels of a file [height, width, channels]; nil for one without that axis.
  var channels: Int? {
    switch content {
    case .classes: nil
    case .depth: 1
    case .normals: 3
    }
  }
}

/// Which maps a data set has, and where they lie: the layout of the release of MTAN, which CAGrad, Nash-MTL, FAMO and
/// LibMTL read.
///
///     root/train/image/0.npy     height × width × 3, 0 … 1
///     root/train/label/0.npy     height × width, classes from 0 on, -1 for none
///     root/train/depth/0.npy     height × width × 1, 0 for none
///     root/train/normal/0.npy    height × width × 3, (0, 0, 0) for none
///     root/val/…                 the same for the pictures that are measured
public struct DenseLayout: Equatable, Sendable {
  /// The name of the problem over such data.
  public let name: String
  /// The name in prose.
  public let title: String
  /// The maps, in task order.
  public let maps: [DenseMap]
  /// How a user gets such data, in one line.
  public let origin: String

  /// Creates a layout.
  public init(name: String, title: String, maps: [DenseMap], origin: String) {
    self.name = name
    self.title = title
    self.maps = maps
    self.origin = origin
  }

  /// The folder of the pictures.
  public static let imageFolder = "image"
  /// The name of the input.
  public static let input = "image"

  /// The same with some of the tasks.
  public func keeping(_ tasks: [String]?) -> DenseLayout {
    guard let tasks else { return self }
    return DenseLayout(
      name: name, title: title, maps: maps.filter { tasks.contains($0.task) }, origin: origin)
  }
}

extension DenseLayout {
  /// The 13 classes of NYUv2, by number.
  public static let indoorClasses = [
    "bed", "books", "ceiling", "chair", "floor", "furniture", "objects", "picture", "sofa", "table", "tv",
    "wall", "window",
  ]

  private static func indoorMaps(_ labels: String) -> [DenseMap] {
    [
      DenseMap(task: "segmentation", folders: [labels], content: .classes(indoorClasses)),
      DenseMap(task: "depth", folders: ["depth"], content: .depth(isInverse: false)),
      DenseMap(task: "normal", folders: ["normal"], content: .normals),
    ]
  }

  /// NYUv2: 13 classes, depth in metres, normals.
  public static let nyuv2 = DenseLayout(
    name: "nyuv2", title: "NYUv2", maps: indoorMaps("label"),
    origin: "`truce data prepare nyuv2 --from FOLDER --output DIR` makes it from NYUv2's files")

  /// Rooms that Truce makes up: the same tasks as NYUv2's.
  public static let rooms = DenseLayout(
    name: "rooms", title: "Rooms", maps: indoorMaps("label"),
    origin: "`truce data make rooms --output DIR` makes it")

  /// Cityscapes: 7 classes and inverse depth.
  public static let cityscapes = DenseLayout(
    name: "cityscapes", title: "Cityscapes",
    maps: [
      DenseMap(
        task: "segmentation", folders: ["label_7", "label"],
        content: .classes(["flat", "construction", "object", "nature", "sky", "human", "vehicle"])),
      DenseMap(task: "depth", folders: ["depth"], content: .depth(isInverse: true)),
    ], origin: "download the release of MTAN, which its README links to")

  /// All layouts.
  public static let all = [nyuv2, cityscapes, rooms]
}
