import Torch
import Truce

// The scale of the losses from step to step.

extension MultiTaskStep {
  /// Takes a gradient that is not finite for the scale's doing, whatever the policy, while there is a scale to lower.
  func forgivingScale(of pass: ForwardPass, _ body: () throws -> StepReport) throws -> StepReport {
    do { return try body() } catch let error as MethodError {
      guard pass.isScaled, error.isAboutGradients else { throw error }
      return StepReport(losses: try pass.numbers(), skipReason: error)
    }
  }

  /// Lowers the scale after a step whose gradients were not finite, and counts one that was taken.
  ///
  /// A step that was skipped for a loss says nothing about the scale, nor does one without labels.
  func moveScale(after report: StepReport) {
    guard let scaling = settings.scaling, var state = gradientScale else { return }
    if let reason = report.skipReason {
      if reason.isAboutGradients { scaling.backOff(&state) }
    } else if report.losses.contains(where: { $0 != nil }) {
      scaling.advance(&state)
    }
    gradientScale = state
  }
}
