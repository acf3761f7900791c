extension PublishedTable {
  /// Office-31, three domains, ResNet-18, mean accuracy.
  static let office31 = PublishedTable(
    name: "office-31",
    title: "Office-31, three domains, ResNet-18, mean accuracy",
    source: PublishedSource.office.text,
    metrics: [.accuracy("accuracy")],
    baseline: "STL",
    form: .byTaskHigherIsBetter,
    notes: PublishedSource.office.notes,
    remarks: [
      .deltaM(of: "IGBv2", "the mean accuracy gives +0.66"),
      .deltaM(of: "Nash-MTL", "the mean accuracy gives +0.31"),
      .deltaM(of: "DB-MTL", "the mean accuracy gives +1.14"),
      .deltaM(of: "MGDA", "the mean accuracy gives −0.25"),
      .deltaM(of: "EW", "the mean accuracy gives −0.52"),
    ],
    rows: """
      method,accuracy,Δm
      STL,93.03,
      Rep-MTL,,1.31
      DB-MTL,94.09,1.05
      IGBv2,93.64,.56
      MoCo,93.39,
      Nash-MTL,93.32,.24
      MGDA,92.80,-.27
      UW,92.58,
      GradVac,92.57,
      GradNorm,92.56,
      EW,92.55,-.61
      RLW,92.55,
      GradDrop,92.54,
      IMTL-L,92.50,
      MetaBalance,92.50,
      PCGrad,92.48,
      MTAdam,92.48,
      DWA,92.43,
      Aligned-MTL,92.28,
      IMTL-G,92.20,
      IMTL,92.14,
      CAGrad,92.04,
      GLS,91.59,
      """)
}
