import TruceRun

extension PublishedTable {
  /// Meta-World MT10, share of tasks solved.
  static let metaworldMT10 = PublishedTable(
    name: "metaworld-mt10",
    title: "Meta-World MT10, share of tasks solved",
    source:
      "the papers of the methods; NTKMTL's row from arXiv 2510.18258, Nash-MTL's from arXiv "
      + "2202.01017, Table 4",
    metrics: [ResultMetric("success", higherIsBetter: true, isOverTasks: true)],
    baseline: "STL",
    conditions: .ofMTRL,
    notes: [
      "Ten seeds; the best evaluation of the training counts.",
      mtrlNote,
      "FAMO's issue 12 reports that .75 is not reached at one million steps.",
    ],
    rows: """
      method,success
      STL,.90±.03
      Aligned-MTL,.97±.05
      SVFair,.97
      NTKMTL,.96±.03
      PIVRG,.96
      Nash-MTL,.91±.03
      FairGrad,.84±.07
      CARE,.84±.05
      CAGrad,.83±.05
      FAMO,.83±.05
      MoCo,.75±.05
      PCGrad,.72
      multi-head SAC,.61
      MT-SAC,.49
      """)

  /// Under which conditions the papers' agents were tried, in words.
  static let mtrlNote =
    "Measured with \(TrialConditions.ofMTRL.text), in the Metaworld and the simulator of 2020. Numbers measured under other conditions, or "
    + "in Metaworld 2 or 3, cannot stand beside these."
}

extension TrialConditions {
  /// Those of mtrl, the code of the CAGrad paper and of those after it.
  static let ofMTRL = TrialConditions([
    "rewards": "v1", "goals": "1", "observation": "12", TrialConditions.horizon: "150",
  ])
}
