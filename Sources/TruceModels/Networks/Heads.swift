import Torch
import TorchNN
import TruceOptions

/// How an architecture makes the layers that only one task trains.
struct HeadSettings {
  private static let widths = Parameter<[Int]>.widths(
    "head_widths", default: [], "The widths of hidden layers in each task's head; none for one linear map.")
  private static let activation = Parameter<Activation>.any(
    "head_activation", default: .relu, "What stands behind each hidden layer of a head.")

  static let parameters = [widths.description, activation.description]

  private let owner: String
  private let widths: [Int]
  private let activation: Activation

  init(_ options: Options) throws {
    owner = options.owner
    widths = try options.value(of: Self.widths)
    activation = try options.value(of: Self.activation)
  }

  /// The head of one task on a trunk's features.
  ///
  /// - Throws: ``NetworkError`` where there is no such head.
  func makeHead(of task: NetworkTask, on trunk: any Trunk, using generator: Generator) throws -> any Layer {
    guard trunk.featureShapes.count == 1, case .vector(let inputs) = trunk.featureShapes[0] else {
      throw NetworkError.unsuitable(
        reason: "\(owner) makes heads for one vector of features, and the trunk gives \(trunk.featureShapes)",
        help: "choose a trunk that gives a vector; `truce trunks` says what each gives")
    }
    guard case .vector(let outputs) = task.output else {
      throw NetworkError.unsuitable(
        reason: "\(owner) gives each task a vector, and '\(task.name)' wants a number for each pixel",
        help: "choose tasks that want a vector; `truce architectures` lists the architectures")
    }
    guard let width = widths.last else { return Linear(inputs, outputs, using: generator) }
    let hidden = Sequential.perceptron([inputs] + widths, activation, using: generator)
    return Sequential(hidden, Linear(width, outputs, using: generator))
  }
}
