import TruceRun

extension PublishedTable {
  /// Meta-World MT10 and MT50, share of tasks solved, as the CAGrad paper has it.
  static let metaworldCAGrad = PublishedTable(
    name: "metaworld-cagrad",
    title: "Meta-World MT10 and MT50, share of tasks solved, as the CAGrad paper has it",
    source:
      "B. Liu et al., \"Conflict-Averse Gradient Descent for Multi-task Learning\", NeurIPS 2021, "
      + "arXiv 2110.14048, section 5.4",
    metrics: ["MT10", "MT50"].map { ResultMetric($0, higherIsBetter: true, isOverTasks: true) },
    baseline: "single-task SAC",
    conditions: .ofMTRL,
    notes: [
      "Ten seeds; the best evaluation of the training counts.",
      mtrlNote,
    ],
    rows: """
      method,MT10,MT50
      single-task SAC,.90±.032,.74±.041
      MT-SAC,.49±.073,.36±.013
      MT-SAC + task encoder,.54±.047,.40±.024
      multi-head SAC,.61±.036,.45±.064
      PCGrad,.72±.022,.50±.017
      soft modularization,.73±.043,.50±.035
      CAGrad,.83±.045,.52±.023
      CAGrad-Fast,.82±.039,.50±.016
      CARE,.84±.051,.54±.031
      """)
}
