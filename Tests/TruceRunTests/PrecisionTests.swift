import Testing
import Truce
import TruceRun

@Suite("Keys of narrow types")
struct PrecisionTests {
  private func configuration(_ overrides: String...) throws(RunError) -> RunConfiguration {
    try RunConfiguration(overrides: ["problem=multi-mnist", "method=cagrad"] + overrides)
  }

  @Test("are none unless asked for, and come back as they were written")
  func roundTrip() throws {
    let plain = try configuration()
    #expect(plain.autocast == .none && plain.gradientScaling == .none)
    #expect(try plain.scaling == nil)
    let full = try configuration(
      "autocast=float16", "gradient_scaling=dynamic",
      "gradient_scaling_options={initial_scale: 1024, growth_interval: 100}")
    #expect(full.autocast == .float16)
    let expected = try GradientScaling(initialScale: 1024, growthInterval: 100)
    #expect(try full.scaling == expected && expected.growthFactor == 2 && expected.backoffFactor == 0.5)
    #expect(try RunConfiguration(yaml: full.resolvedYAML, file: "run.yaml") == full)
    #expect(RunIdentity(of: full) != RunIdentity(of: try configuration("autocast=float16")))
    let defaults = try GradientScaling()
    #expect(try configuration("gradient_scaling=dynamic").scaling == defaults)
  }

  static let refused: [(keys: [String], reason: String, help: String)] = [
    (
      ["autocast=bfloat16", "precision=float64"],
      "autocast does not apply: it narrows float32, and precision is float64", "leave `autocast` out"
    ),
    (
      ["autocast=quadruple"], "autocast must be one of none, bfloat16, float16, got 'quadruple'",
      "set `autocast` to one of none, bfloat16, float16"
    ),
    (
      ["gradient_scaling_options.initial_scale=8"],
      "gradient_scaling_options does not apply: gradient_scaling is none",
      "leave `gradient_scaling_options` out"
    ),
    (
      ["gradient_scaling=dynamic", "gradient_scaling_options.initial_scale=0.5"],
      "gradient_scaling: initial_scale must be at least 1, in the range of float32, got 0.5", "initial_scale"
    ),
    (
      ["gradient_scaling=dynamic", "gradient_scaling_options.growth_factor=1"],
      "gradient_scaling: growth_factor must be greater than 1, got 1", "growth_factor"
    ),
    (
      ["gradient_scaling=dynamic", "gradient_scaling_options.backoff_factor=1"],
      "gradient_scaling: backoff_factor must be greater than 0 and less than 1, got 1", "backoff_factor"
    ),
    (
      ["gradient_scaling=dynamic", "gradient_scaling_options.growth_interval=0"],
      "gradient_scaling: growth_interval must be a whole number, at least 1, got 0", "growth_interval"
    ),
    (
      ["gradient_scaling=dynamic", "gradient_scaling_options.backof_factor=0.5"],
      "gradient_scaling: unknown option 'backof_factor'", "did you mean 'backoff_factor'?"
    ),
  ]

  @Test("are refused by name where they cannot be", arguments: refused)
  func refusals(keys: [String], reason: String, help: String) {
    let error = #expect(throws: RunError.self) {
      try RunConfiguration(overrides: ["problem=multi-mnist", "method=cagrad"] + keys)
    }
    #expect(error?.description.hasSuffix(reason) == true, "\(error?.description ?? "")")
    #expect(error?.help.contains(help) == true, "\(error?.help ?? "")")
  }
}
