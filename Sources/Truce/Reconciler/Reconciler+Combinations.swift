extension Reconciler {
  /// Throws where method, weighting and settings do not go together, whatever the tasks.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)``, as ``init(_:weighting:taskCount:settings:seed:)`` does.
  public static func check(
    _ method: AnyMethod, weighting: (any LossWeighting)?, settings: StepSettings
  ) throws(MethodError) {
    if let reason = conflict(method, weighting) ?? conflict(method, settings) {
      throw .notApplicable(method: method.about.name, reason: reason)
    }
  }

  /// Why nothing can stand in front of the method, or nil.
  private static func conflict(_ method: AnyMethod, _ weighting: (any LossWeighting)?) -> String? {
    guard weighting != nil else { return nil }
    if case .lossWeighting = method {
      return "is a loss weighting itself; put the other in front of a gradient method"
    }
    return method.about.needs.contains(.validationBatches)
      ? "learns the weights of the losses; leave the weighting out" : nil
  }

  /// Why the method cannot be used with these settings, or nil.
  private static func conflict(_ method: AnyMethod, _ settings: StepSettings) -> String? {
    let (isGrouped, isOnFeatures) = (settings.grouping != .network, settings.target == .features)
    return switch method {
    case .gramian where isGrouped && isOnFeatures:
      "gradients with respect to the features have one group only"
    case .gramian: nil
    case _ where isGrouped: "can only be applied to the whole network"
    case .lossWeighting where isOnFeatures && !method.about.needs.contains(.gradientNorms):
      "takes one backward pass of the weighted losses; leave gradients: features out"
    case .crossGramian where isOnFeatures:
      "compares two batches, whose features are different tensors; use gradients: parameters"
    case .wholeStep where isOnFeatures: "sets itself what gradients are taken of"
    case .wholeStep where settings.convention != GradientConvention(): "has a scale of its own"
    default: nil
    }
  }
}
