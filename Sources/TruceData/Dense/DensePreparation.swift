import Foundation
import Torch

/// Makes a folder in the layout of ``DenseLayout``, on all cores; one that was stopped goes on.
public struct DensePreparation: Sendable {
  /// One example, all of one height and width, channels last.
  public struct Example: Sendable {
    /// The picture, height × width × 3, 0 … 1.
    public let image: [Float]
    /// The maps in the layout's order.
    public let maps: [[Float]]

    /// Creates an example.
    public init(image: [Float], maps: [[Float]]) {
      self.image = image
      self.maps = maps
    }
  }

  private let folder: String
  private let layout: DenseLayout
  private let record: PreparationRecord
  private let camera: Camera

  /// Begins a folder, or goes on with one that was stopped.
  ///
  /// - Parameters:
  ///   - folder: The folder to make.
  ///   - layout: Which maps it has.
  ///   - record: Where it comes from.
  ///   - camera: The camera of its pictures.
  ///   - replacing: Whether a folder that is there and finished, or was begun otherwise, is made anew.
  /// - Throws: ``DataError/exists(path:)`` for a folder that is not to be replaced, or
  ///   ``DataError/unwritable(path:reason:)``.
  public init(
    into folder: String, _ layout: DenseLayout, _ record: PreparationRecord, camera: Camera,
    replacing: Bool
  ) throws(DataError) {
    (self.folder, self.layout, self.record, self.camera) = (folder, layout, record, camera)
    let begun = try? PreparationRecord.read(from: folder)
    if begun != record {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      guard replacing || names.allSatisfy({ $0.hasPrefix(".") }) else { throw .exists(path: folder) }
      try remove()
    }
    for part in DenseFolder.Part.allCases {
      for name in folderNames { try Place.makeFolder("\(folder)/\(part.rawValue)/\(name)") }
    }
    try record.write(to: folder)
    try camera.write(to: folder)
  }

  private var folderNames: [String] { [DenseLayout.imageFolder] + layout.maps.map { $0.folders[0] } }

  /// Removes what a preparation may have left, and nothing else.
  private func remove() throws(DataError) {
    let names = DenseFolder.Part.allCases.map(\.rawValue) + [PreparationRecord.fileName, Camera.fileName]
    for path in names.map({ "\(folder)/\($0)" }) where isThere(path) {
      do { try FileManager.default.removeItem(atPath: path) } catch {
        throw .unwritable(path: path, reason: error.localizedDescription)
      }
    }
  }

  /// Makes those of the record's examples that are not there yet, on all cores.
  ///
  /// - Parameters:
  ///   - note: Told how many examples are there, and of how many, after each; from one thread at a time.
  ///   - example: Makes an example of a half by its number there, on one of libtorch's threads.
  /// - Throws: The first ``DataError`` where one cannot be made or written; what others make at that time is written.
  public func write(
    note: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    _ example: @Sendable (DenseFolder.Part, Int) throws(DataError) -> Example
  ) throws(DataError) {
    let all = DenseFolder.Part.allCases.flatMap { part in
      (0..<(record.examples[part.rawValue] ?? 0)).map { (part: part, number: $0) }
    }
    let missing = all.filter { !isWritten($0.part, $0.number) }
    let (failure, done) = (FirstFailure(), RunningCount(from: all.count - missing.count))
    Engine.concurrently(missing.count) { place in
      guard failure.error == nil else { return }
      let (part, number) = missing[place]
      do throws(DataError) {
        try write(example(part, number), part, number)
        done.add { note($0, all.count) }
      } catch { failure.note(error) }
    }
    if let error = failure.error { throw error }
  }

  /// Writes one example; threads may write different ones at once.
  public func write(_ example: Example, _ part: DenseFolder.Part, _ number: Int) throws(DataError) {
    let channels = [3] + layout.maps.map { $0.channels ?? 0 }
    for (place, values) in ([example.image] + example.maps).enumerated() {
      let axes = channels[place] == 0 ? [] : [channels[place]]
      try DenseFile(values, shape: record.size + axes).write(to: path(part, number, folderNames[place]))
    }
  }

  /// Whether every file of an example is there; each appears only when it is whole.
  public func isWritten(_ part: DenseFolder.Part, _ number: Int) -> Bool {
    folderNames.allSatisfy { isThere(path(part, number, $0)) }
  }

  private func path(_ part: DenseFolder.Part, _ number: Int, _ name: String) -> String {
    "\(folder)/\(part.rawValue)/\(name)/\(number).npy"
  }

  /// Says that every example is there.
  public func finish() throws(DataError) {
    var record = record
    record.isComplete = true
    try record.write(to: folder)
  }
}
