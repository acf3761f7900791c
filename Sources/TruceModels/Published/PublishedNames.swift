/// What the tensors of published networks are called here.
///
/// Knows the state dictionaries of the repositories of CAGrad (SegNet single, split, STAN, MTAN, cross-stitch), LibMTL (all
/// architectures over residual networks, and SegNet-MTAN), FAMO (SegNet split and MTAN, the network for CelebA) and
/// Nash-MTL (the same SegNets, the network for QM9). Inside a trunk or a head the names are the published ones already; what
/// differs is where the parts hang.
public struct PublishedNames: Sendable {
  private let tasks: [String]
  private let hasLevels: Bool
  private let hasPooledHeads: Bool
  private let isSegNetOfLibMTL: Bool
  private let lastBlocks: [String: Int]

  /// Prepares to translate the names of one state dictionary.
  ///
  /// - Parameters:
  ///   - published: All names of the dictionary.
  ///   - tasks: The names of the network's tasks here, in the order of the published network's.
  public init(_ published: [String], tasks: [String]) {
    self.tasks = tasks
    hasLevels = published.contains { $0.hasPrefix("encoder.specific_layer.") }
    // LibMTL's MTAN over a residual network has no decoder in its encoder.
    isSegNetOfLibMTL = published.contains { $0.hasPrefix("encoder.decoder_att.") }
    hasPooledHeads = !published.contains {
      let parts = $0.split(separator: ".")
      return parts.first == "decoders" && parts.count > 3 && parts[2] == "0"
    }
    var last: [String: Int] = [:]
    for name in published {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count > 4, parts[0...1] == ["encoder", "shared_layer"], parts[3] == "0" else { continue }
      last[parts[2]] = max(last[parts[2]] ?? 0, (Int(parts[4]) ?? -1) + 1)
    }
    lastBlocks = last
  }

  /// What a published tensor is called here; nil where no network of Truce has it.
  public func own(_ published: String) -> String? {
    let parts = Self.unwrapped(published).split(separator: ".").map(String.init)[...]
    guard let first = parts.first else { return nil }
    let rest = parts.dropFirst()
    return (cagrad(first, rest) ?? famo(first, rest) ?? nashMTL(first, rest) ?? libMTL(first, rest))?.joined(
      separator: ".")
  }

  /// A name without the wrapper that the repositories of FAMO and Nash-MTL put around SegNet-MTAN.
  static func unwrapped(_ published: String) -> String {
    published.hasPrefix("segnet.") ? String(published.dropFirst("segnet.".count)) : published
  }

  /// The name of the task with this number, written from 0.
  private func task(_ number: String?) -> String? {
    guard let number = number.flatMap({ Int($0) }), tasks.indices.contains(number) else { return nil }
    return tasks[number]
  }

  /// The name of the task with this name.
  private func task(named name: String?) -> String? { name.flatMap { tasks.contains($0) ? $0 : nil } }
}

// MARK: CAGrad

extension PublishedNames {
  private func cagrad(_ first: String, _ rest: ArraySlice<String>) -> [String]? {
    switch first {
    case "encoder_block", "decoder_block", "conv_block_enc", "conv_block_dec": ["trunk", first] + rest
    case "pred_task": task("0").map { ["heads", $0] + rest }
    case "encoder_att", "decoder_att":
      task(rest.first).map { ["attention", $0, Self.half(of: first)] + rest.dropFirst() }
    case "encoder_block_att", "decoder_block_att": ["between", Self.half(of: first)] + rest
    case "cs_unit_encoder", "cs_unit_decoder": ["units", String(first.dropFirst("cs_unit_".count))]
    case "encoder_block_t", "decoder_block_t": column(Self.half(of: first), Array(rest))
    case _ where first.hasPrefix("pred_task"): head(first).map { $0 + rest }
    default: nil
    }
  }

  private func head(_ name: String) -> [String]? {
    Int(name.dropFirst("pred_task".count)).flatMap { task(String($0 - 1)) }.map { ["heads", $0] }
  }

  private static func half(of name: String) -> String { name.hasPrefix("encoder") ? "encoder" : "decoder" }

  /// A cross-stitch SegNet's column: one sequence for a level, which is two lists of blocks here.
  private func column(_ half: String, _ parts: [String]) -> [String]? {
    guard parts.count == 4, let task = task(parts[0]), let level = Int(parts[1]), let place = Int(parts[2])
    else {
      return nil
    }
    let (block, layer) = place.quotientAndRemainder(dividingBy: 3)
    if block == 0 { return ["columns", task, "\(half)_block", parts[1], "\(layer)", parts[3]] }
    let list = half == "encoder" ? "conv_block_enc" : "conv_block_dec"
    let within = level < 2 ? ["\(layer)"] : ["\(block - 1)", "\(layer)"]
    return ["columns", task, list, parts[1]] + within + [parts[3]]
  }
}

// MARK: FAMO

extension PublishedNames {
  private func famo(_ first: String, _ rest: ArraySlice<String>) -> [String]? {
    switch first {
    case "shared_base": ["trunk"] + rest
    case "out_layer": task(rest.first).map { ["heads", $0] + rest.dropFirst() }
    default: nil
    }
  }
}

// MARK: Nash-MTL

extension PublishedNames {
  /// The beginning of the names under which Nash-MTL's network for QM9 saves its heads for the second time.
  static let repeatedHeads = "task_specific."

  private func nashMTL(_ first: String, _ rest: ArraySlice<String>) -> [String]? {
    switch first {
    case "lin0", "lin1", "conv": ["trunk", first] + rest
    // PyTorch's layers of several steps number their cells.
    case "gru", "set2set":
      ["trunk", first] + rest.map { $0.hasSuffix("_l0") ? String($0.dropLast("_l0".count)) : $0 }
    case _ where first.hasPrefix("head_"):
      task(String(first.dropFirst("head_".count))).map { ["heads", $0] + rest }
    default: nil
    }
  }
}

// MARK: LibMTL

extension PublishedNames {
  private func libMTL(_ first: String, _ rest: ArraySlice<String>) -> [String]? {
    switch first {
    // A head that pools is a sequence of pooling, flattening and a linear map, which stands alone here.
    case "decoders": task(named: rest.first).map { ["heads", $0] + rest.dropFirst(hasPooledHeads ? 2 : 1) }
    case "experts_shared": ["shared"] + rest
    case "experts_specific": task(named: rest.first).map { ["own", $0] + rest.dropFirst() }
    case "gate_specific": task(named: rest.first).map { ["gates", $0] + rest.dropFirst(2) }
    case "_z_logits": task(named: rest.first).map { ["selectors", $0, "codes"] + rest.dropFirst() }
    case "_w_logits": task(named: rest.first).map { ["selectors", $0, "shares"] + rest.dropFirst() }
    // Its encoder is CAGrad's network without the heads.
    case "encoder" where isSegNetOfLibMTL: rest.first.flatMap { cagrad($0, rest.dropFirst()) }
    case "encoder": rest.first.flatMap { encoder($0, Array(rest.dropFirst())) }
    default: nil
    }
  }

  private func encoder(_ part: String, _ rest: [String]) -> [String]? {
    switch part {
    case "cross_unit": ["units"]
    case "alpha": ["choices"]
    case "resnet_conv":
      task(named: rest.first).map { ["columns", $0] + Self.level("0", Array(rest.dropFirst())) }
    case "resnet_layer" where rest.count > 2:
      task(rest[1]).map { ["columns", $0] + Self.stage(rest[0]) + rest.dropFirst(2) }
    case "shared_conv": ["trunk"] + Self.level("0", rest)
    case "shared_layer" where hasLevels && rest.count > 2:
      ["shared", rest[1]] + Self.level(rest[0], Array(rest.dropFirst(2)))
    case "shared_layer": sharedLayer(rest)
    case "specific_layer" where rest.count > 3:
      task(named: rest[1]).map { ["own", $0, rest[2]] + Self.level(rest[0], Array(rest.dropFirst(3))) }
    case "gate_specific" where rest.count > 3:
      task(named: rest[0]).map { ["gates", $0, rest[1]] + rest.dropFirst(3) }
    case "encoder_att" where rest.count > 2:
      task(rest[1]).map { ["attention", $0, rest[0]] + rest.dropFirst(2) }
    case "encoder_block_att": ["between"] + rest
    default: ["trunk", part] + rest
    }
  }

  /// A layer of LibMTL's MTAN, cut into its last block and those before.
  private func sharedLayer(_ rest: [String]) -> [String]? {
    guard rest.count > 2 else { return nil }
    if rest[1] == "0" { return ["trunk"] + Self.stage(rest[0]) + rest.dropFirst(2) }
    return lastBlocks[rest[0]].map { ["trunk"] + Self.stage(rest[0]) + ["\($0)"] + rest.dropFirst(2) }
  }

  /// A residual network's stage, written from 0.
  private static func stage(_ number: String) -> [String] { ["layer\((Int(number) ?? 0) + 1)"] }

  /// A part of a residual network whose stem is level 0, a sequence of a convolution and a normalisation.
  private static func level(_ number: String, _ rest: [String]) -> [String] {
    guard number == "0" else { return ["layer" + number] + rest }
    return [rest.first == "0" ? "conv1" : "bn1"] + rest.dropFirst()
  }
}
