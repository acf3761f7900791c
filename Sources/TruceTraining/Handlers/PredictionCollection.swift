import Foundation
import Torch
import TruceData
import TruceRun
import TruceTasks

/// The pictures of a batch with what a network says about them, on its way to a record.
struct PredictionCollection {
  private let count: Int
  private let reduction: PictureReduction
  private(set) var record: PredictionRecord

  /// Whether inputs are pictures: [B, channels, height, width] with 1 or 3 channels, and not empty.
  static func takes(_ inputs: Tensor) -> Bool {
    let shape = inputs.shape
    return shape.count == 4 && [1, 3].contains(shape[1]) && !shape.contains(0)
  }

  /// Takes the pictures.
  init(pictures: Tensor) {
    count = pictures.shape[0]
    let reduction = PictureReduction(height: pictures.shape[2], width: pictures.shape[3])
    self.reduction = reduction
    record = PredictionRecord(
      samples: (0..<count).compactMap { position in
        PNG.data(of: reduction.picture(pictures[position])).map {
          PredictionRecord.Sample(picture: Self.address(of: $0))
        }
      })
  }

  /// A PNG file as a data URI.
  private static func address(of png: Data) -> String { "data:image/png;base64,\(png.base64EncodedString())" }

  /// Says why nothing of a task is shown.
  mutating func omit(_ task: String, because reason: String) { record.omissions[task] = reason }

  /// Adds the answers of a task, one for each picture at least.
  mutating func add(_ answers: ShownAnswers, of task: String) {
    switch answers {
    case .words(let words):
      guard words.count >= count else {
        return omit(task, because: "it has \(words.count) answers to \(count) pictures")
      }
      for position in 0..<count { record.samples[position].answers[task] = words[position] }
    case .maps(let kind, let labels, let predictions):
      guard let labels = fitted(labels, kind), let predictions = fitted(predictions, kind) else {
        return omit(
          task, because: "its maps have the shapes \(labels.shape) and \(predictions.shape)")
      }
      add(kind, labels: labels, predictions: predictions, of: task)
    }
  }

  /// The maps of the pictures in the size that is kept; nil where they do not fit the pictures or the kind.
  private func fitted(_ maps: Tensor, _ kind: MapKind) -> Tensor? {
    let shape = maps.shape
    let isFitting =
      kind == .directions
      ? shape.count == 4 && shape[1] == 3 : shape.count == 3 || (shape.count == 4 && shape[1] == 1)
    guard isFitting, shape[0] >= count, shape.suffix(2) == [reduction.height, reduction.width] else {
      return nil
    }
    return reduction.maps(maps[0..<count])
  }

  private mutating func add(_ kind: MapKind, labels: Tensor, predictions: Tensor, of task: String) {
    guard let colours = Self.colours(of: kind, labels) else {
      return omit(task, because: "no pixel of the pictures shown has ground truth")
    }
    var maps: [PredictionRecord.MapAnswer] = []
    for position in 0..<count {
      guard let prediction = colours.picture(of: predictions[position]) else {
        return omit(task, because: "a prediction holds no number")
      }
      maps.append(
        PredictionRecord.MapAnswer(
          label: colours.picture(of: labels[position]).map(Self.address),
          prediction: Self.address(of: prediction)))
    }
    for position in 0..<count { record.samples[position].maps[task] = maps[position] }
    record.legends[task] = colours.legend
  }

  /// Colours whose range is that of the labels alone, so that it is the same for every network.
  private static func colours(of kind: MapKind, _ labels: Tensor) -> MapColours? {
    guard case .numbers = kind else { return MapColours(kind) }
    return MapColours.range(of: labels.to(.float32).toArray(as: Float.self)).map {
      MapColours(kind, range: $0)
    }
  }
}

/// How large pictures and their maps are brought to a size that a page can hold many of.
private struct PictureReduction {
  /// The longest side, in pixels, that is kept as it is.
  private static let longestSide = 256

  let height: Int
  let width: Int
  private let factor: Int

  /// Chooses the whole number by which the sides are divided.
  init(height: Int, width: Int) {
    factor = (max(height, width) + Self.longestSide - 1) / Self.longestSide
    (self.height, self.width) = (height, width)
  }

  /// The pixel in the middle of each square of pixels: a class, number or direction that the map holds, and no mean.
  func maps(_ maps: Tensor) -> Tensor {
    guard factor > 1 else { return maps }
    return maps.sliced(-2, start(height)..<height, step: factor).sliced(
      -1, start(width)..<width, step: factor)
  }

  /// A picture [channels, height, width] in the size of the reduced maps.
  func picture(_ picture: Tensor) -> Tensor {
    guard factor > 1 else { return picture }
    let size = Extent(count(height), count(width))
    return picture.to(.float32).unsqueezed(0).interpolated(to: size, .bilinearAntialiased).squeezed(0)
  }

  private func start(_ length: Int) -> Int { min(factor / 2, length - 1) }

  private func count(_ length: Int) -> Int { (length - start(length) + factor - 1) / factor }
}
