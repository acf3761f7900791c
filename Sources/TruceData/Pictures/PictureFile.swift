import CImages
import Foundation
public import TruceFiles

/// PNG and JPEG files, read through libpng and libjpeg-turbo.
///
/// A header that promises more than the limit is refused before memory is asked for. Of a JPEG the samples are
/// those of the file; a turn that its EXIF data ask for is not made.
public enum PictureFile {
  /// The largest number of samples that is accepted unless a caller says otherwise: 10,000 × 10,000 in colours.
  public static let usualLimit = 300_000_000

  /// Which of a file's samples are wanted.
  public enum Form: Sendable {
    /// Eight bits a channel; a palette becomes its colours.
    case colours
    /// Eight bits a channel; of a PNG with a palette, the indices themselves, as label images keep them.
    case indices
  }

  /// Reads a picture with eight bits a channel.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - form: Which of its samples are wanted.
  ///   - limit: The largest number of samples that is accepted.
  /// - Throws: `FileFault` where the file is missing, no picture, damaged, cut short, or above the limit.
  public static func read(
    _ path: String, as form: Form = .colours, limit: Int = usualLimit
  ) throws(FileFault) -> Picture<UInt8> {
    let pngForm = form == .indices ? CI_PNG_INDICES : CI_PNG_COLOURS
    return try PictureDecoder(path: path, limit: limit).picture(pngForm)
  }

  /// Reads a picture with the bits its file has: a PNG of sixteen, or any other, whose samples are kept as they are.
  ///
  /// - Throws: `FileFault` as ``read(_:as:limit:)``.
  public static func readDeep(_ path: String, limit: Int = usualLimit) throws(FileFault) -> Picture<UInt16> {
    try PictureDecoder(path: path, limit: limit).picture(CI_PNG_DEEP)
  }

  /// The ends of the names of files that this module reads.
  public static let extensions = ["png", "jpg", "jpeg"]

  /// Whether a file's name says that it is a picture this module reads.
  public static func isPicture(_ name: String) -> Bool {
    extensions.contains(URL(filePath: name).pathExtension.lowercased())
  }

  private static let otherExtensions: Set<String> = [
    "avif", "bmp", "gif", "heic", "heif", "jfif", "jp2", "jpe", "pgm", "pnm", "ppm", "tga", "tif", "tiff",
    "webp",
  ]

  /// Whether a file's name says that it is a picture, of a format or with an ending that this module does not read.
  static func isOfAnotherFormat(_ name: String) -> Bool {
    otherExtensions.contains(URL(filePath: name).pathExtension.lowercased())
  }

  /// Looks at a file's first and last bytes, as decoding many takes long, and decodes it only where these are not a whole
  /// picture's.
  ///
  /// - Throws: `FileFault` where the file is missing, empty, of another format or cut short. What is damaged inside is not
  ///   found.
  static func glance(at path: String) throws(FileFault) {
    guard !PictureEnds(of: path).areWhole else { return }
    _ = try read(path)
  }
}

/// The first and the last bytes of a file.
private struct PictureEnds {
  private static let pngEnd = Data("IEND".utf8)
  private static let jpegEnd = Data([0xFF, 0xD9])

  private let start, end: Data

  init(of path: String) {
    let file = FileHandle(forReadingAtPath: path)
    start = (try? file?.read(upToCount: 8)) ?? Data()
    let size = (try? file?.seekToEnd()) ?? 0
    try? file?.seek(toOffset: size > 1024 ? size - 1024 : 0)
    end = (try? file?.readToEnd()) ?? Data()
    try? file?.close()
  }

  /// Whether they are those of a PNG or a JPEG with an end.
  var areWhole: Bool {
    PictureDecoder.isPNG(start)
      ? end.range(of: Self.pngEnd) != nil
      : PictureDecoder.isJPEG(start) && end.range(of: Self.jpegEnd) != nil
  }
}

/// One file on its way to a picture.
private struct PictureDecoder {
  let path: String
  let limit: Int

  func picture<Sample>(_ form: ci_png_form) throws(FileFault) -> Picture<Sample> {
    let bytes = try contents()
    var decoded = ci_picture()
    defer { ci_picture_release(&decoded) }
    let status = bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return CI_DAMAGED }
      return Self.isPNG(bytes)
        ? ci_decode_png(start, bytes.count, Int64(limit), form, &decoded)
        : ci_decode_jpeg(start, bytes.count, Int64(limit), &decoded)
    }
    guard status == CI_OK else { throw fault(status, decoded) }
    return Picture(
      height: Int(decoded.height), width: Int(decoded.width), channels: Int(decoded.channels),
      samples: samples(of: decoded))
  }

  private func contents() throws(FileFault) -> Data {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: path))
    } catch {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw FileFault(
        kind: isThere ? .unreadable : .missing, path: path,
        reason: isThere ? "cannot be read" : "there is no such file",
        help: isThere ? "check that it is a file, and its permissions" : "check the name, or leave it out")
    }
    guard Self.isPNG(bytes) || Self.isJPEG(bytes) else {
      throw FileFault(
        path: path, reason: bytes.isEmpty ? "the file is empty" : "it is neither a PNG nor a JPEG",
        help: "convert the picture to PNG or JPEG, or leave it out")
    }
    return bytes
  }

  static func isPNG(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  static func isJPEG(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

  private func samples<Sample: FixedWidthInteger>(of decoded: ci_picture) -> [Sample] {
    let count = Int(decoded.height * decoded.width * decoded.channels)
    guard let start = decoded.samples else { return [] }
    if decoded.bytes_per_sample == 2 {
      let samples = UnsafeRawBufferPointer(start: start, count: 2 * count).bindMemory(to: UInt16.self)
      return samples.map { Sample(truncatingIfNeeded: $0) }
    }
    let samples = UnsafeRawBufferPointer(start: start, count: count)
    // A copy of the memory where the types agree.
    return (Array(samples) as? [Sample]) ?? samples.map { Sample($0) }
  }

  private func fault(_ status: ci_status, _ decoded: ci_picture) -> FileFault {
    let message = withUnsafeBytes(of: decoded.message) { text in
      String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch status {
    case CI_TOO_LARGE:
      return FileFault(
        path: path, reason: "its header promises \(message), above the limit of \(limit) samples",
        help: "make the picture smaller")
    case CI_UNSUPPORTED:
      return FileFault(path: path, reason: "it is \(message)", help: "convert the picture to RGB")
    case CI_OUT_OF_MEMORY:
      return FileFault(
        kind: .unreadable, path: path, reason: "no memory is left to decode it", help: "free some memory")
    default:
      return FileFault(
        path: path, reason: "the picture is damaged (\(message))", help: "get the file again, or leave it out"
      )
    }
  }
}
