/// A point mass and its goal seen from above: the goal a ring, the mass a disk, the origin a cross.
struct PointPicture {
  private static let disk = 0.06
  private static let ring = PointMass.tolerance...(PointMass.tolerance + 0.03)
  private static let cross = 0.01

  /// Where the mass is.
  let position: SIMD2<Double>
  /// Where it is to be.
  let goal: SIMD2<Double>

  /// Draws the square around the origin that holds mass and goal.
  func drawn(_ size: PictureSize) -> EnvironmentPicture {
    let reach = 1.25 * ([goal.x, goal.y, position.x, position.y].map(\.magnitude).max() ?? 1) + Self.disk
    let half = Double(min(size.width, size.height)) / 2
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size.byteCount)
    for line in 0..<size.height {
      for column in 0..<size.width {
        let right = Double(column) + 0.5 - Double(size.width) / 2
        let up = Double(size.height) / 2 - Double(line) - 0.5
        bytes += color(at: reach / half * SIMD2(right, up))
      }
    }
    return EnvironmentPicture(size: size, bytes: bytes)
  }

  private func color(at place: SIMD2<Double>) -> [UInt8] {
    if squaredLength(place - position) <= Self.disk * Self.disk { return [232, 113, 10] }
    if Self.ring.contains(squaredLength(place - goal).squareRoot()) { return [22, 160, 133] }
    return min(place.x.magnitude, place.y.magnitude) < Self.cross ? [220, 220, 220] : [255, 255, 255]
  }
}

extension PointTasks {
  /// The mass and its goal from above.
  public func picture(ofTask task: Int, size: PictureSize) throws -> EnvironmentPicture {
    let (position, goal) = places(ofTask: task)
    return PointPicture(position: position, goal: goal).drawn(size)
  }
}
