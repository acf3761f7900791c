public import Torch
public import TorchNN
import Truce

/// The gradients of K tasks on S samples each, with respect to some parameters, for the price of K backward
/// passes whatever S.
///
/// What a linear map, a convolution or a normalisation takes in and the gradient of what it gives out tell the
/// gradient of its parameters for every sample at once: for a linear map the outer products
/// `dₖₛ ⊗ aₛ`, for a convolution the same with the image unfolded under the kernel, for a normalisation the
/// products with the normalised input. The outputs' gradients come from one pass for each task, backwards from
/// the sum of the samples' losses, which stops at the lowest of the layers asked about. A parameter that several
/// calls use, in one layer or in several, has the sum over the calls.
///
/// The samples must not meet on their way: normalisations in evaluation, no statistics of the batch. A layer may
/// see a sample in several rows, such as the crops of an image, if they lie side by side.
///
/// ```swift
/// let tape = ActivationTape()
/// let outputs = network.evaluating { network.recording(on: tape) { network(images) } }
/// let gradients = try SampleGradients(
///   tape: tape, losses: lossesBySample(outputs), of: network.sharedParameters)
/// let gramian = try gradients.gramian()
/// ```
///
/// - Source: I. Goodfellow, "Efficient Per-Example Gradient Computations", 2015, arXiv 1510.01799, for linear
///   maps; G. Rochette, A. Manoel, E. Tramel, "Efficient Per-Example Gradient Computations in Convolutional
///   Neural Networks", 2019, arXiv 1912.06015, for convolutions.
public struct SampleGradients {
  let parameters: [ParameterGradient]
  private let taskCount: Int
  private let isPresent: [Bool]

  /// Runs the K passes and keeps the outputs' gradients: as much memory as K times the recorded outputs.
  ///
  /// - Parameters:
  ///   - tape: The calls of the forward pass from which the losses were computed.
  ///   - losses: For each task the scalar loss of each sample by itself; nil where it has no label. The
  ///     recording for differentiation is used up.
  ///   - parameters: With respect to what, under the names that errors use.
  ///   - checksSamples: Whether one more pass, from the first loss alone, makes sure that it depends on no other
  ///     sample.
  /// - Throws: ``SampleGradientError``, or `TorchError` where nothing was recorded or memory runs out.
  /// - Complexity: K backward passes without the parameters' part.
  public init(
    tape: ActivationTape, losses: [[Tensor?]], of parameters: NamedTensors, checksSamples: Bool = true
  ) throws {
    let sampleCount = losses.first?.count ?? 0
    precondition(
      sampleCount > 0 && losses.allSatisfy { $0.count == sampleCount }, "every task needs one entry a sample")
    taskCount = losses.count
    isPresent = losses.joined().map { $0 != nil }
    let calls = tape.calls.filter { call in
      parameters.contains { $0.tensor.isParameter(of: call) }
    }
    let sums = losses.map(Self.sum)
    try Self.check(calls, sampleCount: sampleCount)
    try Self.check(parameters, reachedFrom: sums, calls)
    if checksSamples, sampleCount > 1 { try Self.checkIndependence(of: losses, calls) }
    let gradients = try Self.outputGradients(of: sums, calls)
    let layers = zip(calls, gradients).map { LayerGradient(call: $0, outputs: $1, sampleCount: sampleCount) }
    self.parameters = parameters.map { ParameterGradient(name: $0.name, tensor: $0.tensor, layers) }
  }

  /// The gradients of each call's output, by call and task; nil where a task's loss does not depend on it.
  private static func outputGradients(of sums: [Tensor?], _ calls: [LayerCall]) throws -> [[Tensor?]] {
    let last = sums.lastIndex { $0 != nil }
    let byTask = try sums.enumerated().map { task, loss -> [Tensor?] in
      guard let loss, !calls.isEmpty else { return calls.map { _ in nil } }
      return try Autograd.gradients(
        of: [loss], withRespectTo: calls.map(\.output), retainGraph: task != last, allowUnused: true)
    }
    return calls.indices.map { call in byTask.map { $0[call] } }
  }

  private static func sum(_ losses: [Tensor?]) -> Tensor? {
    let present = losses.compactMap { $0 }
    return present.isEmpty ? nil : Tensor.stacked(present).sum()
  }

  // MARK: Checks

  private static func check(_ calls: [LayerCall], sampleCount: Int) throws(SampleGradientError) {
    for call in calls {
      if case .mixedExamples = call.kind { throw .batchStatistics(layer: call.layer) }
      let rows = call.input.shape.first ?? 0
      guard rows.isMultiple(of: sampleCount) else {
        throw .wrongRowCount(layer: call.layer, rows: rows, samples: sampleCount)
      }
    }
  }

  /// Makes sure that no loss depends on a parameter that no call uses.
  private static func check(
    _ parameters: NamedTensors, reachedFrom sums: [Tensor?], _ calls: [LayerCall]
  ) throws {
    let strangers = parameters.filter { parameter in !calls.contains { parameter.tensor.isParameter(of: $0) }
    }
    let reached = try GradientSweep.reached(from: sums, parameters: strangers.map(\.tensor))
    for (position, stranger) in strangers.enumerated() where reached.contains(where: { $0[position] }) {
      throw SampleGradientError.unsupportedParameter(name: stranger.name)
    }
  }

  /// Makes sure that the first loss has no gradient at the rows of other samples.
  private static func checkIndependence(of losses: [[Tensor?]], _ calls: [LayerCall]) throws {
    guard !calls.isEmpty, let task = losses.firstIndex(where: { $0.contains { $0 != nil } }),
      let sample = losses[task].firstIndex(where: { $0 != nil }), let loss = losses[task][sample]
    else { return }
    let gradients = try Autograd.gradients(
      of: [loss], withRespectTo: calls.map(\.output), retainGraph: true, allowUnused: true)
    for (call, gradient) in zip(calls, gradients) {
      guard let gradient else { continue }
      let lengths = gradient.reshaped([losses[task].count, -1]).abs().amax([1]).to(.float64)
      let strangers = lengths.toArray(as: Double.self).enumerated().filter {
        $0.offset != sample && $0.element != 0
      }
      if !strangers.isEmpty { throw SampleGradientError.mixedSamples(layer: call.layer) }
    }
  }
}

extension Tensor {
  /// Whether a layer's call used this tensor as a parameter.
  func isParameter(of call: LayerCall) -> Bool {
    [call.weight, call.bias].contains { $0?.isSame(as: self) ?? false }
  }
}

// MARK: Products

extension SampleGradients {
  /// The memory that temporary tensors may take up, where nothing else is said: 64 MiB.
  public static let usualMemoryLimit = 64 << 20

  /// The products of all pairs of gradients, added up parameter by parameter.
  ///
  /// No gradient is ever held whole. A parameter's gradients for all tasks and samples are made for as many of a
  /// layer's inputs at a time as the limit allows, but for one at least; for a convolution that is K·S times the
  /// outputs times the kernel, and S times one unfolded input channel. Where signs are not counted, the products of
  /// linear maps that are called once come from `(dₖₛ·dₗₜ) (aₛ·aₜ)` alone, and those of convolutions and of maps that
  /// see a sample in several rows from the same summed over all pairs of places, where that is fewer multiplications and
  /// within the limit.
  ///
  /// - Parameters:
  ///   - countsConflicts: Whether the coordinates with opposite signs are counted.
  ///   - memoryLimit: The bytes that temporary tensors may take up.
  /// - Throws: `TorchError` where memory runs out.
  /// - Complexity: O(P S K (S K + positions)) time, where positions is how often a convolution's kernel is
  ///   applied to an image.
  public func gramian(
    countsConflicts: Bool = true, memoryLimit: Int = Self.usualMemoryLimit
  ) throws -> SampleGramian {
    try gramian(of: parameters, countsConflicts: countsConflicts, memoryLimit: memoryLimit)
  }

  /// The products of all pairs of gradients for each layer by itself, in the order of the parameters.
  ///
  /// A layer is what parameters have in common whose names are alike up to the last dot. The layers' products add up to
  /// those of ``gramian(countsConflicts:memoryLimit:)``, at the same cost.
  ///
  /// - Parameters:
  ///   - countsConflicts: Whether the coordinates with opposite signs are counted.
  ///   - memoryLimit: The bytes that temporary tensors may take up.
  /// - Throws: `TorchError` where memory runs out.
  public func gramiansByLayer(
    countsConflicts: Bool = true, memoryLimit: Int = Self.usualMemoryLimit
  ) throws -> [(layer: String, gramian: SampleGramian)] {
    var layers: [(name: Substring, parameters: [ParameterGradient])] = []
    for parameter in parameters {
      let name = GradientGrouping.layer.key(of: parameter.name)
      if let place = layers.firstIndex(where: { $0.name == name }) {
        layers[place].parameters.append(parameter)
      } else {
        layers.append((name, [parameter]))
      }
    }
    return try layers.map { name, parameters in
      (
        String(name),
        try gramian(of: parameters, countsConflicts: countsConflicts, memoryLimit: memoryLimit)
      )
    }
  }

  private func gramian(
    of parameters: [ParameterGradient], countsConflicts: Bool, memoryLimit: Int
  ) throws -> SampleGramian {
    var sums = PairSums(rowCount: isPresent.count, countsConflicts: countsConflicts)
    try withoutGradients {
      for parameter in parameters {
        if !countsConflicts, let products = try parameter.productsOfFactors(within: memoryLimit) {
          sums.add(products)
        } else {
          for range in parameter.pieces(within: memoryLimit) {
            if let rows = parameter.rows(range) { try sums.add(rows: rows) }
          }
        }
      }
    }
    return SampleGramian(
      taskCount: taskCount, parameterCount: parameters.reduce(0) { $0 + $1.count },
      products: sums.products, conflicts: sums.conflicts, isPresent: isPresent)
  }

  /// The gradients with respect to one parameter, [K, S, parameter's shape…], zero for a sample without label;
  /// nil where no parameter has this name.
  ///
  /// - Complexity: K·S times the parameter in memory.
  public func gradients(of name: String) -> Tensor? {
    guard let parameter = parameters.first(where: { $0.name == name }) else { return nil }
    let shape = [taskCount, isPresent.count / taskCount] + parameter.shape
    return withoutGradients { parameter.wholeRows(isPresent.count).reshaped(shape) }
  }
}

/// Sums over coordinates for every pair of rows.
private struct PairSums {
  private(set) var products: [Double]
  private(set) var conflicts: [Double]?
  private let rowCount: Int

  init(rowCount: Int, countsConflicts: Bool) {
    self.rowCount = rowCount
    products = [Double](repeating: 0, count: rowCount * rowCount)
    conflicts = countsConflicts ? products : nil
  }

  mutating func add(_ more: [Double]) {
    for index in products.indices { products[index] += more[index] }
  }

  /// Adds what some columns contribute, rows [K·S, columns].
  mutating func add(rows: Tensor) throws {
    add(try GradientSweep.gramian(of: rows))
    guard var counts = conflicts else { return }
    // A whole number stays exact in single precision while there are fewer than 2²⁴ columns to count.
    let (positive, negative) = (rows.greater(0).to(.float32), rows.less(0).to(.float32))
    let met = positive.matmul(negative.transposed()).toArray(as: Float.self).map(Double.init)
    for a in 0..<rowCount {
      for b in 0..<rowCount { counts[a * rowCount + b] += met[a * rowCount + b] + met[b * rowCount + a] }
    }
    conflicts = counts
  }
}
