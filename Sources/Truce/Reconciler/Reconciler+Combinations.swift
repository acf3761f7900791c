extension Reconciler {
  /// Throws where method, weighting and settings do not go together, whatever the tasks.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)``, as ``init(_:weighting:taskCount:settings:seed:)`` does.
  public static func check(
    _ method: AnyMethod, weighting: (any LossWeighting)?, settings: StepSettings
  ) throws(MethodError) {
    let reason = conflict(method, weighting) ?? conflict(method, settings) ?? streamConflict(method, settings)
    if let reason {
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

  /// Why the task gradients cannot be streamed, or nil.
  private static func streamConflict(_ method: AnyMethod, _ settings: StepSettings) -> String? {
    guard settings.memory == .stream else { return nil }
    return switch method {
    case .lossWeighting, .gramian:
      settings.target == .features
        ? "holds gradients of the features only; leave gradient_memory: stream out" : nil
    case .matrix: "reads all gradients coordinate by coordinate; use gradient_memory: rows"
    case .crossGramian: "multiplies the gradients of two batches; use gradient_memory: rows"
    case .wholeStep: "holds gradients in its own way; leave gradient_memory: stream out"
    }
  }
}
