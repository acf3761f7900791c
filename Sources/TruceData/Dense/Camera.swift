import Foundation
import TruceFiles
import TruceRun

/// A pinhole camera: the point (x, y, z) is seen at the pixel (fx · x / z + cx, fy · y / z + cy).
///
/// x points to the right, y down and z into the scene, in metres. Pixels are counted from the centre of the first one,
/// (0, 0), to the right and down.
public struct Camera: Codable, Equatable, Sendable {
  /// The focal lengths in pixels.
  public let fx, fy: Double
  /// The pixel on the axis.
  public let cx, cy: Double
  /// The picture's size in pixels.
  public let height, width: Int
  /// The axes in words, for who reads the file.
  public let axes: String

  /// Creates a camera.
  public init(fx: Double, fy: Double, cx: Double, cy: Double, height: Int, width: Int) {
    (self.fx, self.fy, self.cx, self.cy) = (fx, fy, cx, cy)
    (self.height, self.width) = (height, width)
    axes =
      "x to the right, y down, z into the scene; normals have unit length and point to the camera's side; "
      + "pixel (0, 0) is the centre of the first one"
  }

  /// The Kinect of NYUv2 at 640 × 480.
  ///
  /// - Source: The toolbox of N. Silberman et al., "Indoor Segmentation and Support Inference from RGBD Images", ECCV
  ///   2012 (`camera_params.m`), whose pixels are counted from 1.
  public static let nyuv2 = Camera(
    fx: 518.857901, fy: 519.469611, cx: 325.582449 - 1, cy: 253.736166 - 1, height: 480, width: 640)

  /// The same camera with a picture of another size.
  public func scaled(toHeight newHeight: Int, width newWidth: Int) -> Camera {
    let (down, across) = (Double(newHeight) / Double(height), Double(newWidth) / Double(width))
    return Camera(
      fx: fx * across, fy: fy * down, cx: (cx + 0.5) * across - 0.5, cy: (cy + 0.5) * down - 0.5,
      height: newHeight, width: newWidth)
  }

  /// The name of the file in a data set's folder.
  public static let fileName = "camera.json"

  /// Writes the file into a data set's folder.
  ///
  /// - Throws: ``DataError/unwritable(path:reason:)``.
  public func write(to folder: String) throws(DataError) {
    try writeRecord(self, to: "\(folder)/\(Self.fileName)")
  }
}

/// Writes a record as JSON, whole or not at all.
func writeRecord(_ record: some Encodable, to path: String) throws(DataError) {
  do {
    try AtomicFile.write(RecordCoding.file(record), to: URL(filePath: path))
  } catch {
    throw .unwritable(path: path, reason: "\(error)")
  }
}
