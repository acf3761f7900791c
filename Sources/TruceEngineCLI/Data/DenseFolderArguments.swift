import ArgumentParser
import TruceData
import TruceShell

/// A folder of pictures and maps, and which maps it has.
struct DenseFolderArguments: ParsableArguments {
  @Argument(help: "The folder that holds `train` and `val`.")
  var folder: String

  @Option(help: "Which maps it has: nyuv2, cityscapes or rooms (default: what the folder looks like).")
  var layout: LayoutArgument?

  /// The layout that was asked for, or the one that the folder seems to have.
  var chosenLayout: DenseLayout { layout?.layout ?? DenseFolder.likelyLayout(of: folder) }
}

/// A layout by its name.
struct LayoutArgument: ExpressibleByArgument {
  let layout: DenseLayout

  init?(argument: String) {
    guard let layout = DenseLayout.all.first(where: { $0.name == argument }) else { return nil }
    self.layout = layout
  }

  static var allValueStrings: [String] { DenseLayout.all.map(\.name) }
}
