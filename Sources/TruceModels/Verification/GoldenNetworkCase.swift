/// A recorded training step and evaluation whose weights, input and labels come from a formula.
public struct GoldenNetworkCase: Decodable, Sendable {
  /// What the published numbers of channels are divided by.
  public let divisor: Int
  let seed: UInt64
  let batch, height, width: Int
  let train: Pass
  let eval: Pass
  let after: Statistics?
  let deviation: Deviation?

  enum CodingKeys: String, CodingKey {
    case divisor, seed, batch, height, width, train, eval
    case after = "after_one_training_step_forward"
    case deviation = "float32_deviation"
  }

  /// What one walk through the network gave.
  struct Pass: Decodable, Sendable {
    let outputs: [String: Output]
    let losses: [String: Double]
    let gradientNorms: [String: Double]?
    let regularizerNorms: [String: Double]?
    let gramian: [[Double]]?

    enum CodingKeys: String, CodingKey {
      case outputs, losses
      case gradientNorms = "gradient_norms"
      case regularizerNorms = "regulariser_gradient_norms"
      case gramian = "shared_gradient_gramian"
    }
  }

  /// What is kept of an output.
  struct Output: Decodable, Sendable {
    let shape: [Int]
    let mean, std, min, max: Double
    let samples: [Sample]
  }

  /// One element of an output: its position in row-major order, and its value.
  struct Sample: Decodable, Sendable {
    let position: Int
    let value: Double

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      position = try container.decode(Int.self)
      value = try container.decode(Double.self)
    }
  }

  /// What the batch normalisations hold after the training step.
  struct Statistics: Decodable, Sendable {
    let meanSum, varianceSum: Double
    let updates: [String: Int]

    enum CodingKeys: String, CodingKey {
      case meanSum = "running_mean_sum"
      case varianceSum = "running_var_sum"
      case updates = "updates_per_batch_norm"
    }
  }

  /// How far the published network itself is off in float32.
  struct Deviation: Decodable, Sendable {
    let outputs, losses, gradients: Double

    enum CodingKeys: String, CodingKey {
      case losses
      case outputs = "outputs_relative_to_std"
      case gradients = "gradients_relative"
    }
  }
}
