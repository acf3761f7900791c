import Foundation
import TruceOptions
public import TruceRun

extension ConfigurationVocabulary {
  /// What the engine beside this program knows, as it stood when both were built.
  ///
  /// `Scripts/generate-docs` writes the file from the engine's catalogues, and checks that it is current.
  public static var truce: ConfigurationVocabulary {
    guard
      let catalogues = try? JSONDecoder().decode(
        CatalogueDescriptions.self, from: Data(engineCatalogues.utf8))
    else { preconditionFailure("EngineCatalogues.swift is not what Scripts/generate-docs writes") }
    return ConfigurationVocabulary(catalogues: catalogues)
  }
}
