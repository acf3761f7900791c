import ArgumentParser
import TruceData
import TruceShell

/// A picture's size on the command line, such as `96x128`.
struct PictureSizeArgument: ExpressibleByArgument {
  let height, width: Int

  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
  }

  var defaultValueDescription: String { "\(height)x\(width)" }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x").map { Int($0) }
    guard parts.count == 2, let height = parts[0], let width = parts[1], height > 0, width > 0 else {
      return nil
    }
    (self.height, self.width) = (height, width)
  }
}

/// `truce data prepare nyuv2`.
struct NYUv2Command {
  let from: String
  let output: String
  let size: PictureSizeArgument?
  let force: Bool

  /// The name on the command line.
  static let name = DenseLayout.nyuv2.name

  func run() throws {
    let originals = try NYUv2Originals(in: from, unpackingInto: "\(output)/.unpacked")
    let preparation = NYUv2Preparation(originals, height: size?.height ?? 288, width: size?.width ?? 384)
    let counts = try preparation.run(into: output, replacing: force) { done, total in
      if done % 100 == 0 || done == total { Output.note("\(done) of \(total) examples") }
    }
    let parts = DenseFolder.Part.allCases.map { "\(counts[$0] ?? 0) \($0.rawValue)" }
    print("NYUv2: \(parts.joined(separator: " and ")) examples in \(output)")
  }
}
