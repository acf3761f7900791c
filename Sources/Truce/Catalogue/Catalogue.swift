/// The methods that can be asked for by name: the built-in ones, and any that a program adds.
///
/// Commands, help, documentation, tables and tests derive from the list of those built in.
///
/// ```swift
/// let catalogue = try Catalogue.builtIn.adding([.gramian(MyMethod.self)])
/// let method = try catalogue.method(named: "my-method", options: ["c": 0.4])
/// ```
public struct Catalogue: Sendable {
  /// The entries, in the order in which tables show them.
  public let entries: [CatalogueEntry]

  /// The methods that come with Truce.
  public static let builtIn = Catalogue(
    entries: lossWeightings + gramianMethods + matrixMethods + crossGramianMethods + wholeStepMethods)

  /// The built-in entries.
  public static var entries: [CatalogueEntry] { builtIn.entries }

  static let lossWeightings: [CatalogueEntry] = [
    .lossWeighting(EqualWeighting.self),
    .lossWeighting(UncertaintyWeighting.self),
    .lossWeighting(OptimalUncertaintyWeighting.self),
    .lossWeighting(SoftOptimalUncertaintyWeighting.self),
    .lossWeighting(ConstantWeighting.self),
    .lossWeighting(ScaleInvariantWeighting.self),
    .lossWeighting(GeometricLossStrategy.self),
    .lossWeighting(RandomLossWeighting.self),
    .lossWeighting(DynamicWeightAverage.self),
    .lossWeighting(IMTLL.self),
    .lossWeighting(STCH.self),
    .lossWeighting(COSMOS.self),
    .lossWeighting(PBI.self),
    .lossWeighting(FAMO.self),
    .lossWeighting(GradNorm.self),
    .lossWeighting(GO4Align.self),
    .lossWeighting(IGBv1.self),
  ]

  static let gramianMethods: [CatalogueEntry] = [
    .gramian(Mean.self),
    .gramian(Sum.self),
    .gramian(MGDA.self),
    .gramian(PCGrad.self),
    .gramian(GradVac.self),
    .gramian(IMTLG.self),
    .gramian(IMTL.self),
    .gramian(CAGrad.self),
    .gramian(CAGradFast.self),
    .gramian(NashMTL.self),
    .gramian(FairGrad.self),
    .gramian(PIVRG.self),
    .gramian(SVFair.self),
    .gramian(AlignedMTL.self),
    .gramian(UPGrad.self),
    .gramian(DualProj.self),
    .gramian(ConFIG.self),
    .gramian(PCD.self),
    .gramian(DiBS.self),
    .gramian(NTKMTL.self),
    .gramian(Krum.self),
    .gramian(CRMOGMOptions.about, make: CRMOGMOptions.method),
  ]

  static let matrixMethods: [CatalogueEntry] = [
    .matrix(GradDrop.self),
    .matrix(TrimmedMean.self),
    .matrix(MoCo.self),
    .matrix(DBMTL.self),
    .matrix(ExcessMTL.self),
    .matrix(SAMGS.self),
  ]

  static let crossGramianMethods: [CatalogueEntry] = [
    .crossGramian(SDMGrad.self),
    .crossGramian(MoDo.self),
  ]

  static let wholeStepMethods: [CatalogueEntry] = [
    .wholeStep(AdaTask.self),
    .wholeStep(MTLIO.self),
    .wholeStep(RotoGrad.self),
    .wholeStep(AutoLambda.self),
    .wholeStep(MOML.self),
    .wholeStep(FORUM.self),
  ]
}

// MARK: Asking and adding

extension Catalogue {
  /// Returns a catalogue with more methods, behind those that are there.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where a name is taken.
  public func adding(_ more: [CatalogueEntry]) throws(MethodError) -> Catalogue {
    var all = entries
    for entry in more {
      guard !all.contains(where: { $0.about.name == entry.about.name }) else {
        throw .notApplicable(method: entry.about.name, reason: "there is a method of this name already")
      }
      all.append(entry)
    }
    return Catalogue(entries: all)
  }

  /// Returns the entry with this name.
  ///
  /// - Throws: ``MethodError/unknownMethod(name:closest:)`` with the closest known name.
  public func entry(named name: String) throws(MethodError) -> CatalogueEntry {
    if let entry = entries.first(where: { $0.about.name == name }) { return entry }
    throw .unknownMethod(name: name, closest: closestName(to: name, among: entries.map(\.about.name)))
  }

  /// Creates the method with this name and these options.
  ///
  /// - Throws: ``MethodError`` where the name or an option is unknown or breaks its rule.
  public func method(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(MethodError) -> AnyMethod {
    try entry(named: name).makeMethod(options: options)
  }

  /// Creates the loss weighting with this name and these options.
  ///
  /// - Throws: ``MethodError``, also where the name is that of another kind of method.
  public func weighting(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(MethodError) -> any LossWeighting {
    guard case .lossWeighting(let weighting) = try method(named: name, options: options) else {
      throw .notApplicable(method: name, reason: "only a loss weighting can stand in front of a method")
    }
    return weighting
  }

  /// Returns the built-in entry with this name.
  ///
  /// - Throws: ``MethodError/unknownMethod(name:closest:)`` with the closest known name.
  public static func entry(named name: String) throws(MethodError) -> CatalogueEntry {
    try builtIn.entry(named: name)
  }

  /// Creates the built-in method with this name and these options.
  ///
  /// - Throws: ``MethodError`` where the name or an option is unknown or breaks its rule.
  public static func method(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(MethodError) -> AnyMethod {
    try builtIn.method(named: name, options: options)
  }

  /// Creates the built-in loss weighting with this name and these options.
  ///
  /// - Throws: ``MethodError``, also where the name is that of another kind of method.
  public static func weighting(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(MethodError) -> any LossWeighting {
    try builtIn.weighting(named: name, options: options)
  }
}
