extension PublishedTable {
  /// QM9, eleven targets, as the DB-MTL paper has it.
  static let qm9DBMTL = PublishedTable(
    name: "qm9-db-mtl",
    title: "QM9, eleven targets, as the DB-MTL paper has it",
    source: "B. Lin et al., \"Dual-Balancing for Multi-Task Learning\", arXiv 2308.12029",
    form: .byTaskHigherIsBetter,
    notes: [
      "Δp: by tasks, higher is better."
    ],
    rows: """
      method,Δm
      DB-MTL,-58.10
      Nash-MTL,-73.92
      Aligned-MTL,-80.58
      GLS,-81.16
      CAGrad,-87.25
      UW,-92.35
      MGDA,-103
      IMTL,-104.3
      EW,-146.3
      """)
}
