import TruceFiles

/// Compares the numbers and the sizes of a folder's pictures: the halves with each other, and both with the record of
/// their preparation where there is one.
struct DenseSizes {
  let root: String
  let parts: [DenseFolder.Part: DenseFolder.Files]

  /// Looks at the headers of the first picture of each half that has one; those of the others are compared when they are
  /// read.
  func compare(noting faults: FaultList) {
    let record = try? PreparationRecord.read(from: root)
    if let record { compareCounts(with: record, faults) }
    let first = DenseFolder.Part.allCases.compactMap(firstPicture)
    for picture in first where record != nil && picture.size != record?.size {
      faults.append(fault(picture, expected: record?.size ?? [], by: PreparationRecord.fileName))
    }
    guard record == nil, first.count == 2, first[0].size != first[1].size else { return }
    faults.append(fault(first[1], expected: first[0].size, by: first[0].path))
  }

  private func compareCounts(with record: PreparationRecord, _ faults: FaultList) {
    for part in DenseFolder.Part.allCases {
      guard let files = parts[part], let expected = record.examples[part.rawValue],
        files.names.count != expected
      else { continue }
      faults.append(
        FileFault(
          path: files.images,
          reason: "the number of pictures is \(files.names.count), and \(expected) in "
            + PreparationRecord.fileName,
          help: "the folder was copied in part: copy it again; where that is wanted, correct "
            + PreparationRecord.fileName))
    }
  }

  private struct Picture {
    let path: String
    let size: [Int]
  }

  private func firstPicture(of part: DenseFolder.Part) -> Picture? {
    guard let files = parts[part] else { return nil }
    return files.names.lazy.compactMap { name -> Picture? in
      let path = "\(files.images)/\(name)"
      // A shape that is no picture's is found when it is read.
      guard let shape = DenseFile.shape(of: path), shape.count == 3 else { return nil }
      return Picture(path: path, size: Array(shape.prefix(2)))
    }.first
  }

  private func fault(_ picture: Picture, expected: [Int], by other: String) -> FileFault {
    let (here, there) = (Self.text(picture.size), Self.text(expected))
    return FileFault(
      path: picture.path, reason: "a picture of \(here), where \(other) has \(there)",
      help: "bring the pictures and maps of train and val to one size")
  }

  private static func text(_ size: [Int]) -> String { size.map(String.init).joined(separator: " × ") }
}
