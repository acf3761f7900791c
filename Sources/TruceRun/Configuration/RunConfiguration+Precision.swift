public import Truce

extension RunConfiguration {
  /// How the losses are scaled on their way back; nil where they are not.
  ///
  /// - Throws: `OptionError` where an option is unknown or breaks its rule.
  public var scaling: GradientScaling? {
    get throws(OptionError) {
      gradientScaling == .none ? nil : try GradientScaling(options: gradientScalingOptions)
    }
  }

  /// Refuses keys that do not go together with each other.
  func checkPrecision(against node: ConfigurationNode) throws(RunError) {
    if autocast != .none, precision == .float64 {
      throw .inapplicable(
        try node.place(of: "autocast"), key: "autocast",
        reason: "it narrows float32, and precision is float64")
    }
    if gradientScaling == .none, !gradientScalingOptions.isEmpty {
      throw .inapplicable(
        try node.place(of: "gradient_scaling_options"), key: "gradient_scaling_options",
        reason: "gradient_scaling is none")
    }
    do throws(OptionError) { _ = try scaling } catch {
      throw .invalidEntry(try node.place(of: "gradient_scaling_options"), error)
    }
  }
}
