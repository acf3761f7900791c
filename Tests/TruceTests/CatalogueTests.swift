import Foundation
import Testing
import Truce

@Suite("The catalogue and the files agree")
struct CatalogueTests {
  static let abouts = Catalogue.entries.map(\.about)
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The source files of the methods, by the folders of their kinds.
  static let sources: [URL] = {
    let folder = root.appending(path: "Sources/Truce/Methods")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let swift = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    return swift.filter { $0.deletingLastPathComponent().lastPathComponent != "Methods" }
  }()

  @Test func namesAreUnique() {
    #expect(Set(Self.abouts.map(\.name)).count == Self.abouts.count)
    #expect(Set(Self.abouts.map(\.title)).count == Self.abouts.count)
  }

  @Test(arguments: abouts.map(\.name))
  func descriptionIsComplete(_ name: String) throws {
    let about = try Catalogue.entry(named: name).about
    #expect(about.name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil)
    #expect(about.summary.hasSuffix(".") && about.summary.count <= 110, "\(about.summary)")
    #expect(!about.title.isEmpty && !about.formula.isEmpty && !about.state.isEmpty)
    #expect(!about.cost.backwardPasses.isEmpty && !about.cost.memory.isEmpty)
    #expect(about.paper.address.hasPrefix("https://") && about.paper.year >= 1950)
    #expect(!about.paper.authors.isEmpty && !about.paper.title.isEmpty && !about.paper.venue.isEmpty)
    for parameter in about.parameters {
      #expect(parameter.summary.hasSuffix("."), "\(parameter.name)")
      #expect(!parameter.rule.isEmpty && !parameter.type.isEmpty, "\(parameter.name)")
    }
    #expect(Set(about.parameters.map(\.name)).count == about.parameters.count)
  }

  @Test(arguments: abouts.map(\.name))
  func defaultsAreValid(_ name: String) throws {
    let entry = try Catalogue.entry(named: name)
    let defaults = entry.about.parameters.filter { !$0.name.hasSuffix(".*") }
      .compactMap { parameter in parameter.defaultValue.map { (parameter.name, $0) } }
    let method = try entry.makeMethod(options: Dictionary(uniqueKeysWithValues: defaults))
    // A default that is declared is the one that is taken.
    if entry.about.parameters.allSatisfy({ $0.defaultValue != nil || $0.name.hasSuffix(".*") }) {
      #expect("\(method)" == "\(try entry.makeMethod())")
    }
  }

  @Test func everyMethodHasItsFile() throws {
    var named: Set<String> = []
    for file in Self.sources {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151, "\(file)")
      for match in text.matches(of: /^ +name: "([a-z0-9-]+)",$/.anchorsMatchLineEndings()) {
        named.insert(String(match.1))
      }
    }
    #expect(named == Set(Self.abouts.map(\.name)))
  }

  @Test func everyMethodHasItsReferenceValues() throws {
    let folder = try #require(Bundle.module.url(forResource: "ReferenceValues", withExtension: nil))
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let recorded = Set(files.map { $0.deletingPathExtension().lastPathComponent })
    // Rules inside the training step need an engine; their values may lie with its tests.
    let expected = Set(Self.abouts.filter { $0.kind != .wholeStep }.map(\.name))
    #expect(expected.isSubset(of: recorded), "\(expected.subtracting(recorded))")
    let known = Set(Self.abouts.map(\.name)).union(["README", "matrices", "loss-weightings"])
    #expect(recorded.isSubset(of: known), "\(recorded.subtracting(known))")
  }

  @Test func aMistypedNameGetsTheClosestOne() {
    let error = #expect(throws: MethodError.self) { try Catalogue.method(named: "cagard") }
    #expect(error?.description == "unknown method 'cagard'")
    #expect(error?.help == "did you mean 'cagrad'? `truce methods` lists them all")
  }
}
