import Torch

/// How one array of a picture changes when the picture is mirrored or enlarged.
///
/// The last two axes are the rows and the columns; all fields of a picture have the same ones. A target's mask changes
/// with it, by the nearest pixel.
public struct PictureField: Equatable, Sendable {
  /// Where the values between pixels come from.
  public enum Resampling: String, Codable, Sendable {
    /// From the nearest pixel, as for labels.
    case nearest
    /// From the four pixels around, the corners of both pictures being one.
    case bilinear
  }

  /// What mirroring does to the values.
  public enum Mirroring: Equatable, Sendable {
    /// Nothing: they only change places.
    case keeps
    /// It turns the sign of one channel, as for the x of a normal.
    case negates(channel: Int)
  }

  /// What enlarging by a factor does to the values.
  public enum Zooming: String, Codable, Sendable {
    /// Nothing.
    case keeps
    /// It divides them, as for a depth: what looks larger is nearer.
    case divides
    /// It multiplies them, as for an inverse depth.
    case multiplies
  }

  enum Place: Equatable, Sendable {
    case input(String)
    case target(String)
  }

  let place: Place
  /// Where the values between pixels come from.
  public let resampling: Resampling
  /// What mirroring does to the values.
  public let mirroring: Mirroring
  /// What enlarging does to the values.
  public let zooming: Zooming

  /// An input of the network.
  public static func input(_ name: String, _ resampling: Resampling = .bilinear) -> PictureField {
    PictureField(place: .input(name), resampling: resampling, mirroring: .keeps, zooming: .keeps)
  }

  /// The target of a task.
  public static func target(
    _ task: String, _ resampling: Resampling, mirroring: Mirroring = .keeps, zooming: Zooming = .keeps
  ) -> PictureField {
    PictureField(place: .target(task), resampling: resampling, mirroring: mirroring, zooming: zooming)
  }

  var what: String {
    switch place {
    case .input(let name): "the input '\(name)'"
    case .target(let task): "the target of task '\(task)'"
    }
  }
}

// MARK: Access

extension PictureField {
  /// Changes the field of an example, and its mask where that has rows and columns.
  ///
  /// - Parameters:
  ///   - transform: The change's name, for errors.
  ///   - values: Changes the values.
  ///   - mask: Changes the mask.
  /// - Throws: ``DataError/unsuitedTransform(transform:reason:)``.
  func change(
    in sample: inout Sample, by transform: String,
    values: (inout HostArray) throws(DataError) -> Void, mask: (inout HostArray) -> Void
  ) throws(DataError) {
    switch place {
    case .input(let name):
      guard let index = sample.inputs.firstIndex(where: { $0.name == name }) else {
        throw unsuited(transform, "no input is called '\(name)'")
      }
      try values(&sample.inputs[index].values)
    case .target(let task):
      guard let index = sample.targets.firstIndex(where: { $0.task == task }) else {
        throw unsuited(transform, "no task is called '\(task)'")
      }
      let (size, rank) = (sample.targets[index].values.pictureSize, sample.targets[index].values.shape.count)
      try values(&sample.targets[index].values)
      guard var changed = sample.targets[index].mask else { return }
      guard changed.isPicture(of: size, rank: rank) else {
        throw unsuited(transform, "the mask of task '\(task)' is neither for each pixel nor for none")
      }
      if changed.shape.count == rank, changed.pictureSize == size { mask(&changed) }
      sample.targets[index].mask = changed
    }
  }

  /// The rows and columns that all fields of an example have.
  static func size(
    of fields: [PictureField], in sample: Sample, for transform: String
  ) throws(DataError) -> PictureSize {
    var found: (size: PictureSize, what: String)?
    for field in fields {
      guard let shape = field.shape(in: sample) else {
        throw field.unsuited(transform, "\(field.what) is not there")
      }
      guard shape.count >= 2 else {
        throw field.unsuited(transform, "\(field.what) of shape \(shape) has no rows and columns")
      }
      let size = PictureSize(height: shape[shape.count - 2], width: shape[shape.count - 1])
      if let found, found.size != size {
        throw field.unsuited(
          transform,
          "\(field.what) is \(size.height)×\(size.width), "
            + "\(found.what) \(found.size.height)×\(found.size.width)")
      }
      found = (size, field.what)
    }
    return found?.size ?? PictureSize(height: 0, width: 0)
  }

  private func shape(in sample: Sample) -> [Int]? {
    switch place {
    case .input(let name): sample[input: name]?.shape
    case .target(let task): sample[task: task]?.values.shape
    }
  }

  func unsuited(_ transform: String, _ reason: String) -> DataError {
    .unsuitedTransform(transform: transform, reason: reason)
  }
}

/// The number of rows and columns.
struct PictureSize: Equatable {
  let height: Int
  let width: Int
}

extension HostArray {
  /// The last two axes; nil where there are fewer.
  fileprivate var pictureSize: PictureSize? {
    guard shape.count >= 2 else { return nil }
    return PictureSize(height: shape[shape.count - 2], width: shape[shape.count - 1])
  }

  /// Whether a mask has the rows and columns of its values, or neither.
  fileprivate func isPicture(of size: PictureSize?, rank: Int) -> Bool {
    let missing = rank - shape.count
    if missing == 0 { return pictureSize == size || pictureSize == PictureSize(height: 1, width: 1) }
    return missing >= 2 || shape.last == 1
  }
}
