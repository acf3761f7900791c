import Foundation
public import TruceFiles
import TruceOptions

/// Reference values of metrics and comparisons, computed elsewhere, in a JSON file: inputs and what is expected of them.
///
/// The file has any of the sections `segmentation`, `depth`, `normals`, `attributes`, `values`, `delta` and `mean_rank`;
/// `provenance` may say where the numbers come from. `null` stands for a value that is not a number
/// or not finite, and for one that cannot be given.
public struct MetricReferences: Sendable {
  private struct Sections: Decodable, Sendable {
    var segmentation: [SegmentationReference]?
    var depth: [DepthReference]?
    var normals: [NormalReference]?
    var attributes: [AttributeReference]?
    var values: ValueReference?
    var delta: [DeltaReference]?
    var meanRank: [RankReference]?
  }

  private static let keys = [
    "segmentation", "depth", "normals", "attributes", "values", "delta", "mean_rank", "provenance",
  ]

  private let sections: Sections

  /// Reads a file.
  ///
  /// - Throws: `FileFault` where it cannot be read, is of another form, or contradicts itself.
  public init(contentsOf path: String) throws(FileFault) {
    let data = try Self.bytes(of: path)
    try Self.checkKeys(of: data, path: path)
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      sections = try decoder.decode(Sections.self, from: data)
    } catch {
      throw Self.fault(path, "its values are not as expected: \(Self.words(for: error))")
    }
    for problem in problems { throw Self.fault(path, problem) }
  }

  /// Computes every value and compares it with the expected one.
  public func deviations() -> [MetricDeviation] { cases.flatMap { $0.deviations() } }

  private var problems: [String] { cases.compactMap { $0.problem } }

  private var cases: [any MetricReference] {
    var all: [any MetricReference] = []
    all += sections.segmentation ?? []
    all += sections.depth ?? []
    all += sections.normals ?? []
    all += sections.attributes ?? []
    all += sections.values.map { [$0] } ?? []
    all += sections.delta ?? []
    all += (sections.meanRank ?? []).enumerated().map { place, reference in
      NumberedReference(number: place + 1, reference: reference)
    }
    return all
  }

  // MARK: Reading

  private static func bytes(of path: String) throws(FileFault) -> Data {
    if let data = FileManager.default.contents(atPath: path) { return data }
    let isThere = FileManager.default.fileExists(atPath: path)
    throw FileFault(
      kind: isThere ? .unreadable : .missing, path: path,
      reason: isThere ? "cannot be read" : "there is no such file",
      help: isThere ? "check that it is a file, and its permissions" : "check the path")
  }

  private static func checkKeys(of data: Data, path: String) throws(FileFault) {
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw fault(path, "it is no JSON object")
    }
    for key in object.keys.sorted() where !keys.contains(key) {
      let hint = closestName(to: key, among: keys).map { "; did you mean '\($0)'?" } ?? ""
      throw fault(path, "unknown section '\(key)'\(hint)")
    }
    guard object.keys.contains(where: { $0 != "provenance" }) else {
      throw fault(path, "it has none of the sections \(keys.dropLast().joined(separator: ", "))")
    }
  }

  private static func fault(_ path: String, _ reason: String) -> FileFault {
    FileFault(path: path, reason: reason, help: "correct the file, or leave the section out")
  }

  private static func words(for error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let (context, what) =
      switch error {
      case .keyNotFound(let key, let context): (context, "'\(key.stringValue)' is missing")
      case .valueNotFound(_, let context): (context, "there is no value")
      case .typeMismatch(let type, let context): (context, "there is no \(type)")
      case .dataCorrupted(let context): (context, context.debugDescription)
      @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
      }
    let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return place.isEmpty ? what : "\(place.joined(separator: ".")): \(what)"
  }
}

/// A value that was computed, beside the expected one.
public struct MetricDeviation: Equatable, Sendable {
  /// What was computed, such as `depth/holes/accumulated/absolute`.
  public let name: String
  /// The expected value; nil where none can be given, and no finite number is expected.
  public let expected: Double?
  /// The computed value.
  public let computed: Double
  /// The largest distance that is accepted.
  public let tolerance: Double

  /// The distance of the two; infinite where only one of them is a finite number.
  public var distance: Double {
    guard let expected else { return computed.isFinite ? .infinity : 0 }
    return computed.isNaN ? .infinity : (computed - expected).magnitude
  }

  /// Whether the two agree.
  public var holds: Bool { distance <= tolerance }
}

/// One case of a file: inputs and expected values.
protocol MetricReference: Sendable {
  /// What makes the case unusable; nil for nothing.
  var problem: String? { get }

  /// The computed values beside the expected ones.
  func deviations() -> [MetricDeviation]
}

/// A case without a name of its own.
private struct NumberedReference: MetricReference {
  let number: Int
  let reference: RankReference

  var problem: String? { reference.problem.map { "mean_rank \(number): \($0)" } }

  func deviations() -> [MetricDeviation] { reference.deviations(named: "mean_rank/\(number)") }
}

/// Compares values one by one under names that begin alike.
struct DeviationList {
  let prefix: String
  var tolerance = 1e-9
  private(set) var deviations: [MetricDeviation] = []

  init(_ prefix: String, tolerance: Double = 1e-9) {
    self.prefix = prefix
    self.tolerance = tolerance
  }

  mutating func add(_ name: String, _ expected: Double?, _ computed: Double, tolerance: Double? = nil) {
    deviations.append(
      MetricDeviation(
        name: "\(prefix)/\(name)", expected: expected, computed: computed,
        tolerance: tolerance ?? self.tolerance))
  }

  /// Compares lists, whose lengths must agree too.
  mutating func add(_ name: String, _ expected: [Double?], _ computed: [Double]) {
    if expected.count != computed.count {
      add("\(name)/count", Double(expected.count), Double(computed.count))
    }
    for (place, (value, found)) in zip(expected, computed).enumerated() {
      add("\(name)/\(place)", value, found)
    }
  }
}
