public import Torch
public import TruceData
public import TruceRun

/// A task's answers to some samples as a reader is shown them, labels beside predictions.
///
/// A task of one's own with a number for each pixel says:
///
///     func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
///       .maps(.numbers("height in metres"), labels: target.values, predictions: output)
///     }
public enum ShownAnswers {
  /// Label and prediction of each sample in words.
  case words([PredictionRecord.Answer])
  /// A map for each sample, [B, height, width] or [B, channels, height, width] as the kind says; a label that is not
  /// known is marked in the way of the kind.
  case maps(MapKind, labels: Tensor, predictions: Tensor)
}
