import Testing
import Truce
import TruceEngineCLI
import TruceOptions
import TruceTraining

@Suite("The forms of options")
struct ParameterFormTests {
  /// Every option of every catalogue, with where it stands.
  private static func all() throws -> [(place: String, parameter: ParameterDescription)] {
    let about = try Catalogues.builtIn().descriptions
    let entries: [any EntryDescription] =
      about.problems + about.trunks + about.architectures + about.agents + about.metrics
    let further =
      about.optimizers.map { ($0.name, $0.parameters) } + about.schedules.map { ($0.name, $0.parameters) }
      + Catalogue.entries.map(\.about).map { ($0.name, $0.parameters) }
    return (entries.map { ($0.name, $0.parameters) } + further).flatMap { name, parameters in
      parameters.map { ("\(name).\($0.name)", $0) }
    }
  }

  @Test("accept the options' defaults, so that a default can also be written down")
  func defaults() throws {
    let refused = try Self.all().filter { _, parameter in
      guard let value = parameter.defaultValue, let form = parameter.form else { return false }
      return !form.accepts(value)
    }
    #expect(refused.map(\.place) == [])
  }
}
