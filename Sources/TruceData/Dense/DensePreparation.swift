import Foundation

/// Makes a folder in the layout of ``DenseLayout``, example by example; one that was stopped goes on.
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

  /// Writes those of the examples of a half that are not there yet.
  ///
  /// - Parameters:
  ///   - part: The half.
  ///   - count: The number of its examples.
  ///   - note: Told the number of each example that was written.
  ///   - example: Makes an example.
  /// - Throws: ``DataError`` where one cannot be made or written.
  public func write(
    _ part: DenseFolder.Part, count: Int, note: (Int) -> Void,
    _ example: (Int) throws(DataError) -> Example
  ) throws(DataError) {
    for number in 0..<count where !isWritten(part, number) {
      try write(example(number), part, number)
      note(number)
    }
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
