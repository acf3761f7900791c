import ArgumentParser
import Truce

/// The names of the catalogue, for shells that complete what is typed.
enum MethodNames {
  /// The word that stands for all of them.
  static let all = "all"

  static let completion = CompletionKind.list([all] + Catalogue.entries.map(\.about.name))
}
