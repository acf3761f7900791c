// The metrics of the papers' tables, with the metrics of Truce's runs that mean the same.

extension [ResultMetric] {
  /// NYUv2's nine: segmentation, depth and surface normals.
  static let nyuv2: [ResultMetric] = [
    .percent("mIoU", of: "segmentation", "mean_iou"),
    .percent("Pix Acc", of: "segmentation", "pixel_accuracy"),
    .error("Abs Err", of: "depth", "absolute_error"),
    .error("Rel Err", of: "depth", "relative_error"),
    .error("Mean", of: "normal", "mean_angle", unit: "°"),
    .error("Median", of: "normal", "median_angle", unit: "°"),
    .percent("11.25", of: "normal", "within_11_25"),
    .percent("22.5", of: "normal", "within_22_5"),
    .percent("30", of: "normal", "within_30"),
  ]

  /// Cityscapes' four: segmentation into seven classes, and inverse depth.
  static let cityscapes: [ResultMetric] = [
    .percent("mIoU", of: "segmentation", "mean_iou"),
    .percent("Pix Acc", of: "segmentation", "pixel_accuracy"),
    .error("Abs Err", of: "depth", "absolute_error"),
    .error("Rel Err", of: "depth", "relative_error"),
  ]

  /// The mean absolute errors of QM9's eleven targets.
  static let qm9: [ResultMetric] = [
    ("μ", "mu", "D"), ("α", "alpha", "a₀³"), ("HOMO", "homo", "meV"), ("LUMO", "lumo", "meV"),
    ("⟨R²⟩", "r2", "a₀²"), ("ZPVE", "zpve", "meV"), ("U0", "u0", "meV"), ("U", "u", "meV"),
    ("H", "h", "meV"), ("G", "g", "meV"), ("cv", "cv", "cal/(mol K)"),
  ].map { ResultMetric.error($0, of: $1, "absolute_error", unit: $2) }
}

extension ResultMetric {
  /// A share that the tables print in percent and runs record as a share.
  fileprivate static func percent(_ name: String, of task: String, _ measured: String) -> ResultMetric {
    ResultMetric(
      name, of: task, higherIsBetter: true, unit: "%",
      measured: Measured(task, measured, factor: 100))
  }

  /// An error that tables and runs give in the same unit.
  fileprivate static func error(
    _ name: String, of task: String, _ measured: String, unit: String? = nil
  ) -> ResultMetric {
    ResultMetric(
      name, of: task, higherIsBetter: false, unit: unit, measured: Measured(task, measured))
  }

  /// An accuracy in percent.
  static func accuracy(_ name: String) -> ResultMetric {
    ResultMetric(name, higherIsBetter: true, unit: "%")
  }
}
