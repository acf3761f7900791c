import ArgumentParser
import TruceData
import TruceShell

/// `truce data fetch`: gets the original files of a data set.
struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Get the original files of a data set.",
    discussion: """
      Tries the origins of the files in turn and checks the contents' SHA-256. Files that are there and whole \
      are kept, wherever `truce data list` finds them; run the command again to go on with a fetch that was stopped. \
      With --data the files go to that folder even where another one has them.
      """)

  @Argument(help: "A data set or a collection of files; `truce data list` names them.")
  var name: String

  @OptionGroup var data: DataFolderOption

  @Flag(help: "Get files anew that are there already.")
  var force = false

  func run() throws {
    for collection in try DatasetCatalogue.originals(named: name) {
      let folder = try present(collection) ?? fetch(collection)
      print("\(collection.title) is in \(folder)")
    }
  }

  /// The folder that has the files already; nil where they are to be fetched.
  private func present(_ collection: OriginalCollection) -> String? {
    guard !force, data.folder == nil else { return nil }
    let found = collection.status(in: data.folders)
    guard case .ready = found.state else { return nil }
    return found.folder
  }

  private func fetch(_ collection: OriginalCollection) throws -> String {
    let target = data.folder ?? data.folders.target
    if data.folder == nil { Output.note("\(collection.title) goes to \(target)/\(collection.places[0])") }
    return try Fetcher { Output.note($0) }.fetch(collection, into: target, replacing: force)
  }
}
