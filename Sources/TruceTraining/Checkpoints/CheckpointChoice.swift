/// Which checkpoint of a run is meant.
public enum CheckpointChoice: Equatable, Sendable {
  /// The last one.
  case last
  /// The one before the last.
  case previous
  /// The one of the best epoch.
  case best
  /// The one whose folder bears this name, such as `last-470`.
  case named(String)

  /// Reads `last`, `previous`, `best` or a folder's name.
  public init(_ text: String) {
    self =
      switch text {
      case "last": .last
      case "previous": .previous
      case "best": .best
      default: .named(text)
      }
  }

  /// The choice as a reader would write it.
  var word: String {
    switch self {
    case .last: "last"
    case .previous: "previous"
    case .best: "best"
    case .named(let name): name
    }
  }
}
