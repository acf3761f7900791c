import Foundation
import Testing
import Truce
import TruceTestSupport

/// The recorded results of a gradient method with some options: of one step, or of several in a row.
struct DirectionCase: Decodable, Sendable {
  /// One step.
  struct Step: Decodable, Sendable {
    let matrix: String
    let direction: [Double]
    let losses: [Double]?
    let weights: [Double]?
  }

  let options: [String: OptionValue]
  let dualObjective: Double?
  let steps: [Step]

  enum CodingKeys: String, CodingKey {
    case options, steps
    case dualObjective = "dual_objective"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    options = try container.decodeIfPresent([String: OptionValue].self, forKey: .options) ?? [:]
    dualObjective = try container.decodeIfPresent(Double.self, forKey: .dualObjective)
    // A case of a single step is written without the list.
    let steps = try container.decodeIfPresent([Step].self, forKey: .steps)
    self.steps = try steps ?? [Step(from: decoder)]
  }
}

/// A file of recorded results of one method.
struct DirectionFile: Decodable, Sendable {
  let provenance: String
  let script: String
  let tolerance: Double
  let cases: [DirectionCase]

  static func load(_ name: String) throws -> DirectionFile {
    let file = Bundle.module.url(forResource: "ReferenceValues/\(name)", withExtension: "json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: #require(file)))
  }
}

/// The matrices the recorded results belong to.
enum RecordedMatrices {
  private struct Matrix: Decodable {
    let name: String
    let rows: Int
    let columns: Int
    let values: [Double]
  }

  static let byName: [String: HostRows] = {
    let matrices = (try? ReferenceFile<Matrix>.load("matrices")) ?? []
    return Dictionary(uniqueKeysWithValues: matrices.map { ($0.name, rows(of: $0)) })
  }()

  private static func rows(of matrix: Matrix) -> HostRows {
    HostRows(
      rows: (0..<matrix.rows).map { row in
        HostVector(Array(matrix.values[(row * matrix.columns)..<((row + 1) * matrix.columns)]))
      })
  }
}

/// Starts a Gramian method of the catalogue.
func makeGramianMethod(
  _ name: String, _ options: [String: OptionValue] = [:], taskCount: Int
) throws -> MethodTrial {
  guard case .gramian(let method) = try Catalogue.method(named: name, options: options) else {
    throw MethodError.notApplicable(method: name, reason: "not a Gramian method")
  }
  return try MethodTrial(.gramian(method), taskCount: taskCount)
}

/// Returns the weights of the first step of a Gramian method.
func firstWeights(
  _ name: String, _ options: [String: OptionValue] = [:], gramian: Gramian, losses: [Double]? = nil,
  seed: UInt64 = 0
) throws -> [Double] {
  var trial = try makeGramianMethod(name, options, taskCount: gramian.taskCount)
  var source = RandomSource(seed: seed)
  let context = StepContext(losses: losses ?? [Double](repeating: 1, count: gramian.taskCount))
  return try trial.weights(gramian: gramian, context: context, using: &source)
}

/// The distance between two vectors.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

/// The length of a vector.
func length(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 }.squareRoot() }
