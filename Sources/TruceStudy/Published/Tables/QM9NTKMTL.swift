extension PublishedTable {
  /// QM9, eleven targets, tuned anew: batches of 60, patience 10.
  static let qm9NTKMTL = PublishedTable(
    name: "qm9-ntkmtl",
    title: "QM9, eleven targets, tuned anew: batches of 60, patience 10",
    source:
      "X. Qin et al., \"NTKMTL: Mitigating Task Imbalance in Multi-Task Learning from Neural Tangent "
      + "Kernel Perspective\", NeurIPS 2025, arXiv 2510.18258, table of QM9",
    metrics: .qm9,
    baseline: "STL",
    notes: [
      "The usual protocol stops before training has converged; not to be mixed with it."
    ],
    rows: """
      method,μ,α,HOMO,LUMO,⟨R²⟩,ZPVE,U0,U,H,G,cv,MR,Δm
      STL,.060,.156,60.54,51.22,.419,3.08,39.3,42.9,41.7,43.1,.061,,
      NTKMTL-SR,,,,,,,,,,,,4.00,30.7
      FAMO,,,,,,,,,,,,5.91,38.9
      SI,,,,,,,,,,,,5.27,39.7
      GO4Align,,,,,,,,,,,,6.64,40.5
      NTKMTL,,,,,,,,,,,,5.91,56.7
      FairGrad,,,,,,,,,,,,6.64,57.0
      UW,,,,,,,,,,,,,58.4
      Nash-MTL,,,,,,,,,,,,6.91,72.9
      MGDA,,,,,,,,,,,,,101.4
      CAGrad,,,,,,,,,,,,,102.4
      PCGrad,,,,,,,,,,,,,118.6
      DWA,,,,,,,,,,,,,173.0
      LS,,,,,,,,,,,,,179.8
      RLW,,,,,,,,,,,,,222.6
      """)
}
