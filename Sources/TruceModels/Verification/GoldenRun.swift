import Foundation
import Torch
import TorchNN

/// One case, computed here and compared with what was recorded.
struct GoldenRun {
  private let file: GoldenNetworkFile
  private let recorded: GoldenNetworkCase
  private let precision: DType
  private let subject: GoldenSubject
  private let network: any MultiTaskNetwork
  private let tensors: GoldenTensors
  private let labels: GoldenLabels

  /// - Throws: ``VerificationError`` where Truce has no such network.
  init(_ file: GoldenNetworkFile, _ recorded: GoldenNetworkCase, _ precision: DType) throws {
    self.file = file
    self.recorded = recorded
    self.precision = precision
    subject = try GoldenSubject(file, width: recorded.divisor)
    network = try subject.makeNetwork(height: recorded.height, width: recorded.width)
    try network.convert(to: precision)
    tensors = try GoldenTensors(file, network, tasks: subject.tasks.map(\.name))
    tensors.fill(seed: recorded.seed, gain: file.gain)
    labels = GoldenLabels(recorded, isCityscapes: file.network.contains("cityscapes"))
  }

  /// Takes the training step, looks at the statistics, and evaluates.
  func comparison() throws -> GoldenComparison {
    var found: [GoldenDeviation] = []
    network.setTraining(true)
    let trained = walk()
    found += compare(trained, with: recorded.train, "training")
    found += try compareGradients(of: trained)
    found += compareStatistics()
    network.setTraining(false)
    found += compare(withoutGradients { walk() }, with: recorded.eval, "evaluation")
    let channels = recorded.divisor > 1 ? "channels/\(recorded.divisor), " : ""
    return GoldenComparison(
      title: "\(channels)\(recorded.batch)×\(recorded.height)×\(recorded.width), \(precision)",
      deviations: found)
  }

  // MARK: Outputs and losses

  private struct Walk {
    var outputs: [String: Tensor] = [:]
    var losses: [Tensor] = []
    var penalties: [Tensor] = []
  }

  private func walk() -> Walk {
    let raw = network(NetworkInput(labels.image.to(precision)))
    let start = Walk(penalties: raw.penalties.compactMap { $0 })
    return subject.tasks.indices.reduce(into: start) { walk, position in
      let task = subject.tasks[position]
      let shown = finished(raw[position], of: task)
      walk.losses.append(labels.loss(of: task, at: position, shown))
      walk.outputs[task.name] = subject.kind == .smallMaps ? raw[position] : shown
    }
  }

  /// An output as losses take it, a map in the size of the picture.
  private func finished(_ output: Tensor, of task: NetworkTask) -> Tensor {
    let full = Extent(recorded.height, recorded.width)
    let map =
      subject.kind == .smallMaps ? output.interpolated(to: full, .bilinear(alignCorners: true)) : output
    switch task.name {
    case "segmentation": return map.logSoftmax(1)
    case "normal": return map.unitVectors()
    default: return subject.kind == .attributes ? map.sigmoid() : map
    }
  }

  private func compare(
    _ walk: Walk, with pass: GoldenNetworkCase.Pass, _ mode: String
  ) -> [GoldenDeviation] {
    let outputs = subject.tasks.compactMap { task -> GoldenDeviation? in
      guard let recorded = pass.outputs[task.name], let output = walk.outputs[task.name] else { return nil }
      return GoldenDeviation(
        what: "\(mode): output of \(task.name)", deviation: recorded.distance(to: output),
        tolerance: outputTolerance + recorded.rounding)
    }
    let losses = zip(subject.tasks, walk.losses).map { task, loss in
      let expected = pass.losses[task.name] ?? .nan
      return GoldenDeviation(
        what: "\(mode): loss of \(task.name)",
        deviation: distance(loss.item(), expected, scale: max(1, abs(expected))), tolerance: lossTolerance)
    }
    return outputs + losses
  }

  // MARK: Gradients

  private func compareGradients(of walk: Walk) throws -> [GoldenDeviation] {
    var found: [GoldenDeviation] = []
    let all = try gradients(of: walk.losses, withRespectTo: tensors.pairs.map(\.tensor))
    for (block, expected) in (recorded.train.gradientNorms ?? [:]).sorted(by: { $0.key < $1.key }) {
      found.append(
        GoldenDeviation(
          what: "training: gradient of \(block)",
          deviation: distance(norm(ofBlock: block, all), expected, scale: expected > 0 ? expected : 1),
          tolerance: gradientTolerance))
    }
    found += try compareRegularizer(walk.penalties)
    if let gramian = recorded.train.gramian { found.append(try compare(gramian, walk.losses)) }
    return found
  }

  private func gradients(of losses: [Tensor], withRespectTo inputs: [Tensor]) throws -> [Tensor?] {
    try Autograd.gradients(of: losses, withRespectTo: inputs, retainGraph: true, allowUnused: true)
  }

  private func norm(ofBlock block: String, _ gradients: [Tensor?]) -> Double {
    let squares = zip(tensors.pairs, gradients).map { pair, gradient in
      pair.entry.belongs(to: block) ? gradient?.to(.float64).square().sum().item() ?? 0 : 0
    }
    return squares.reduce(0, +).squareRoot()
  }

  /// The products of the tasks' gradients over what they share, relative to the gradients' lengths.
  private func compare(_ gramian: [[Double]], _ losses: [Tensor]) throws -> GoldenDeviation {
    let shared = tensors.pairs.filter { pair in file.sharedBlocks.contains { pair.entry.belongs(to: $0) } }
    let rows = try losses.map { try gradients(of: [$0], withRespectTo: shared.map(\.tensor)) }
    var worst = 0.0
    for (one, row) in gramian.enumerated() {
      for (other, expected) in row.enumerated() {
        let scale = (gramian[one][one] * gramian[other][other]).squareRoot()
        let product = zip(rows[one], rows[other]).reduce(0) { sum, pair in
          guard let a = pair.0, let b = pair.1 else { return sum }
          return sum + (a.to(.float64) * b.to(.float64)).sum().item()
        }
        worst = max(worst, distance(product, expected, scale: scale))
      }
    }
    return GoldenDeviation(what: "training: shared Gramian", deviation: worst, tolerance: gradientTolerance)
  }

  /// The gradient that a network's own penalty adds.
  private func compareRegularizer(_ penalties: [Tensor]) throws -> [GoldenDeviation] {
    guard let recordedNorms = recorded.train.regularizerNorms else { return [] }
    let found = try gradients(of: penalties, withRespectTo: tensors.pairs.map(\.tensor))
    return recordedNorms.sorted { $0.key < $1.key }.map { block, expected in
      GoldenDeviation(
        what: "training: penalty's gradient of \(block)",
        deviation: distance(norm(ofBlock: block, found), expected, scale: expected),
        tolerance: gradientTolerance)
    }
  }

  // MARK: Statistics

  private func compareStatistics() -> [GoldenDeviation] {
    guard let expected = recorded.after else { return [] }
    let buffers = network.buffers
    func sum(_ suffix: String) -> Double {
      buffers.filter { $0.name.hasSuffix(suffix) }.reduce(0) { $0 + $1.tensor.to(.float64).sum().item() }
    }
    let counts = buffers.filter { $0.name.hasSuffix("num_batches_tracked") }.map {
      "\($0.tensor.integerItem())"
    }
    let updates = Dictionary(grouping: counts) { $0 }.mapValues(\.count)
    return [
      ("running means", sum("running_mean"), expected.meanSum),
      ("running variances", sum("running_var"), expected.varianceSum),
    ].map { name, value, recorded in
      GoldenDeviation(
        what: "after it: \(name)", deviation: distance(value, recorded, scale: max(1, abs(recorded))),
        tolerance: outputTolerance)
    } + [
      GoldenDeviation(
        what: "after it: updates of the statistics", deviation: updates == expected.updates ? 0 : .infinity,
        tolerance: 0)
    ]
  }

  // MARK: Tolerances

  private var outputTolerance: Double { tolerance(recorded.deviation?.outputs) }
  private var lossTolerance: Double { tolerance(recorded.deviation?.losses) }
  private var gradientTolerance: Double { tolerance(recorded.deviation?.gradients) }

  /// 1e-7 in float64; in float32 1e-4, or ten times what the published network itself is off.
  private func tolerance(_ published: Double?) -> Double {
    precision == .float64 ? 1e-7 : max(1e-4, 10 * (published ?? 0))
  }

  private func distance(_ value: Double, _ expected: Double, scale: Double) -> Double {
    let distance = abs(value - expected) / scale
    return distance.isNaN ? .infinity : distance
  }
}

extension GoldenNetworkCase.Output {
  /// The largest distance of what is kept of an output, relative to the standard deviation.
  func distance(to output: Tensor) -> Double {
    guard output.shape == shape else { return .infinity }
    let values = output.detached().to(.float64).flattened()
    let pairs = [
      (values.mean().item(), mean), (values.standardDeviation(correction: 0).item(), std),
      (values.amin().item(), min), (values.amax().item(), max),
    ]
    let elements = values.toArray(as: Double.self)
    let sampled = samples.map {
      (elements.indices.contains($0.position) ? elements[$0.position] : .nan, $0.value)
    }
    let distances = (pairs + sampled).map { abs($0 - $1) / std }
    return distances.contains(where: \.isNaN) ? .infinity : distances.max() ?? 0
  }

  /// Half of the last of the nine digits with which the largest value is written, relative to the standard deviation.
  ///
  /// Where an output hardly varies, this is not little.
  var rounding: Double {
    let largest = Swift.max(abs(min), abs(max))
    return largest > 0 ? 0.5 * pow(10, floor(log10(largest)) - 8) / std : 0
  }
}
