public import TruceOptions

/// What of an MTAN its tasks are said to share, and so what gradient methods act on.
///
/// Public code bases that print rows of one table mean three different sets.
public enum MTANSharing: String, ParameterValue, CaseIterable {
  /// The trunk and the layers that every task's attention goes through: CAGrad's code.
  case sharedLayers = "shared-layers"
  /// Each task's own attention too: FAMO's code, and LibMTL's hard sharing over SegNet-MTAN.
  case allButHeads = "all-but-heads"
  /// The trunk alone: LibMTL's MTAN over residual networks.
  case trunk
}

/// The names of the parameters that MTANs share, or that a task has for itself.
struct MTANParts {
  let sharing: MTANSharing
  let taskNames: [String]

  /// What the names of shared parameters begin with.
  var shared: [String] {
    switch sharing {
    case .sharedLayers: ["trunk", "between"]
    case .allButHeads: ["trunk", "between", "attention"]
    case .trunk: ["trunk"]
    }
  }

  /// What the names of the parameters begin with that a task's loss trains and a gradient method does not see.
  ///
  /// Where the layers between the levels are not shared, the losses of all tasks are added up there.
  func own(_ task: Int) -> [String] {
    let name = taskNames[task]
    switch sharing {
    case .sharedLayers: return ["attention.\(name)", "heads.\(name)"]
    case .allButHeads: return ["heads.\(name)"]
    case .trunk: return ["attention.\(name)", "between", "heads.\(name)"]
    }
  }
}

extension ArchitectureEntry {
  private static let shared = Parameter<MTANSharing>.any(
    "shared", default: .sharedLayers,
    "What gradient methods act on: as CAGrad, as FAMO, or as LibMTL has it.")

  /// The line of the multi-task attention network.
  static let mtan = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "mtan", summary: "one trunk, and for each task an attention to it at every stage",
      parameters: [shared.description] + HeadSettings.parameters, source: "Liu et al. 2019",
      shares: "the trunk, and by choice the attention")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let sharing = try options.value(of: shared)
    let trunk = try request.makeTrunk()
    if let trunk = trunk as? SegNetTrunk {
      let attention = request.tasks.map { _ in SegNetAttention(to: trunk.layout, using: request.generator) }
      let between = SegNetConnections(of: trunk.layout, using: request.generator)
      let heads = try settings.makeHeads(for: request, on: trunk)
      return SegNetMTAN(trunk, attention: attention, between: between, heads: heads, sharing: sharing)
    }
    let staged = try [trunk].staged(for: options.owner, orElse: "segnet")[0]
    let attention = request.tasks.map { _ in StageAttention(to: staged, using: request.generator) }
    let between = (2..<staged.stages.count).map { staged.makeBridge(into: $0, using: request.generator) }
    let heads = try settings.makeHeads(for: request, on: staged)
    return MTAN(staged, attention: attention, between: between, heads: heads, sharing: sharing)
  }
}
